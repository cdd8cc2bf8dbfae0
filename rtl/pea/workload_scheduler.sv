// SPDX-License-Identifier: Apache-2.0
// Workload scheduler of a PEA: decides which operator runs which product in the next cycle.
//
// The dynamic scheduler serves the DWOs, the static one the SWOs and those DWOs that have no
// dynamic work; both walk the column groups in the group buffer in order, each at its own pace.
// A group may start when it is complete, its WBUF bank is loaded, and, in an output's first
// K-tile, the previous output's results of that group have left the partial-sum buffer.
// All outputs are registered: this is the first of the PEA's pipeline stages.
`default_nettype none

module workload_scheduler
  import panacea_pkg::*;
#(
  parameter int NumDwo = 4,
  parameter int NumSwo = 8,
  parameter int TileK  = 64,
  parameter int Depth  = 4,
  parameter logic [1:0] DwoRunsLl = 2'b10,
  localparam int NumDwoQuads = NumDwo / 4,
  localparam int NumSwoQuads = NumSwo / 4,
  localparam int NumQuads    = NumDwoQuads + NumSwoQuads,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = (TileK > 4) ? $clog2(TileK / 4) : 1,
  localparam int SlotW = $clog2(Depth),
  localparam int MetaW = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  // Group buffer
  input  logic [SlotW:0]            wr_ptr_i,
  output logic [SlotW:0]            dyn_ptr_o,
  output logic [SlotW:0]            sta_ptr_o,
  output logic [SlotW-1:0]          gen_slot_o,
  input  logic [MetaW-1:0]          gen_meta_i,
  input  logic [TileK-1:0]          gen_x_mask_i,
  input  logic [MetaW-1:0]          sta_meta_i,
  input  logic [MetaW-1:0]          sta_next_meta_i,
  // WBUF
  input  logic                      load_done_i,
  input  logic                      load_bank_i,
  output logic [1:0]                bank_full_o,
  output logic                      mask_bank_o,
  output logic                      mask_tile_o,
  input  logic [TileK-1:0]          gen_w_mask_i,
  // Result drain: next group to leave, and of which command
  input  logic [1:0]                drain_cmd_i,
  input  logic [7:0]                drain_group_i,
  // Issue to the DWOs
  output logic [NumDwo-1:0]         dyn_valid_o,
  output logic [NumDwo-1:0]         dyn_next_o,
  output logic [NumDwo-1:0]         dyn_w_high_o,
  output logic [NumDwo-1:0]         dyn_x_high_o,
  output logic [NumDwo*PosW-1:0]    dyn_k_o,
  output logic [NumDwo*SlotW-1:0]   dyn_slot_o,
  output logic [NumDwo-1:0]         dyn_bank_o,
  output logic [NumDwo-1:0]         dyn_tile_o,
  // Issue of LL quads, SWOs first
  output logic [NumQuads-1:0]       sta_valid_o,
  output logic [NumQuads-1:0]       sta_next_o,
  output logic [NumQuads*QuadA-1:0] sta_quad_o,
  output logic [NumQuads*SlotW-1:0] sta_slot_o,
  output logic [NumQuads-1:0]       sta_bank_o,
  output logic [NumQuads-1:0]       sta_tile_o,
  // Ends of destinations and of groups in the last K-tile
  output logic                      dyn_flush_o,
  output logic                      dyn_flush_tile_o,
  output logic [7:0]                dyn_flush_group_o,
  output logic [ShiftW-1:0]         dyn_flush_shift_o,
  output logic                      dyn_flush_wgt_up_o,
  output logic                      dyn_final_o,
  output logic                      sta_flush_o,
  output logic                      sta_flush_tile_o,
  output logic [7:0]                sta_flush_group_o,
  output logic [ShiftW-1:0]         sta_flush_shift_o,
  output logic                      sta_final_o,
  output pea_event_t                event_o
);

  group_meta_t gen_meta, sta_meta, sta_next_meta, cur_meta;

  assign gen_meta      = gen_meta_i;
  assign sta_meta      = sta_meta_i;
  assign sta_next_meta = sta_next_meta_i;

  // A bank is full from its last word until both schedulers have released it. One that has
  // released it must not take it for the bank's next K-tile. The dynamic scheduler may look two
  // K-tiles ahead, at the very bank that it releases in this cycle; the static one looks one group
  // ahead, and K-tiles alternate between the banks, so for it the registered flag is enough.
  logic [1:0] full_q, dyn_done_q, sta_done_q, dyn_release, sta_release;
  logic dyn_group_end, sta_group_end;

  for (genvar b = 0; b < 2; b++) begin : gen_bank
    assign dyn_release[b] = dyn_done_q[b] ||
                            (dyn_group_end && cur_meta.last_group && cur_meta.bank == 1'(b));
    assign sta_release[b] = sta_done_q[b] ||
                            (sta_group_end && sta_meta.last_group && sta_meta.bank == 1'(b));
    always_ff @(posedge clk_i) begin
      if (!rst_ni || (dyn_release[b] && sta_release[b])) begin
        full_q[b]     <= 1'b0;
        dyn_done_q[b] <= 1'b0;
        sta_done_q[b] <= 1'b0;
      end else begin
        if (load_done_i && load_bank_i == 1'(b)) full_q[b] <= 1'b1;
        dyn_done_q[b] <= dyn_release[b];
        sta_done_q[b] <= sta_release[b];
      end
    end
  end
  assign bank_full_o = full_q;

  logic [SlotW:0] gen_ptr, sta_ptr, sta_next_ptr;
  logic gen_ready, sta_ready, sta_next_ready, gen_tile;

  assign sta_next_ptr   = sta_ptr + 1'b1;
  assign gen_ready      = (gen_ptr != wr_ptr_i) && full_q[gen_meta.bank]
                          && !dyn_release[gen_meta.bank]
                          && psum_free(gen_meta, drain_cmd_i, drain_group_i);
  assign sta_ready      = (sta_ptr != wr_ptr_i) && full_q[sta_meta.bank]
                          && !sta_done_q[sta_meta.bank]
                          && psum_free(sta_meta, drain_cmd_i, drain_group_i);
  assign sta_next_ready = (sta_ptr != wr_ptr_i) && (sta_next_ptr != wr_ptr_i)
                          && full_q[sta_next_meta.bank] && !sta_done_q[sta_next_meta.bank]
                          && psum_free(sta_next_meta, drain_cmd_i, drain_group_i);
  assign gen_slot_o  = gen_ptr[SlotW-1:0];
  assign mask_bank_o = gen_meta.bank;
  assign mask_tile_o = gen_tile;
  assign sta_ptr_o   = sta_ptr;

  logic [NumDwo-1:0] dyn_valid, dyn_next, dyn_w_high, dyn_x_high;
  logic [NumDwo*PosW-1:0] dyn_k;
  logic [SlotW-1:0] cur_slot, nxt_slot;
  logic cur_tile, nxt_tile, nxt_bank, dyn_flush, flush_wait;
  logic [NumQuads-1:0] sta_valid, sta_next;
  logic [NumQuads*QuadA-1:0] sta_quad;
  logic sta_cur_tile, sta_nxt_tile, sta_nxt_other, sta_flush;
  logic [NumDwoQuads-1:0] dwo_busy;

  dynamic_scheduler #(
    .NumOps(NumDwo),
    .TileK(TileK),
    .SlotW(SlotW)
  ) i_dynamic (
    .clk_i,
    .rst_ni,
    .gen_ready_i      (gen_ready),
    .gen_meta_i,
    .gen_x_mask_i,
    .gen_w_mask_i,
    .gen_tile_o       (gen_tile),
    .gen_ptr_o        (gen_ptr),
    .sta_flush_i      (sta_flush),
    .sta_flush_tile_i (sta_cur_tile),
    .busy_o           (dwo_busy),
    .valid_o          (dyn_valid),
    .next_o           (dyn_next),
    .w_high_o         (dyn_w_high),
    .x_high_o         (dyn_x_high),
    .k_o              (dyn_k),
    .cur_slot_o       (cur_slot),
    .cur_tile_o       (cur_tile),
    .cur_meta_o       (cur_meta),
    .nxt_slot_o       (nxt_slot),
    .nxt_tile_o       (nxt_tile),
    .nxt_bank_o       (nxt_bank),
    .flush_o          (dyn_flush),
    .flush_wait_o     (flush_wait),
    .group_end_o      (dyn_group_end),
    .done_ptr_o       (dyn_ptr_o)
  );

  static_scheduler #(
    .NumSwoQuads(NumSwoQuads),
    .NumDwoQuads(NumDwoQuads),
    .TileK(TileK),
    .SlotW(SlotW),
    .DwoRunsLl(DwoRunsLl)
  ) i_static (
    .clk_i,
    .rst_ni,
    .ready_i           (sta_ready),
    .next_ready_i      (sta_next_ready),
    .meta_i            (sta_meta_i),
    .next_meta_i       (sta_next_meta_i),
    .dwo_busy_i        (dwo_busy),
    .ptr_o             (sta_ptr),
    .valid_o           (sta_valid),
    .next_o            (sta_next),
    .quad_o            (sta_quad),
    .cur_tile_o        (sta_cur_tile),
    .nxt_tile_o        (sta_nxt_tile),
    .nxt_other_group_o (sta_nxt_other),
    .flush_o           (sta_flush),
    .group_end_o       (sta_group_end)
  );

  for (genvar i = 0; i < NumDwo; i++) begin : gen_dyn
    always_ff @(posedge clk_i) begin
      dyn_slot_o[i*SlotW +: SlotW] <= dyn_next[i] ? nxt_slot : cur_slot;
      dyn_bank_o[i]                <= dyn_next[i] ? nxt_bank : cur_meta.bank;
      dyn_tile_o[i]                <= dyn_next[i] ? nxt_tile : cur_tile;
    end
  end

  for (genvar q = 0; q < NumQuads; q++) begin : gen_sta
    logic other;  // the quad is of the group after the current one
    assign other = sta_next[q] && sta_nxt_other;
    always_ff @(posedge clk_i) begin
      sta_slot_o[q*SlotW +: SlotW] <= other ? sta_next_ptr[SlotW-1:0] : sta_ptr[SlotW-1:0];
      sta_bank_o[q]                <= other ? sta_next_meta.bank : sta_meta.bank;
      sta_tile_o[q]                <= sta_next[q] ? sta_nxt_tile : sta_cur_tile;
    end
  end

  always_ff @(posedge clk_i) begin
    dyn_next_o        <= dyn_next;
    dyn_w_high_o      <= dyn_w_high;
    dyn_x_high_o      <= dyn_x_high;
    dyn_k_o           <= dyn_k;
    sta_next_o        <= sta_next;
    sta_quad_o        <= sta_quad;
    dyn_flush_tile_o  <= cur_tile;
    dyn_flush_group_o <= cur_meta.group;
    dyn_flush_shift_o  <= cur_meta.shift;
    dyn_flush_wgt_up_o <= cur_meta.wgt_up;
    sta_flush_tile_o  <= sta_cur_tile;
    sta_flush_group_o <= sta_meta.group;
    sta_flush_shift_o  <= sta_meta.shift;
    if (!rst_ni) begin
      dyn_valid_o <= '0;
      sta_valid_o <= '0;
      dyn_flush_o <= 1'b0;
      dyn_final_o <= 1'b0;
      sta_flush_o <= 1'b0;
      sta_final_o <= 1'b0;
    end else begin
      dyn_valid_o <= dyn_valid;
      sta_valid_o <= sta_valid;
      dyn_flush_o <= dyn_flush;
      dyn_final_o <= dyn_group_end && cur_meta.last_tile;
      sta_flush_o <= sta_flush;
      sta_final_o <= sta_group_end && sta_meta.last_tile;
    end
  end

  // Events of the registered issue.
  logic flush_wait_q;
  always_ff @(posedge clk_i) flush_wait_q <= rst_ni && flush_wait;

  logic [3:0] hh, hl, lh;
  logic [1:0] ll_swo;
  logic [3:0] ll_dwo;
  always_comb begin
    hh     = '0;
    hl     = '0;
    lh     = '0;
    ll_swo = '0;
    ll_dwo = '0;
    for (int i = 0; i < NumDwo; i++) begin
      hh = hh + 4'(dyn_valid_o[i] && dyn_w_high_o[i] && dyn_x_high_o[i]);
      hl = hl + 4'(dyn_valid_o[i] && dyn_w_high_o[i] && !dyn_x_high_o[i]);
      lh = lh + 4'(dyn_valid_o[i] && !dyn_w_high_o[i]);
    end
    for (int q = 0; q < NumSwoQuads; q++) ll_swo = ll_swo + 2'(sta_valid_o[q]);
    for (int q = NumSwoQuads; q < NumQuads; q++) if (sta_valid_o[q]) ll_dwo = ll_dwo + 4'd4;
  end

  assign event_o.hh         = hh;
  assign event_o.hl         = hl;
  assign event_o.lh         = lh;
  assign event_o.ll_swo     = ll_swo;
  assign event_o.ll_dwo     = ll_dwo;
  assign event_o.straddle_d = |(dyn_valid_o & dyn_next_o) && |(dyn_valid_o & ~dyn_next_o);
  assign event_o.straddle_l = |(sta_valid_o & sta_next_o) && |(sta_valid_o & ~sta_next_o);
  assign event_o.flush_wait = flush_wait_q;

endmodule

`default_nettype wire
