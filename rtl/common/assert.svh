// SPDX-License-Identifier: Apache-2.0
// Checks that fail the run on every simulator ($error alone leaves Icarus green): PANACEA_ASSERT
// in every cycle out of reset, PANACEA_REQUIRE of a module's parameters, once.
`ifndef PANACEA_ASSERT_SVH
`define PANACEA_ASSERT_SVH
`ifdef SYNTHESIS
`define PANACEA_ASSERT(cond, text)
`define PANACEA_REQUIRE(cond, text)
`else
`define PANACEA_ASSERT(cond, text) \
  always @(posedge clk_i) begin \
    if (rst_ni && !(cond)) $fatal(1, "%m: %s", text); \
  end
`define PANACEA_REQUIRE(cond, text) \
  initial if (!(cond)) $fatal(1, "%m: %s", text);
`endif
`endif
