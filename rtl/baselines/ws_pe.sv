// SPDX-License-Identifier: Apache-2.0
// A cell of the weight-stationary array: adds its weight times the passing activation to the
// passing partial sum. With the first activation of a tile it takes a new weight from its bus.
// Activations and their mark move on to the right, partial sums down.
`default_nettype none

module ws_pe
  import dense_pkg::*;
#(
  parameter int SumW = 21
) (
  input  logic               clk_i,
  input  logic               first_i,
  input  logic [WeightW-1:0] bus_i,
  input  logic [ActW-1:0]    x_i,
  input  logic [SumW-1:0]    sum_i,
  output logic               first_o,
  output logic [ActW-1:0]    x_o,
  output logic [SumW-1:0]    sum_o
);

  logic [WeightW-1:0] w_q, w_new;

  assign w_new = first_i ? bus_i : w_q;

  always_ff @(posedge clk_i) begin
    w_q     <= w_new;
    x_o     <= x_i;
    first_o <= first_i;
    sum_o   <= sum_i + SumW'($signed(product(w_new, x_i)));
  end

endmodule

`default_nettype wire
