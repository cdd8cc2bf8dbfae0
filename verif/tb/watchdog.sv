// SPDX-License-Identifier: Apache-2.0
// Ends a simulation that hangs: $fatal when work is pending and nothing moves for as many cycles
// as the plusarg +watchdog=N says (20000 without it).
`default_nettype none

module watchdog (
  input wire logic        clk_i,
  input wire logic        rst_ni,
  input wire logic        pending_i,
  input wire logic        progress_i,
  input wire logic [31:0] open_i
);

  logic [31:0] limit;
  logic [31:0] idle_q;

  initial begin
    idle_q = 32'd0;
    if (!$value$plusargs("watchdog=%d", limit)) limit = 32'd20000;
  end

  always @(posedge clk_i) begin
    if (!rst_ni || !pending_i || progress_i) idle_q <= 32'd0;
    else idle_q <= idle_q + 32'd1;
    if (idle_q == limit) begin
      $fatal(1, "%m: no beat moved for %0d cycles with %0d commands open", limit, open_i);
    end
  end

endmodule

`default_nettype wire
