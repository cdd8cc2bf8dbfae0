// SPDX-License-Identifier: Apache-2.0
// Whatever list comes, legal or not: a decoded position lies in its K-tile, positions ascend
// through the list, and an entry at or past the end is dropped and reported.
`default_nettype none
`include "formal.svh"

module idxd_props
  import panacea_pkg::*;
#(
  parameter int NumEntries = BeatEntries,
  parameter int TileK      = 64,
  localparam int CountW = $clog2(NumEntries + 1) + 1,
  localparam int PosW   = $clog2(TileK)
) (
  input logic                         clk_i,
  input logic                         rst_ni,
  input logic                         valid_i,
  input logic                         last_i,
  input logic [CountW-1:0]            count_i,
  input logic [NumEntries*IndexW-1:0] index_i,
  input logic [PosW:0]                k_len_i
);

  logic [NumEntries-1:0]      valid;
  logic [NumEntries*PosW-1:0] pos;
  logic                       error;

  idxd #(
    .NumEntries(NumEntries),
    .TileK(TileK)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .last_i,
    .count_i,
    .index_i,
    .k_len_i,
    .valid_o(valid),
    .pos_o(pos),
    .error_o(error)
  );

  `FORMAL_RESET

  // The length of the K-tile stays the same through a list.
  logic          open_q;
  logic [PosW:0] k_len_q;
  always_comb begin
    assume (k_len_i != '0 && int'(k_len_i) <= TileK);
    if (open_q) assume (k_len_i == k_len_q);
  end

  // Positions that the list has described when each entry comes, with room to spare.
  localparam int IntW = $clog2(TileK + 1 + NumEntries * 16) + 1;
  logic [IntW-1:0]       next_q;
  logic [IntW-1:0]       at   [NumEntries];
  logic [IntW-1:0]       seen [NumEntries+1];
  logic [NumEntries-1:0] used, over, right, in_tile;
  assign seen[0] = next_q;
  for (genvar e = 0; e < NumEntries; e++) begin : gen_entry
    assign used[e]   = valid_i && e < int'(count_i);
    assign at[e]     = seen[e] + IntW'(index_i[e*IndexW +: IndexW]);
    assign seen[e+1] = used[e] ? at[e] + 1'b1 : seen[e];
    assign over[e]   = used[e] && at[e] >= IntW'(k_len_i);
    assign right[e]  = valid[e] == (used[e] && !over[e])
                       && (!valid[e] || IntW'(pos[e*PosW +: PosW]) == at[e]);
    assign in_tile[e] = !valid[e] || int'(pos[e*PosW +: PosW]) < int'(k_len_i);
  end

  always_ff @(posedge clk_i) begin
    k_len_q <= k_len_i;
    open_q  <= rst_ni && (valid_i ? !last_i : open_q);
    if (!rst_ni || (valid_i && last_i)) next_q <= '0;
    else if (valid_i) next_q <= |over ? IntW'(k_len_i) : seen[NumEntries];
  end

  always_comb
    if (rst_ni) begin
      a_position : assert (&right);
      a_inside : assert (&in_tile);
      a_report : assert (error == (|over || (valid_i && int'(count_i) > NumEntries)));
      inv_next : assert (IntW'(i_dut.next_q) == next_q);
      inv_bound : assert (open_q ? next_q <= IntW'(k_len_q) : next_q == '0);
      c_last : cover (valid_i && last_i && valid[1] && pos[PosW+:PosW] == '1);
      c_over : cover (open_q && error && valid[0]);
    end

endmodule

`default_nettype wire
