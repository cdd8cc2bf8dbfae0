// SPDX-License-Identifier: Apache-2.0
// A cell of the output-stationary array: multiplies what passes and keeps the sum of one output.
// Weights and the marks of the first and last step move on to the right, activations down. The sum
// of a tile shows in the cycle after its last step, zero in all others.
`default_nettype none

module os_pe
  import dense_pkg::*;
(
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  input  logic               first_i,
  input  logic               last_i,
  input  logic [WeightW-1:0] w_i,
  input  logic [ActW-1:0]    x_i,
  output logic               valid_o,
  output logic               first_o,
  output logic               last_o,
  output logic [WeightW-1:0] w_o,
  output logic [ActW-1:0]    x_o,
  output logic [AccW-1:0]    sum_o
);

  logic [AccW-1:0] acc_q;

  assign sum_o = last_o ? acc_q : '0;

  always_ff @(posedge clk_i) begin
    w_o     <= w_i;
    x_o     <= x_i;
    first_o <= first_i;
    if (valid_i) acc_q <= (first_i ? '0 : acc_q) + AccW'($signed(product(w_i, x_i)));
    if (!rst_ni) begin
      valid_o <= 1'b0;
      last_o  <= 1'b0;
    end else begin
      valid_o <= valid_i;
      last_o  <= last_i;
    end
  end

endmodule

`default_nettype wire
