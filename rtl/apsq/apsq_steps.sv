// SPDX-License-Identifier: Apache-2.0
// Walks the steps of an output tile for an apsq_engine: which bank a step's codes go to, and which
// stored codes it adds. Step i goes to bank i mod gs. It is additive if i mod gs = 0 or it is the
// last one, and then adds all that was stored since, and with, the additive step before; the first
// step finds nothing stored. Moves on with `end_i`, the last sums of a command, if it is a step.
`default_nettype none

module apsq_steps
  import panacea_pkg::*;
(
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [ApsqW-1:0]      apsq_i,        // of the command under way
  input  logic                  end_i,
  output logic [1:0]            bank_o,        // where its codes go
  output logic [MaxGs-1:0]      used_o,        // banks whose codes it adds
  output logic [MaxGs*ExpW-1:0] exponents_o    // of the codes in the banks
);

  apsq_t      apsq;
  logic       open_q;                          // not the first step
  logic       step_end;
  logic [1:0] bank_q;

  assign apsq     = apsq_i;
  assign bank_o   = bank_q;
  assign step_end = end_i && apsq.on;

  always_comb begin
    used_o = '0;
    if (open_q && bank_q == '0) used_o = 4'b1111 >> (2'd3 - apsq.gs);
    else if (apsq.last) used_o = ~(4'b1111 << bank_q);
  end

  always_ff @(posedge clk_i) begin
    if (step_end) exponents_o[bank_q*ExpW+:ExpW] <= apsq.exponent;
    if (!rst_ni) begin
      open_q <= 1'b0;
      bank_q <= '0;
    end else if (step_end) begin
      open_q <= !apsq.last;
      bank_q <= (apsq.last || bank_q == apsq.gs) ? '0 : bank_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
