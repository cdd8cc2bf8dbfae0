// SPDX-License-Identifier: Apache-2.0
// CS, the compensator: sums the weight slices that the DWOs have loaded for kept activation
// vectors, w J_U of equation (6), as four small S-ACCs. An operator contributes when its
// activation slice is the HO slice; its weight slice counts 8-fold when it is the HO slice.
// In a pass whose weights count 8-fold the S-ACCs shift the sum; the multiplication by r and the
// shift by l follow once per output block (result_merge). Two cycles from the operands to the
// accumulators, like the products.
`default_nettype none

module compensator
  import panacea_pkg::*;
#(
  parameter int NumOps = 4,
  parameter int TileK  = 64,
  localparam int TermW = SliceW + 3,
  localparam int SumW  = TermW + $clog2(NumOps),
  localparam int AccW  = TermW + $clog2(TileK) + 1,
  localparam int OutW  = AccW + 3
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [NumOps-1:0]      cur_i,     // operator works for the current destination
  input  logic [NumOps-1:0]      nxt_i,     // for the next one
  input  logic [NumOps-1:0]      w_high_i,
  input  logic [NumOps-1:0]      x_high_i,
  input  logic [NumOps*VecW-1:0] w_i,
  input  logic                   flush_i,   // one cycle later than the operands
  input  logic                   up_i,      // with it: the weights count 8-fold
  output logic [VecLen*OutW-1:0] sum_o
);

  logic [VecLen*SumW-1:0] cur_q, nxt_q;

  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    // verilator coverage_off
    logic signed [SumW-1:0] cur_sum [NumOps+1];  // of the first operators; the whole sums count
    logic signed [SumW-1:0] nxt_sum [NumOps+1];
    // verilator coverage_on
    assign cur_sum[0] = '0;
    assign nxt_sum[0] = '0;
    for (genvar o = 0; o < NumOps; o++) begin : gen_op
      logic signed [SumW-1:0] slice, term;
      assign slice = SumW'($signed(w_i[o*VecW+i*SliceW +: SliceW]));
      assign term  = w_high_i[o] ? slice <<< 3 : slice;
      assign cur_sum[o+1] = (cur_i[o] && x_high_i[o]) ? cur_sum[o] + term : cur_sum[o];
      assign nxt_sum[o+1] = (nxt_i[o] && x_high_i[o]) ? nxt_sum[o] + term : nxt_sum[o];
    end
    always_ff @(posedge clk_i) begin
      cur_q[i*SumW +: SumW] <= rst_ni ? cur_sum[NumOps] : '0;
      nxt_q[i*SumW +: SumW] <= rst_ni ? nxt_sum[NumOps] : '0;
    end
  end

  s_acc #(
    .Len(VecLen),
    .InW(SumW),
    .AccW(AccW),
    .ShiftBits(2)
  ) i_s_acc (
    .clk_i,
    .rst_ni,
    .cur_i(cur_q),
    .nxt_i(nxt_q),
    .flush_i,
    .shift_i({2{up_i}}),
    .sum_o
  );

endmodule

`default_nettype wire
