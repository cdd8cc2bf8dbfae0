// SPDX-License-Identifier: Apache-2.0
// S-ACC is exact: nothing is lost at the top as long as what a destination gets could be TileK
// products of each of three kinds, whatever they are. A kind's products are Unit times Lowest to
// Highest. So the least and the most that a destination can have got stay within TileK times the
// units times Lowest, Highest; how they come by cycles is free. Both destinations of a cycle are
// counted, so the sum that goes on after a flush is covered too.
`default_nettype none
`include "formal.svh"

module s_acc_props #(
  parameter int TileK     = 64,
  parameter int Unit0     = 128,
  parameter int Unit1     = 8,
  parameter int Unit2     = 16,
  parameter int Lowest    = -120,
  parameter int Highest   = 105,
  parameter int InW       = 17,
  parameter int AccW      = 22,
  parameter int ShiftBits = 3,
  localparam int OutW  = AccW + (1 << ShiftBits) - 1,
  localparam int WideW = AccW + 3
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic signed [InW-1:0] cur_i,
  input logic signed [InW-1:0] nxt_i,
  input logic                  flush_i,
  input logic [ShiftBits-1:0]  shift_i,
  input logic signed [WideW-1:0] cur_least_i,   // that the products in cur_i, nxt_i can be,
  input logic signed [WideW-1:0] cur_most_i,    // given how many of each kind they are
  input logic signed [WideW-1:0] nxt_least_i,
  input logic signed [WideW-1:0] nxt_most_i
);

  logic [OutW-1:0] sum;

  s_acc #(
    .Len(1),
    .InW(InW),
    .AccW(AccW),
    .ShiftBits(ShiftBits)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cur_i(cur_i),
    .nxt_i(nxt_i),
    .flush_i,
    .shift_i,
    .sum_o(sum)
  );

  `FORMAL_RESET

  typedef logic signed [WideW-1:0] wide_t;
  localparam int Units = TileK * (Unit0 + Unit1 + Unit2);
  localparam wide_t Least = wide_t'(Lowest * Units);
  localparam wide_t Most = wide_t'(Highest * Units);

  // The current destination so far, and with this cycle's products; what is left after the cycle.
  wide_t acc_q, least_q, most_q, done, done_q, least, most, least_d, most_d;
  int    shift_q;
  logic  flush_q;

  assign done    = acc_q + wide_t'(cur_i);
  assign least   = least_q + cur_least_i;
  assign most    = most_q + cur_most_i;
  assign least_d = flush_i ? nxt_least_i : least + nxt_least_i;
  assign most_d  = flush_i ? nxt_most_i : most + nxt_most_i;

  always_comb begin
    assume (cur_least_i >= Least && cur_least_i <= 0 && cur_most_i >= 0 && cur_most_i <= Most);
    assume (nxt_least_i >= Least && nxt_least_i <= 0 && nxt_most_i >= 0 && nxt_most_i <= Most);
    assume (wide_t'(cur_i) >= cur_least_i && wide_t'(cur_i) <= cur_most_i);
    assume (wide_t'(nxt_i) >= nxt_least_i && wide_t'(nxt_i) <= nxt_most_i);
    assume (least >= Least && most <= Most);
    assume (least_d >= Least && most_d <= Most);
  end

  always_ff @(posedge clk_i) begin
    flush_q <= rst_ni && flush_i;
    shift_q <= int'(shift_i);
    done_q  <= done;
    acc_q   <= !rst_ni ? '0 : flush_i ? wide_t'(nxt_i) : done + wide_t'(nxt_i);
    least_q <= !rst_ni ? '0 : least_d;
    most_q  <= !rst_ni ? '0 : most_d;
  end

  logic signed [OutW+8:0] expected, got;
  assign expected = (OutW+9)'(done_q) <<< shift_q;
  assign got      = (OutW+9)'($signed(sum));

  always_comb
    if (rst_ni) begin
      a_exact : assert (!flush_q || got == expected);
      inv_acc : assert (wide_t'($signed(i_dut.gen_element[0].acc_q)) == acc_q);
      inv_range : assert (acc_q >= least_q && acc_q <= most_q);
      inv_bound : assert (least_q >= Least && least_q <= 0 && most_q >= 0 && most_q <= Most);
      c_two : cover (flush_q && done_q < 0 && acc_q > 0);
      c_extreme :
      cover (flush_q && shift_q == (1 << ShiftBits) - 1 && done_q < wide_t'(Lowest * 20)
                      && least_q == '0);
    end

endmodule

`default_nettype wire
