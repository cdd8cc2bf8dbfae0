// SPDX-License-Identifier: Apache-2.0
// Run-length encoder of HO vectors, four positions of a K-tile a cycle. A position is stored
// unless skip_i says that the decoder can fill it in; after 15 skipped ones the next is stored
// all the same. Runs start again after last_i. Stored entries come out one cycle later, packed
// to the lowest places, order kept; a cycle may have none.
`default_nettype none

module rle_encoder
  import panacea_pkg::*;
(
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     valid_i,
  output logic                     ready_o,
  input  logic                     list_i,    // 0: store nothing, the list is empty
  input  logic [VecLen-1:0]        rows_i,    // positions that exist
  input  logic [VecLen-1:0]        skip_i,
  input  logic [QuadW-1:0]         ho_i,
  input  logic                     last_i,    // ends the list
  output logic                     valid_o,
  input  logic                     ready_i,
  output logic                     last_o,
  output logic [2:0]               count_o,   // 0 to 4 entries
  output logic [VecLen*EntryW-1:0] entries_o
);

  logic [IndexW-1:0]        run [VecLen+1];   // skipped positions before each one
  logic [IndexW-1:0]        run_q;
  logic [VecLen-1:0]        stored;
  logic [2:0]               place [VecLen+1];
  logic [VecLen*EntryW-1:0] packed_entries [VecLen+1];
  logic                     take;

  assign ready_o = !valid_o || ready_i;
  assign take    = valid_i && ready_o;

  assign run[0]            = run_q;
  assign place[0]          = '0;
  assign packed_entries[0] = '0;
  for (genvar i = 0; i < VecLen; i++) begin : gen_position
    assign stored[i]  = list_i && rows_i[i] && (!skip_i[i] || run[i] == '1);
    assign run[i+1]   = stored[i] ? '0 : run[i] + 1'b1;
    assign place[i+1] = place[i] + 3'(stored[i]);
    assign packed_entries[i+1] = packed_entries[i]
        | (stored[i] ? (VecLen*EntryW)'({run[i], ho_i[i*VecW +: VecW]}) << (EntryW * place[i])
                     : '0);
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      last_o    <= last_i;
      count_o   <= place[VecLen];
      entries_o <= packed_entries[VecLen];
    end
    if (!rst_ni) begin
      valid_o <= 1'b0;
      run_q   <= '0;
    end else begin
      valid_o <= take || (valid_o && !ready_i);
      if (take) run_q <= last_i ? '0 : run[VecLen];
    end
  end

endmodule

`default_nettype wire
