// SPDX-License-Identifier: Apache-2.0
// Every LL quad of every destination is handed out exactly once, none that does not exist, none to
// an operator with other work; and a destination that is ready never waits. Seen at one quad
// number, which may be any; destinations follow each other without end.
`default_nettype none
`include "formal.svh"

module static_scheduler_props
  import panacea_pkg::*;
#(
  parameter int NumSwoQuads = 2,
  parameter int NumDwoQuads = 2,
  parameter int TileK       = 64,
  localparam int SlotW    = 2,
  localparam int NumQuads = NumSwoQuads + NumDwoQuads,
  localparam int QuadA    = $clog2(TileK / 4)
) (
  input logic                   clk_i,
  input logic                   rst_ni,
  input logic                   ready_i,
  input logic                   next_ready_i,
  input logic                   dtp_i,
  input logic [7:0]             quads_i,
  input logic                   next_dtp_i,
  input logic [7:0]             next_quads_i,
  input logic [NumDwoQuads-1:0] dwo_busy_i
);

  group_meta_t meta, next_meta;
  logic [SlotW:0] ptr;
  logic [NumQuads-1:0] valid, nxt;
  logic [NumQuads*QuadA-1:0] quad;
  logic cur_tile, nxt_tile, other_group, flush, group_end;

  always_comb begin
    meta            = '0;
    meta.dtp        = dtp_i;
    meta.quads      = quads_i;
    next_meta       = '0;
    next_meta.dtp   = next_dtp_i;
    next_meta.quads = next_quads_i;
  end

  static_scheduler #(
    .NumSwoQuads(NumSwoQuads),
    .NumDwoQuads(NumDwoQuads),
    .TileK(TileK),
    .SlotW(SlotW)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .ready_i,
    .next_ready_i,
    .meta_i(meta),
    .next_meta_i(next_meta),
    .dwo_busy_i,
    .ptr_o(ptr),
    .valid_o(valid),
    .next_o(nxt),
    .quad_o(quad),
    .cur_tile_o(cur_tile),
    .nxt_tile_o(nxt_tile),
    .nxt_other_group_o(other_group),
    .flush_o(flush),
    .group_end_o(group_end)
  );

  `FORMAL_RESET

  // The group at ptr and the one after it stay what they are until they are released, and stay
  // ready; quads of a group are 1 to TileK / 4.
  logic run_q, ready_q, next_ready_q, dtp_q, next_dtp_q, end_q;
  logic [7:0] quads_q, next_quads_q;
  always_ff @(posedge clk_i) begin
    run_q        <= rst_ni;
    ready_q      <= ready_i;
    next_ready_q <= next_ready_i;
    {dtp_q, quads_q, next_dtp_q, next_quads_q} <= {dtp_i, quads_i, next_dtp_i, next_quads_i};
    end_q        <= group_end;
  end
  always_comb begin
    assume (quads_i != '0 && int'(quads_i) <= TileK / 4);
    assume (next_quads_i != '0 && int'(next_quads_i) <= TileK / 4);
    if (run_q && !end_q && ready_q) assume (ready_i && {dtp_i, quads_i} == {dtp_q, quads_q});
    if (run_q && !end_q && next_ready_q)
      assume (next_ready_i && {next_dtp_i, next_quads_i} == {next_dtp_q, next_quads_q});
    if (run_q && end_q && next_ready_q)
      assume (ready_i && {dtp_i, quads_i} == {next_dtp_q, next_quads_q});
    for (int q = 0; q + 1 < NumDwoQuads; q++) if (dwo_busy_i[q+1]) assume (dwo_busy_i[q]);
  end

  logic [QuadA-1:0]    nth_q;      // any, the same for ever
  logic                done_q;     // that quad of the current destination has been handed out
  logic [NumQuads-1:0] cur_hit, nxt_hit, known, idle;
  int now, later, issued;
  logic [7:0]          following;  // quads of the next destination
  logic                follows;    // it may be worked on

  assign follows   = (dtp_i && !cur_tile) || next_ready_i;
  assign following = (dtp_i && !cur_tile) ? quads_i : next_quads_i;

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    logic [QuadA-1:0] number;
    assign number     = quad[q*QuadA +: QuadA];
    assign cur_hit[q] = valid[q] && !nxt[q] && number == nth_q;
    assign nxt_hit[q] = valid[q] && nxt[q] && number == nth_q;
    assign known[q]   = !valid[q] || (nxt[q] ? flush && follows && 8'(number) < following
                                             : ready_i && 8'(number) < quads_i);
    if (q < NumSwoQuads) begin : gen_swo
      assign idle[q] = 1'b1;
    end else begin : gen_dwo
      assign idle[q] = !valid[q] || (dtp_i && !dwo_busy_i[q-NumSwoQuads]);
    end
  end

  always_comb begin
    now    = 0;
    later  = 0;
    issued = 0;
    for (int q = 0; q < NumQuads; q++) begin
      now += int'(cur_hit[q]);
      later += int'(nxt_hit[q]);
      issued += int'(valid[q]);
    end
  end

  always_ff @(posedge clk_i) begin
    nth_q  <= nth_q;
    done_q <= rst_ni && (flush ? later != 0 : done_q || now != 0);
  end

  always_comb
    if (rst_ni) begin
      a_once : assert (now + int'(done_q) <= 1 && later <= 1);
      a_all : assert (!flush || 8'(nth_q) >= quads_i || done_q || now == 1);
      a_known : assert (&known);
      a_idle : assert (&idle);
      a_progress : assert (!ready_i || flush || issued >= NumSwoQuads);
      a_busy :
      assert (!(ready_i && follows && flush) || issued >= NumSwoQuads || issued >= int'(following));
      a_tile : assert (!group_end || cur_tile == dtp_i);
      inv_done : assert (done_q == (int'(nth_q) < int'(i_dut.quad_q)));
      inv_left : assert (i_dut.quad_q == '0 || (ready_i && 8'(i_dut.quad_q) <= quads_i));
      inv_tile : assert (!cur_tile || (ready_i && dtp_i));
      c_straddle : cover (flush && now == 1 && later == 0 && |(valid & nxt) && done_q == 1'b0);
      c_none : cover (flush && done_q && now == 0 && cur_tile);
      c_dwo : cover (&valid && cur_tile);
    end

endmodule

`default_nettype wire
