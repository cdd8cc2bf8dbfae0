// SPDX-License-Identifier: Apache-2.0
// What the run-length encoder writes, the index decoder reads back: any list of any length up to
// TileK round-trips, and the decoder never reads past its end. Every position is looked at when
// its entry leaves the encoder: it is decoded exactly if it was stored, with its own vector, and
// what is not stored may be skipped.
`default_nettype none
`include "formal.svh"

module rle_props
  import panacea_pkg::*;
#(
  parameter int TileK = 64,
  localparam int PosW = $clog2(TileK)
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              valid_i,
  input logic              list_i,
  input logic [PosW:0]     k_len_i,
  input logic [VecLen-1:0] skip_i,
  input logic [QuadW-1:0]  ho_i,
  input logic              ready_i
);

  logic ready, valid, last_out, last, take;
  logic [VecLen-1:0]        rows;
  logic [2:0]               count;
  logic [VecLen*EntryW-1:0] entries;

  rle_encoder i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .list_i,
    .rows_i(rows),
    .skip_i,
    .ho_i,
    .last_i(last),
    .valid_o(valid),
    .ready_i,
    .last_o(last_out),
    .count_o(count),
    .entries_o(entries)
  );

  `FORMAL_RESET

  // The list: four positions a cycle, from 0 to k_len - 1.
  logic [PosW:0] base_q, k_len_q;
  logic list_q;
  assign take = valid_i && ready;
  assign last = int'(base_q) + VecLen >= int'(k_len_i);
  for (genvar i = 0; i < VecLen; i++) begin : gen_rows
    assign rows[i] = int'(base_q) + i < int'(k_len_i);
  end
  always_comb begin
    assume (k_len_i != '0 && int'(k_len_i) <= TileK);
    if (base_q != '0) assume (k_len_i == k_len_q && list_i == list_q);
  end
  always_ff @(posedge clk_i) begin
    if (take) begin
      k_len_q <= k_len_i;
      list_q  <= list_i;
    end
    if (!rst_ni) base_q <= '0;
    else if (take) base_q <= last ? '0 : base_q + (PosW + 1)'(VecLen);
  end

  // The four positions whose entries the encoder's output holds.
  logic [PosW:0] at_q, at_k_len_q;
  logic [VecLen-1:0] at_stored_q, at_skip_q, at_rows_q;
  logic [QuadW-1:0]  at_ho_q;
  logic [4:0]        at_run_q;      // positions skipped at their end
  logic              at_list_q;
  always_ff @(posedge clk_i)
    if (take) begin
      at_q        <= base_q;
      at_k_len_q  <= k_len_i;
      at_stored_q <= i_dut.stored;
      at_skip_q   <= skip_i;
      at_rows_q   <= rows;
      at_ho_q     <= ho_i;
      at_run_q    <= 5'(i_dut.run[VecLen]);
      at_list_q   <= list_i;
    end

  // The decoder.
  logic [VecLen-1:0]        dec_valid;
  logic [VecLen*PosW-1:0]   dec_pos;
  logic                     error;
  logic [VecLen*IndexW-1:0] index;
  for (genvar e = 0; e < VecLen; e++) begin : gen_index
    assign index[e*IndexW+:IndexW] = entries[e*EntryW+VecW+:IndexW];
  end
  idxd #(
    .NumEntries(VecLen),
    .TileK(TileK)
  ) i_decoder (
    .clk_i,
    .rst_ni,
    .valid_i(valid && ready_i),
    .last_i(last_out),
    .count_i({1'b0, count}),
    .index_i(index),
    .k_len_i(at_k_len_q),
    .valid_o(dec_valid),
    .pos_o(dec_pos),
    .error_o(error)
  );

  // Where each entry of the output belongs, whether it is taken now or later.
  localparam int IntW = 9;
  logic [IntW-1:0]   place [VecLen];
  logic [IntW-1:0]   next  [VecLen+1];
  logic [VecLen-1:0] found [VecLen];   // by entry, position
  logic [VecLen-1:0] held, right, decoded, allowed;
  assign next[0] = IntW'(i_decoder.next_q);
  for (genvar e = 0; e < VecLen; e++) begin : gen_entry
    assign place[e]  = next[e] + IntW'(index[e*IndexW +: IndexW]);
    assign next[e+1] = e < int'(count) ? place[e] + 1'b1 : next[e];
    assign held[e]   = e >= int'(count) || found[e] != '0;
    assign decoded[e] = dec_valid[e] == (e < int'(count))
                        && (!dec_valid[e] || IntW'(dec_pos[e*PosW +: PosW]) == place[e]);
    for (genvar i = 0; i < VecLen; i++) begin : gen_position
      assign found[e][i] = e < int'(count) && place[e] == IntW'(at_q) + IntW'(i)
                           && entries[e*EntryW +: VecW] == at_ho_q[i*VecW +: VecW];
    end
  end
  for (genvar i = 0; i < VecLen; i++) begin : gen_lane
    assign right[i]   = at_stored_q[i]
                        == (found[0][i] || found[1][i] || found[2][i] || found[3][i]);
    assign allowed[i] = at_stored_q[i] ? at_rows_q[i]
                                       : !at_rows_q[i] || at_skip_q[i] || !at_list_q;
  end

  always_comb
    if (rst_ni) begin
      a_right : assert (!valid || &right);  // what is stored comes back as it was
      a_nothing : assert (!valid || &held);  // and nothing else
      a_allowed : assert (!valid || &allowed);
      a_decoded : assert (!(valid && ready_i) || &decoded);
      a_inside : assert (!error);
      a_empty : assert (!valid || at_list_q || count == '0);
      inv_count : assert (!valid || count <= 3'(VecLen));
      inv_base : assert (base_q[1:0] == '0 && (base_q == '0 || base_q < k_len_q));
      inv_range : assert (base_q == '0 || (k_len_q != '0 && int'(k_len_q) <= TileK));
      inv_next :
      assert (valid || (base_q == '0 ? next[0] == 0
                                : !list_q ? next[0] == 0
                                : next[0] == IntW'(base_q) - IntW'(i_dut.run_q)));
      inv_run : assert (base_q != '0 || i_dut.run_q == '0);
      inv_less : assert (base_q == '0 || !list_q || int'(i_dut.run_q) <= int'(base_q));
      inv_at :
      assert (!valid || (int'(at_q) < int'(at_k_len_q) && int'(at_k_len_q) <= TileK
                        && at_q[1:0] == '0));
      inv_rows :
      assert (!valid || at_rows_q == {int'(at_q) + 3 < int'(at_k_len_q),
                        int'(at_q) + 2 < int'(at_k_len_q), int'(at_q) + 1 < int'(at_k_len_q),
                        1'b1});
      inv_last : assert (!valid || last_out == (int'(at_q) + VecLen >= int'(at_k_len_q)));
      inv_follow : assert (!valid || base_q == (last_out ? '0 : at_q + (PosW + 1)'(VecLen)));
      inv_same :
      assert (!valid || last_out || (k_len_q == at_k_len_q && list_q == at_list_q
                        && 5'(i_dut.run_q) == at_run_q));
      inv_after :
      assert (!valid || last_out || !at_list_q
                        || next[VecLen] == IntW'(at_q) + IntW'(VecLen) - IntW'(at_run_q));
      inv_none : assert (!valid || at_list_q || next[0] == 0);
      inv_before : assert (!valid || next[0] <= IntW'(at_q));
      c_forced : cover (valid && count == 3'd1 && index[3:0] == '1 && at_skip_q == '1);
      c_full : cover (valid && ready_i && last_out && count == 3'd4 && at_q == (PosW + 1)'(20));
      c_partial : cover (valid && last_out && int'(at_k_len_q) == 7 && count == 3'd2);
    end

endmodule

`default_nettype wire
