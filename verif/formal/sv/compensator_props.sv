// SPDX-License-Identifier: Apache-2.0
// What the compensator adds up in a cycle is, exactly, the weights of the operators that work with
// an HO activation slice, 8-fold for an HO weight slice, apart for the two destinations.
`default_nettype none
`include "formal.svh"

module compensator_props
  import panacea_pkg::*;
#(
  parameter int NumOps = 4,
  parameter int TileK  = 64,
  localparam int SumW = SliceW + 3 + $clog2(NumOps),
  localparam int OutW = SliceW + 3 + $clog2(TileK) + 1 + 3
) (
  input logic                   clk_i,
  input logic                   rst_ni,
  input logic [NumOps-1:0]      cur_i,
  input logic [NumOps-1:0]      nxt_i,
  input logic [NumOps-1:0]      w_high_i,
  input logic [NumOps-1:0]      x_high_i,
  input logic [NumOps*VecW-1:0] w_i,
  input logic                   flush_i,
  input logic                   up_i
);

  logic [VecLen*OutW-1:0] sum;

  compensator #(
    .NumOps(NumOps),
    .TileK(TileK)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cur_i,
    .nxt_i,
    .w_high_i,
    .x_high_i,
    .w_i,
    .flush_i,
    .up_i,
    .sum_o(sum)
  );

  `FORMAL_RESET

  logic [VecLen-1:0] cur_right, nxt_right;
  logic run_q, up_q;
  always_ff @(posedge clk_i) begin
    run_q <= rst_ni;
    up_q  <= up_i;
  end

  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    logic signed [SumW+1:0] cur, nxt, cur_q, nxt_q;
    logic signed [SumW+1:0] term[NumOps];
    for (genvar o = 0; o < NumOps; o++) begin : gen_term
      logic signed [SumW+1:0] slice;
      assign slice   = (SumW+2)'($signed(w_i[o*VecW+i*SliceW +: SliceW]));
      assign term[o] = w_high_i[o] ? slice * (SumW+2)'(8) : slice;
    end
    always_comb begin
      cur = '0;
      nxt = '0;
      for (int o = 0; o < NumOps; o++)
      if (x_high_i[o]) begin
        if (cur_i[o]) cur += term[o];
        if (nxt_i[o]) nxt += term[o];
      end
    end
    always_ff @(posedge clk_i) begin
      cur_q <= cur;
      nxt_q <= nxt;
    end
    assign cur_right[i] = (SumW+2)'($signed(i_dut.cur_q[i*SumW +: SumW])) == cur_q;
    assign nxt_right[i] = (SumW+2)'($signed(i_dut.nxt_q[i*SumW +: SumW])) == nxt_q;
  end

  always_comb
    if (rst_ni) begin
      a_current : assert (!run_q || &cur_right);
      a_next : assert (!run_q || &nxt_right);
      a_shift : assert (i_dut.i_s_acc.shift_i == (up_i ? 2'd3 : 2'd0));
      c_lowest : cover (run_q && gen_row[0].cur_q == -256 && gen_row[1].cur_q == 224);
      c_both : cover (run_q && gen_row[0].cur_q == 5 && gen_row[0].nxt_q == -5);
    end

endmodule

`default_nettype wire
