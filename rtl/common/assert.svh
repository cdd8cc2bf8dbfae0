// SPDX-License-Identifier: Apache-2.0
// Checks that fail the run on every simulator ($error alone leaves Icarus green): PANACEA_ASSERT
// in every cycle out of reset, PANACEA_ALWAYS in every cycle, PANACEA_REQUIRE of a module's
// parameters, once. They are no part of the design: what must never happen in them is no hole in
// its coverage. To formal verification (FORMAL) they are obligations to prove. PANACEA_CHECKS tells
// whether they exist, for what they alone need.
`ifndef PANACEA_ASSERT_SVH
`define PANACEA_ASSERT_SVH
`ifdef FORMAL
`define PANACEA_CHECKS
`define PANACEA_ALWAYS(cond, text) \
  always_comb assert (cond);
`define PANACEA_REQUIRE(cond, text) \
  always_comb assert (cond);
`elsif SYNTHESIS
`define PANACEA_ALWAYS(cond, text)
`define PANACEA_REQUIRE(cond, text)
`else
`define PANACEA_CHECKS
`define PANACEA_ALWAYS(cond, text) \
  /* verilator coverage_off */ \
  always @(posedge clk_i) begin \
    if (!(cond)) $fatal(1, "%m: %s", text); \
  end \
  /* verilator coverage_on */
`define PANACEA_REQUIRE(cond, text) \
  /* verilator coverage_off */ \
  initial if (!(cond)) $fatal(1, "%m: %s", text); \
  /* verilator coverage_on */
`endif
`define PANACEA_ASSERT(cond, text) `PANACEA_ALWAYS(!rst_ni || (cond), text)
`endif
