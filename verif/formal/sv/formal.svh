// SPDX-License-Identifier: Apache-2.0
// What every property module begins with. The first cycle is a reset, as after power-up; a reset
// may come back in any later one.
`ifndef PANACEA_FORMAL_SVH
`define PANACEA_FORMAL_SVH
`define FORMAL_RESET \
  logic begun_q; \
  initial begun_q = 1'b0; \
  always_ff @(posedge clk_i) begun_q <= 1'b1; \
  always_comb if (!begun_q) assume (!rst_ni);
// The same without a later reset, where that would only cost time.
`define FORMAL_ONE_RESET \
  logic begun_q; \
  initial begun_q = 1'b0; \
  always_ff @(posedge clk_i) begun_q <= 1'b1; \
  always_comb assume (rst_ni == begun_q);
`endif
