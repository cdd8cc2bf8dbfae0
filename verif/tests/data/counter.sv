// SPDX-License-Identifier: Apache-2.0
// Counts the cycles of its own clock, modulo Modulus. Smallest top for tests of the runner.
// +fatal and +error raise a failing assertion in the HDL at the tenth cycle.
`default_nettype none

module counter #(
  parameter int Modulus = 16
) (
  output logic [31:0] count_o
);
  logic clk;
  logic [31:0] seed;

  initial begin
    clk = 1'b0;
    count_o = 32'd0;
    if (!$value$plusargs("seed=%d", seed)) seed = 32'd0;
    forever #5 clk = !clk;
  end

  always_ff @(posedge clk) begin
    count_o <= (count_o + 32'd1) % Modulus;
    if (count_o == 32'd10) begin
      if ($test$plusargs("fatal")) $fatal(1, "%m count %0d", count_o);
      if ($test$plusargs("error")) $error("%m count %0d", count_o);
    end
  end
endmodule

`default_nettype wire
