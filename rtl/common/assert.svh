// SPDX-License-Identifier: Apache-2.0
// A clocked check that fails the run on every simulator: $error alone leaves Icarus green.
`ifndef PANACEA_ASSERT_SVH
`define PANACEA_ASSERT_SVH
`ifdef SYNTHESIS
`define PANACEA_ASSERT(cond, text)
`else
`define PANACEA_ASSERT(cond, text) \
  always @(posedge clk_i) begin \
    if (rst_ni && !(cond)) $fatal(1, "%m: %s", text); \
  end
`endif
`endif
