// SPDX-License-Identifier: Apache-2.0
// The steps of a tile as the definition has them: step i is additive if i mod gs = 0 or it is the
// last, and then adds what was stored since, and with, the additive step before: no code is left
// out, none is added twice, none is overwritten before. Seen at one step, which may be any.
`default_nettype none
`include "formal.svh"

module apsq_steps_props
  import panacea_pkg::*;
#(
  parameter int StepW = 6  // tiles of fewer than 2^StepW steps
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic [ApsqW-1:0] apsq_i,
  input logic             end_i
);

  logic [1:0]                 bank;
  logic [MaxGs-1:0]           used;
  logic [MaxGs-1:0][ExpW-1:0] exponents;

  apsq_steps i_dut (
    .clk_i,
    .rst_ni,
    .apsq_i,
    .end_i,
    .bank_o(bank),
    .used_o(used),
    .exponents_o(exponents)
  );

  `FORMAL_RESET

  // All steps of a tile agree in `on` and `gs`.
  apsq_t apsq;
  logic  open_q;                      // a tile is under way
  logic [1:0] gs_q;
  assign apsq = apsq_i;
  always_comb assume (apsq_legal(apsq_i) && (!open_q || (apsq.on && apsq.gs == gs_q)));

  logic [StepW-1:0] step_q, nth_q;  // of the tile; the one that is looked at
  logic             live_q;           // its code is stored and not added yet
  logic [1:0]       place_q;          // where
  logic [ExpW-1:0]  exponent_q;
  logic [2:0]       stored_q;         // codes stored and not added yet
  logic [2:0] gs, mod, added;
  logic ends, additive;
  assign gs       = 3'(apsq.gs) + 3'd1;
  assign mod      = 3'(step_q % StepW'(gs));
  assign additive = mod == '0 || apsq.last;
  assign ends     = end_i && apsq.on;
  assign added    = 3'(used[0]) + 3'(used[1]) + 3'(used[2]) + 3'(used[3]);
  always_comb if (ends && !apsq.last) assume (step_q != '1);

  always_ff @(posedge clk_i) begin
    nth_q <= nth_q;
    if (ends) gs_q <= apsq.gs;
    if (!rst_ni) begin
      {open_q, live_q, step_q, stored_q} <= '0;
    end else if (ends) begin
      open_q   <= !apsq.last;
      step_q   <= apsq.last ? '0 : step_q + 1'b1;
      stored_q <= apsq.last ? '0 : additive ? 3'd1 : stored_q + 3'd1;
      live_q   <= !apsq.last && (step_q == nth_q || (live_q && !additive));
      if (step_q == nth_q) begin
        place_q    <= bank;
        exponent_q <= apsq.exponent;
      end
    end
  end

  always_comb
    if (rst_ni) begin
      a_bank : assert (!apsq.on || 3'(bank) == mod);
      a_adds : assert (!apsq.on || added == (additive ? stored_q : 3'd0));
      a_added : assert (!(apsq.on && live_q && additive) || used[place_q]);
      a_exponent : assert (!live_q || exponents[place_q] == exponent_q);
      a_kept : assert (!(ends && live_q && !additive) || bank != place_q);
      inv_open : assert (i_dut.open_q == open_q && open_q == (step_q != '0));
      inv_bank :
      assert (open_q ? 3'(i_dut.bank_q) == 3'(step_q % (StepW'(gs_q) + StepW'(1)))
                               : i_dut.bank_q == '0);
      inv_stored :
      assert (stored_q == (!open_q ? 3'd0 : i_dut.bank_q == '0 ? 3'(gs_q) + 3'd1
                                                                         : 3'(i_dut.bank_q)));
      inv_live : assert (!live_q || (open_q && 3'(place_q) < stored_q && nth_q < step_q));
      c_group : cover (ends && used == 4'b1111 && live_q && nth_q == StepW'(1));
      c_last : cover (ends && apsq.last && used == 4'b0011 && apsq.gs == 2'd2);
      c_single : cover (ends && !apsq.last && used == 4'b0001 && gs == 3'd1 && step_q == StepW'(3));
      c_again : cover (ends && step_q == '0 && place_q != '0);
    end

endmodule

`default_nettype wire
