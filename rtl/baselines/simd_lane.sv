// SPDX-License-Identifier: Apache-2.0
// A lane of the SIMD array: the dot product of four weights and four activations, added up over
// the steps of a tile. Two cycles; `sum_o` holds the tile's sum in the cycle after `last`.
`default_nettype none

module simd_lane
  import dense_pkg::*;
(
  input  logic                       clk_i,
  input  logic                       valid_i,
  input  logic                       first_i,   // a cycle after the operands, like valid_i
  input  logic [WordK*WeightW-1:0]   w_i,
  input  logic [WordK*ActW-1:0]      x_i,
  output logic [AccW-1:0]            sum_o
);

  localparam int DotW = ProdW + 2;

  logic signed [DotW-1:0] dot, dot_q;
  logic [AccW-1:0] acc_q;

  always_comb begin
    dot = '0;
    for (int k = 0; k < WordK; k++)
    dot = dot + DotW'($signed(product(w_i[k*WeightW+:WeightW], x_i[k*ActW+:ActW])));
  end

  assign sum_o = acc_q;

  always_ff @(posedge clk_i) begin
    dot_q <= dot;
    if (valid_i) acc_q <= (first_i ? '0 : acc_q) + AccW'(dot_q);
  end

endmodule

`default_nettype wire
