// SPDX-License-Identifier: Apache-2.0
// Checks that fail the run on every simulator ($error alone leaves Icarus green): PANACEA_ASSERT
// in every cycle out of reset, PANACEA_REQUIRE of a module's parameters, once. They are no part of
// the design: what must never happen in them is no hole in its coverage.
`ifndef PANACEA_ASSERT_SVH
`define PANACEA_ASSERT_SVH
`ifdef SYNTHESIS
`define PANACEA_ASSERT(cond, text)
`define PANACEA_REQUIRE(cond, text)
`else
`define PANACEA_ASSERT(cond, text) \
  /* verilator coverage_off */ \
  always @(posedge clk_i) begin \
    if (rst_ni && !(cond)) $fatal(1, "%m: %s", text); \
  end \
  /* verilator coverage_on */
`define PANACEA_REQUIRE(cond, text) \
  /* verilator coverage_off */ \
  initial if (!(cond)) $fatal(1, "%m: %s", text); \
  /* verilator coverage_on */
`endif
`endif
