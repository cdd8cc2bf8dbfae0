// SPDX-License-Identifier: Apache-2.0
// Workload scheduler of a PEA with pooled operators: a window of a few quads of k slides along the
// destinations (column group and weight sub-tile) in order, and the window picker deals its
// products out, NumOps a cycle.
//
// At the end of the current destination the window goes on into the next one, if that may start:
// then operators work for both in one cycle. A destination ends with a flush of S-ACC, and there is
// always one, because W_L x_L is dense. Rules of start and release as in workload_scheduler, with
// only one scheduler to wait for, and one more: outputs of single tiles take turns in the partial
// sums of the two tiles, so that one begins while the results of the one before it still leave.
// Outputs are registered: the first of the PEA's pipeline stages.
`default_nettype none
`include "assert.svh"

module pooled_scheduler
  import panacea_pkg::*;
#(
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  parameter int Depth  = 4,
  localparam int NumQuads = NumOps / 4 + 1,
  localparam int Window   = 4 * NumQuads,
  localparam int AtW      = $clog2(Window),
  localparam int QuadA    = (TileK > 4) ? $clog2(TileK / 4) : 1,
  localparam int SlotW    = $clog2(Depth),
  localparam int MetaW    = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  // Group buffer
  input  logic [SlotW:0]            wr_ptr_i,
  output logic [SlotW:0]            done_ptr_o,     // groups before it are released
  output logic [SlotW-1:0]          gen_slot_o,
  input  logic [MetaW-1:0]          gen_meta_i,
  input  logic [TileK-1:0]          gen_x_mask_i,
  // WBUF
  input  logic                      load_done_i,
  input  logic                      load_bank_i,
  output logic [1:0]                bank_full_o,
  output logic                      mask_bank_o,
  output logic                      mask_tile_o,
  input  logic [TileK-1:0]          gen_w_mask_i,
  // Result drain: next group to leave, and of which command
  input  logic                      drain_dtp_i,
  input  logic [1:0]                drain_cmd_i,
  input  logic [7:0]                drain_group_i,
  // Window to read
  output logic [NumQuads*QuadA-1:0] quad_o,
  output logic [NumQuads*SlotW-1:0] slot_o,
  output logic [NumQuads-1:0]       bank_o,
  output logic [NumQuads-1:0]       tile_o,
  // Issue to the operators
  output logic [NumOps-1:0]         valid_o,
  output logic [NumOps-1:0]         next_o,         // for the next destination
  output logic [NumOps-1:0]         w_high_o,
  output logic [NumOps-1:0]         x_high_o,
  output logic [NumOps*AtW-1:0]     at_o,           // position in the window
  // Ends of destinations and of groups in the last K-tile
  output logic                      flush_o,
  output logic                      flush_tile_o,   // whose partial sums
  output logic [7:0]                flush_group_o,
  output logic [ShiftW-1:0]         flush_shift_o,
  output logic                      flush_wgt_up_o,
  output logic                      final_o,
  output pea_event_t                event_o
);

  localparam int DoneW = $clog2(NumQuads);
  localparam int CountW = (QuadA + 1 > DoneW) ? QuadA + 1 : DoneW;
  localparam int FirstW = (QuadA > DoneW) ? QuadA : DoneW;

  // The current destination, and the one looked at, which comes next.
  logic cur_valid_q, cur_tile_q, gen_tile_q;
  logic [TileK-1:0] cur_w_q, cur_x_q;
  group_meta_t cur_meta_q, gen_meta;
  logic [SlotW-1:0] cur_slot_q;
  logic [SlotW:0] gen_ptr_q, done_ptr_q;
  logic [FirstW-1:0] quad_q;      // first quad of the window
  logic [3:0]        taken_q;
  logic gen_ready, gen_last, take, exhausted, flush, group_end, other_half;

  assign gen_meta    = gen_meta_i;
  assign gen_slot_o  = gen_ptr_q[SlotW-1:0];
  assign mask_bank_o = gen_meta.bank;
  assign mask_tile_o = gen_tile_q;
  assign done_ptr_o  = done_ptr_q;

  // A bank is full from its last word until the last group of its K-tile has ended. The window
  // looks one destination ahead and K-tiles alternate between the banks, so that the bank of the
  // next destination is never one that is released in this cycle.
  logic [1:0] full_q;
  for (genvar b = 0; b < 2; b++) begin : gen_bank
    always_ff @(posedge clk_i) begin
      if (!rst_ni || (group_end && cur_meta_q.last_group && cur_meta_q.bank == 1'(b)))
        full_q[b] <= 1'b0;
      else if (load_done_i && load_bank_i == 1'(b)) full_q[b] <= 1'b1;
    end
  end
  assign bank_full_o = full_q;

  assign gen_last   = !gen_meta.dtp || gen_tile_q;
  assign other_half = !gen_meta.dtp && !drain_dtp_i && gen_meta.cmd_id == drain_cmd_i + 2'd1;
  assign gen_ready  = (gen_ptr_q != wr_ptr_i) && full_q[gen_meta.bank]
                      && (other_half || psum_free(gen_meta, drain_cmd_i, drain_group_i));

  // The window: quads of the current destination, then of the next one.
  logic [CountW-1:0] left;
  logic [NumQuads-1:0] in_cur, in_gen;
  logic [NumQuads*QuadA-1:0] quad;
  logic [Window-1:0] w_stored, x_stored;

  assign left = cur_valid_q ? cur_meta_q.quads[CountW-1:0] - CountW'(quad_q) : '0;

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    logic [CountW-1:0] at_gen;
    logic [QuadA-1:0]  at;
    assign at_gen    = CountW'(q) - left;
    assign in_cur[q] = CountW'(q) < left;
    assign in_gen[q] = gen_ready && !in_cur[q] && at_gen < gen_meta.quads[CountW-1:0];
    assign at        = in_cur[q] ? QuadA'(CountW'(quad_q) + CountW'(q)) : QuadA'(at_gen);
    assign quad[q*QuadA +: QuadA] = at;
    assign w_stored[4*q +: 4] = in_cur[q] ? cur_w_q[4*at +: 4] : gen_w_mask_i[4*at +: 4];
    assign x_stored[4*q +: 4] = in_cur[q] ? cur_x_q[4*at +: 4] : gen_x_mask_i[4*at +: 4];
  end

  logic [NumOps-1:0] valid, w_high, x_high, next;
  logic [NumOps*AtW-1:0] at;
  logic [DoneW-1:0]      done;
  logic [3:0]            taken;

  window_picker #(
    .NumOps(NumOps)
  ) i_window_picker (
    .clk_i,
    .rst_ni,
    .quad_valid_i (in_cur | in_gen),
    .w_stored_i   (w_stored),
    .x_stored_i   (x_stored),
    .taken_i      (taken_q),
    .valid_o      (valid),
    .w_high_o     (w_high),
    .x_high_o     (x_high),
    .at_o         (at),
    .done_o       (done),
    .taken_o      (taken)
  );

  assign exhausted = CountW'(done) >= left;
  assign flush     = cur_valid_q && exhausted;
  assign group_end = flush && (!cur_meta_q.dtp || cur_tile_q);
  assign take      = gen_ready && exhausted;

  for (genvar i = 0; i < NumOps; i++) begin : gen_next
    logic [AtW-3:0] of_op;  // quad of the operator's product
    assign of_op   = at[i*AtW+2 +: AtW-2];
    assign next[i] = valid[i] && in_gen[of_op];
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      cur_w_q    <= gen_w_mask_i;
      cur_x_q    <= gen_x_mask_i;
      cur_meta_q <= gen_meta;
      cur_tile_q <= gen_tile_q;
      cur_slot_q <= gen_ptr_q[SlotW-1:0];
    end
    if (!rst_ni) begin
      cur_valid_q <= 1'b0;
      gen_tile_q  <= 1'b0;
      gen_ptr_q   <= '0;
      done_ptr_q  <= '0;
      quad_q      <= '0;
      taken_q     <= '0;
    end else begin
      quad_q  <= exhausted ? FirstW'(CountW'(done) - left) : quad_q + FirstW'(done);
      taken_q <= taken;
      if (exhausted) cur_valid_q <= gen_ready;
      if (take) begin
        gen_tile_q <= !gen_last;
        if (gen_last) gen_ptr_q <= gen_ptr_q + 1'b1;
      end
      if (group_end) done_ptr_q <= done_ptr_q + 1'b1;
    end
  end

  // Issue
  for (genvar q = 0; q < NumQuads; q++) begin : gen_read
    always_ff @(posedge clk_i) begin
      slot_o[q*SlotW +: SlotW] <= in_cur[q] ? cur_slot_q : gen_ptr_q[SlotW-1:0];
      bank_o[q]                <= in_cur[q] ? cur_meta_q.bank : gen_meta.bank;
      tile_o[q]                <= in_cur[q] ? cur_tile_q : gen_tile_q;
    end
  end

  always_ff @(posedge clk_i) begin
    quad_o         <= quad;
    next_o         <= next;
    w_high_o       <= w_high;
    x_high_o       <= x_high;
    at_o           <= at;
    flush_tile_o   <= cur_meta_q.dtp ? cur_tile_q : cur_meta_q.cmd_id[0];
    flush_group_o  <= cur_meta_q.group;
    flush_shift_o  <= cur_meta_q.shift;
    flush_wgt_up_o <= cur_meta_q.wgt_up;
    valid_o        <= rst_ni ? valid : '0;
    flush_o        <= rst_ni && flush;
    final_o        <= rst_ni && group_end && cur_meta_q.last_tile;
  end

  // Events of the registered issue.
  always_comb begin
    event_o = '0;
    for (int i = 0; i < NumOps; i++) begin
      event_o.hh     = event_o.hh + 4'(valid_o[i] && w_high_o[i] && x_high_o[i]);
      event_o.hl     = event_o.hl + 4'(valid_o[i] && w_high_o[i] && !x_high_o[i]);
      event_o.lh     = event_o.lh + 4'(valid_o[i] && !w_high_o[i] && x_high_o[i]);
      event_o.ll_dwo = event_o.ll_dwo + 4'(valid_o[i] && !w_high_o[i] && !x_high_o[i]);
    end
    event_o.straddle_d = valid_o[0] && !next_o[0] && next_o != '0;
  end

  `PANACEA_ASSERT(taken_q == '0 || left != '0 || gen_ready, "part of a quad of no destination")

endmodule

`default_nettype wire
