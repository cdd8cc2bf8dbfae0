// SPDX-License-Identifier: Apache-2.0
// Adds up, over all PEAs and since reset, what the core says it issues. Eight 40-bit sums,
// lowest first: outer products HH, HL, LH, LL on SWOs (a quad is four products), LL on DWOs,
// then PEA cycles with straddling DWOs, straddling LL quads, and waiting flushes.
`default_nettype none

module event_counter
  import panacea_pkg::*;
#(
  parameter int NumPea = 16
) (
  input  wire logic                                 clk_i,
  input  wire logic                                 rst_ni,
  input  wire logic [NumPea*$bits(pea_event_t)-1:0] event_i,
  output logic [8*40-1:0]                           sums_o
);

  localparam int EventW = $bits(pea_event_t);

  pea_event_t one;
  logic [11:0] hh, hl, lh, ll_swo, ll_dwo, straddle_d, straddle_l, flush_wait;
  integer p;

  initial sums_o = '0;

  // Everything but sums_o is a temporary: blocking, used by this process only.
  always @(posedge clk_i) begin
    {hh, hl, lh, ll_swo, ll_dwo, straddle_d, straddle_l, flush_wait} = '0;
    for (p = 0; p < NumPea; p = p + 1) begin
      one = event_i[p*EventW +: EventW];
      hh = hh + 12'(one.hh);
      hl = hl + 12'(one.hl);
      lh = lh + 12'(one.lh);
      ll_swo = ll_swo + 12'(one.ll_swo);
      ll_dwo = ll_dwo + 12'(one.ll_dwo);
      straddle_d = straddle_d + 12'(one.straddle_d);
      straddle_l = straddle_l + 12'(one.straddle_l);
      flush_wait = flush_wait + 12'(one.flush_wait);
    end
    if (!rst_ni) begin
      sums_o <= '0;
    end else begin
      sums_o[0*40 +: 40] <= sums_o[0*40 +: 40] + 40'(hh);
      sums_o[1*40 +: 40] <= sums_o[1*40 +: 40] + 40'(hl);
      sums_o[2*40 +: 40] <= sums_o[2*40 +: 40] + 40'(lh);
      sums_o[3*40 +: 40] <= sums_o[3*40 +: 40] + (40'(ll_swo) << 2);
      sums_o[4*40 +: 40] <= sums_o[4*40 +: 40] + 40'(ll_dwo);
      sums_o[5*40 +: 40] <= sums_o[5*40 +: 40] + 40'(straddle_d);
      sums_o[6*40 +: 40] <= sums_o[6*40 +: 40] + 40'(straddle_l);
      sums_o[7*40 +: 40] <= sums_o[7*40 +: 40] + 40'(flush_wait);
    end
  end

endmodule

`default_nettype wire
