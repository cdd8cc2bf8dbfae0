// SPDX-License-Identifier: Apache-2.0
// S-ACC, a shift-and-accumulate unit for Len elements.
//
// Operators may work on two destinations (a column group of one weight sub-tile each) in one
// cycle: cur_i belongs to the destination being accumulated, nxt_i to the one after it. flush_i
// ends the current one: its sum, shifted left by shift_i, leaves one cycle later, and
// accumulation goes on with nxt_i. Without flush_i both belong to the same destination.
`default_nettype none

module s_acc
  import panacea_pkg::*;
#(
  parameter int Len       = BlockLen,
  parameter int InW       = 17,
  parameter int AccW      = 22,
  parameter int ShiftBits = ShiftW,
  localparam int OutW = AccW + (1 << ShiftBits) - 1
) (
  input  logic                 clk_i,
  input  logic                 rst_ni,
  input  logic [Len*InW-1:0]   cur_i,
  input  logic [Len*InW-1:0]   nxt_i,
  input  logic                 flush_i,
  input  logic [ShiftBits-1:0] shift_i,
  output logic [Len*OutW-1:0]  sum_o
);

  for (genvar e = 0; e < Len; e++) begin : gen_element
    logic signed [AccW-1:0] acc_q, cur, nxt, sum;
    logic signed [OutW-1:0] wide, sum_q;
    assign cur  = AccW'($signed(cur_i[e*InW +: InW]));
    assign nxt  = AccW'($signed(nxt_i[e*InW +: InW]));
    assign sum  = acc_q + cur;
    assign wide = OutW'(sum);
    always_ff @(posedge clk_i) begin
      if (flush_i) sum_q <= wide <<< shift_i;
      if (!rst_ni) acc_q <= '0;
      else if (flush_i) acc_q <= nxt;
      else acc_q <= sum + nxt;
    end
    assign sum_o[e*OutW+:OutW] = sum_q;
  end

endmodule

`default_nettype wire
