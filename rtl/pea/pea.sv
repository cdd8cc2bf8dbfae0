// SPDX-License-Identifier: Apache-2.0
// PEA, a processing element array: W x for its four output rows (two sets of four under DTP),
// sum over all K-tiles of all passes kept in the partial-sum buffer. Wires its blocks, and delays
// the destination of every sum until the sum is there.
//
// In: commands, one compressed weight stream, broadcast activation groups. Out: per column group
// and tile the 4x4 sums of the bit-slice products and the four sums for the compensation.
`default_nettype none
`include "assert.svh"

module pea import panacea_pkg::*; #(
  parameter int NumDwo  = 4,
  parameter int NumSwo  = 8,
  parameter int TileK   = 64,
  parameter int TileN   = 64,
  parameter int Depth   = 4,
  parameter int BeatLen = 16,
  parameter logic [1:0] DwoRunsLl = 2'b10,
  localparam int MetaW = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  cmd_t                      cmd_i,
  input  logic                      w_valid_i,
  output logic                      w_ready_o,
  input  logic [WordW-1:0]          w_data_i,
  output logic                      w_tile_end_o,   // the word taken is a K-tile's last
  output logic                      w_cmd_end_o,    // and a command's
  input  logic                      x_valid_i,
  output logic                      x_ready_o,
  input  logic                      x_last_i,
  input  logic [MetaW-1:0]          x_meta_i,
  input  logic [BeatLen-1:0]        x_stored_i,
  input  logic [BeatLen*VecW-1:0]   x_lo_i,
  input  logic [BeatLen*VecW-1:0]   x_ho_i,
  output logic                      y_valid_o,
  input  logic                      y_ready_i,
  output logic [BlockLen*PsumW-1:0] y_psum_o,
  output logic [VecLen*CompW-1:0]   y_comp_o,
  output pea_event_t                event_o,
  output logic                      error_o     // a weight list runs past its K-tile
);

  localparam int NumQuads = (NumDwo + NumSwo) / 4;
  localparam int Groups   = TileN / VecLen;
  localparam int GroupA   = (Groups > 1) ? $clog2(Groups) : 1;
  localparam int PosW     = $clog2(TileK);
  localparam int QuadA    = (TileK > 4) ? $clog2(TileK / 4) : 1;
  localparam int SlotW    = $clog2(Depth);
  localparam int MaxShift = (1 << ShiftW) - 1;
  localparam int DynW     = ProdW + 7 + 1 + $clog2(TileK) + MaxShift;
  localparam int StaW     = ProdW + $clog2(TileK) + MaxShift;
  localparam int CompInW  = SliceW + 3 + $clog2(TileK) + 1 + 3;

  // Commands, for the weight loader and, if they end an output, for the result drain.
  logic [16:0] load_cmd;
  logic [8:0]  drain_cmd;
  logic        load_space, load_valid, load_ready, drain_space, drain_valid, drain_ready;

  assign cmd_ready_o = load_space && drain_space;

  stream_fifo #(.Width(17), .Depth(2)) i_load_fifo (
    .clk_i, .rst_ni,
    .valid_i (cmd_valid_i && drain_space),
    .ready_o (load_space),
    .data_i  ({cmd_i.k_len, cmd_i.dtp}),
    .valid_o (load_valid),
    .ready_i (load_ready),
    .data_o  (load_cmd)
  );

  stream_fifo #(.Width(9), .Depth(4)) i_drain_fifo (
    .clk_i, .rst_ni,
    .valid_i (cmd_valid_i && load_space && !cmd_i.more),
    .ready_o (drain_space),
    .data_i  ({cmd_i.groups, cmd_i.dtp}),
    .valid_o (drain_valid),
    .ready_i (drain_ready),
    .data_o  (drain_cmd)
  );

  // Weights
  logic                        load_done, load_bank, load_tile, lo_valid, ho_clear;
  logic [1:0]                  bank_full;
  logic [QuadA-1:0]            lo_quad;
  logic [WordEntries-1:0]      ho_valid;
  logic [WordEntries*PosW-1:0] ho_pos;

  weight_loader #(.TileK(TileK)) i_weight_loader (
    .clk_i, .rst_ni,
    .cmd_valid_i (load_valid),
    .cmd_ready_o (load_ready),
    .k_len_i     (load_cmd[16:1]),
    .dtp_i       (load_cmd[0]),
    .valid_i     (w_valid_i),
    .ready_o     (w_ready_o),
    .data_i      (w_data_i),
    .bank_full_i (bank_full),
    .bank_done_o (load_done),
    .bank_o      (load_bank),
    .tile_o      (load_tile),
    .lo_valid_o  (lo_valid),
    .lo_quad_o   (lo_quad),
    .ho_clear_o  (ho_clear),
    .ho_valid_o  (ho_valid),
    .ho_pos_o    (ho_pos),
    .error_o
  );
  assign w_tile_end_o = load_done;
  assign w_cmd_end_o  = load_ready;

  logic                      mask_bank, mask_tile;
  logic [TileK-1:0]          w_mask;
  logic [NumDwo-1:0]         dyn_valid, dyn_next, dyn_w_high, dyn_x_high, dyn_bank, dyn_tile;
  logic [NumDwo*PosW-1:0]    dyn_k;
  logic [NumDwo*SlotW-1:0]   dyn_slot;
  logic [NumDwo*VecW-1:0]    dyn_w, dyn_x;
  logic [NumQuads-1:0]       sta_valid, sta_next, sta_bank, sta_tile;
  logic [NumQuads*QuadA-1:0] sta_quad;
  logic [NumQuads*SlotW-1:0] sta_slot;
  logic [NumQuads*QuadW-1:0] sta_w, sta_x;

  wbuf #(.NumDwo(NumDwo), .NumQuads(NumQuads), .TileK(TileK)) i_wbuf (
    .clk_i, .rst_ni,
    .bank_i      (load_bank),
    .tile_i      (load_tile),
    .lo_valid_i  (lo_valid),
    .lo_quad_i   (lo_quad),
    .ho_clear_i  (ho_clear),
    .ho_valid_i  (ho_valid),
    .ho_pos_i    (ho_pos),
    .data_i      (w_data_i),
    .mask_bank_i (mask_bank),
    .mask_tile_i (mask_tile),
    .mask_o      (w_mask),
    .vec_bank_i  (dyn_bank),
    .vec_tile_i  (dyn_tile),
    .vec_high_i  (dyn_w_high),
    .vec_k_i     (dyn_k),
    .vec_o       (dyn_w),
    .quad_bank_i (sta_bank),
    .quad_tile_i (sta_tile),
    .quad_i      (sta_quad),
    .quad_o      (sta_w)
  );

  // Activations
  logic [SlotW:0]   wr_ptr, dyn_ptr, sta_ptr;
  logic [SlotW-1:0] gen_slot;
  logic [MetaW-1:0] gen_meta, sta_meta, sta_next_meta;
  logic [TileK-1:0] gen_x_mask;

  group_buffer #(
    .NumDwo(NumDwo), .NumQuads(NumQuads), .TileK(TileK), .Depth(Depth), .BeatLen(BeatLen)
  ) i_group_buffer (
    .clk_i, .rst_ni,
    .valid_i         (x_valid_i),
    .ready_o         (x_ready_o),
    .last_i          (x_last_i),
    .meta_i          (x_meta_i),
    .stored_i        (x_stored_i),
    .lo_i            (x_lo_i),
    .ho_i            (x_ho_i),
    .wr_ptr_o        (wr_ptr),
    .dyn_ptr_i       (dyn_ptr),
    .sta_ptr_i       (sta_ptr),
    .gen_slot_i      (gen_slot),
    .gen_meta_o      (gen_meta),
    .gen_mask_o      (gen_x_mask),
    .sta_slot_i      (sta_ptr[SlotW-1:0]),
    .sta_meta_o      (sta_meta),
    .sta_next_meta_o (sta_next_meta),
    .vec_slot_i      (dyn_slot),
    .vec_high_i      (dyn_x_high),
    .vec_k_i         (dyn_k),
    .vec_o           (dyn_x),
    .quad_slot_i     (sta_slot),
    .quad_i          (sta_quad),
    .quad_o          (sta_x)
  );

  // Schedule
  logic       dyn_flush, dyn_flush_tile, dyn_final, sta_flush, sta_flush_tile, sta_final;
  logic       dyn_flush_wgt_up;
  logic [7:0] dyn_flush_group, sta_flush_group, rd_group;
  logic [1:0] drain_cmd_id;
  logic [ShiftW-1:0] dyn_flush_shift, sta_flush_shift;

  workload_scheduler #(
    .NumDwo(NumDwo), .NumSwo(NumSwo), .TileK(TileK), .Depth(Depth), .DwoRunsLl(DwoRunsLl)
  ) i_workload_scheduler (
    .clk_i, .rst_ni,
    .wr_ptr_i          (wr_ptr),
    .dyn_ptr_o         (dyn_ptr),
    .sta_ptr_o         (sta_ptr),
    .gen_slot_o        (gen_slot),
    .gen_meta_i        (gen_meta),
    .gen_x_mask_i      (gen_x_mask),
    .sta_meta_i        (sta_meta),
    .sta_next_meta_i   (sta_next_meta),
    .load_done_i       (load_done),
    .load_bank_i       (load_bank),
    .bank_full_o       (bank_full),
    .mask_bank_o       (mask_bank),
    .mask_tile_o       (mask_tile),
    .gen_w_mask_i      (w_mask),
    .drain_cmd_i       (drain_cmd_id),
    .drain_group_i     (rd_group),
    .dyn_valid_o       (dyn_valid),
    .dyn_next_o        (dyn_next),
    .dyn_w_high_o      (dyn_w_high),
    .dyn_x_high_o      (dyn_x_high),
    .dyn_k_o           (dyn_k),
    .dyn_slot_o        (dyn_slot),
    .dyn_bank_o        (dyn_bank),
    .dyn_tile_o        (dyn_tile),
    .sta_valid_o       (sta_valid),
    .sta_next_o        (sta_next),
    .sta_quad_o        (sta_quad),
    .sta_slot_o        (sta_slot),
    .sta_bank_o        (sta_bank),
    .sta_tile_o        (sta_tile),
    .dyn_flush_o       (dyn_flush),
    .dyn_flush_tile_o  (dyn_flush_tile),
    .dyn_flush_group_o (dyn_flush_group),
    .dyn_flush_shift_o (dyn_flush_shift),
    .dyn_flush_wgt_up_o (dyn_flush_wgt_up),
    .dyn_final_o       (dyn_final),
    .sta_flush_o       (sta_flush),
    .sta_flush_tile_o  (sta_flush_tile),
    .sta_flush_group_o (sta_flush_group),
    .sta_flush_shift_o (sta_flush_shift),
    .sta_final_o       (sta_final),
    .event_o
  );

  // Operators
  logic                        dyn_upd, sta_upd;
  logic [BlockLen*DynW-1:0]    dyn_sum;
  logic [BlockLen*StaW-1:0]    sta_sum;
  logic [VecLen*CompInW-1:0]   comp_sum;

  operator_array #(.NumDwo(NumDwo), .NumSwo(NumSwo), .TileK(TileK)) i_operator_array (
    .clk_i, .rst_ni,
    .dyn_valid_i  (dyn_valid),
    .dyn_next_i   (dyn_next),
    .dyn_w_high_i (dyn_w_high),
    .dyn_x_high_i (dyn_x_high),
    .dyn_w_i      (dyn_w),
    .dyn_x_i      (dyn_x),
    .sta_valid_i  (sta_valid),
    .sta_next_i   (sta_next),
    .sta_w_i      (sta_w),
    .sta_x_i      (sta_x),
    .dyn_flush_i  (dyn_flush),
    .dyn_shift_i  (dyn_flush_shift),
    .dyn_wgt_up_i (dyn_flush_wgt_up),
    .sta_flush_i  (sta_flush),
    .sta_shift_i  (sta_flush_shift),
    .dyn_valid_o  (dyn_upd),
    .dyn_sum_o    (dyn_sum),
    .comp_sum_o   (comp_sum),
    .sta_valid_o  (sta_upd),
    .sta_sum_o    (sta_sum)
  );

  // Where the sums go, in step with them.
  localparam int Stages = 3;
  localparam int DestW  = 2 + 8;
  logic [DestW-1:0]  dyn_dest_q [0:Stages-1];
  logic [DestW-1:0]  sta_dest_q [0:Stages-1];
  logic [GroupA-1:0] dyn_upd_group, sta_upd_group;
  logic              dyn_upd_tile, sta_upd_tile, dyn_upd_final, sta_upd_final;

  always_ff @(posedge clk_i) begin
    dyn_dest_q[0] <= {dyn_final && rst_ni, dyn_flush_tile, dyn_flush_group};
    sta_dest_q[0] <= {sta_final && rst_ni, sta_flush_tile, sta_flush_group};
    for (int s = 1; s < Stages; s++) begin
      dyn_dest_q[s] <= rst_ni ? dyn_dest_q[s-1] : '0;
      sta_dest_q[s] <= rst_ni ? sta_dest_q[s-1] : '0;
    end
  end
  assign dyn_upd_final = dyn_dest_q[Stages-1][DestW-1];
  assign dyn_upd_tile  = dyn_dest_q[Stages-1][DestW-2];
  assign dyn_upd_group = dyn_dest_q[Stages-1][GroupA-1:0];
  assign sta_upd_final = sta_dest_q[Stages-1][DestW-1];
  assign sta_upd_tile  = sta_dest_q[Stages-1][DestW-2];
  assign sta_upd_group = sta_dest_q[Stages-1][GroupA-1:0];

  // Partial sums of both tiles, and the CSBUF
  logic       rd_valid, rd_ready, rd_take, rd_tile, out_tile, comp_rd_ready;
  logic [1:0] psum_rd_ready;
  logic [BlockLen*PsumW-1:0] psum [0:1];

  for (genvar t = 0; t < 2; t++) begin : gen_psum
    logic                     from_dyn, from_sta;
    logic [BlockLen*DynW-1:0] sta_wide;
    assign from_dyn = dyn_upd && dyn_upd_tile == 1'(t);
    assign from_sta = sta_upd && sta_upd_tile == 1'(t);
    for (genvar e = 0; e < BlockLen; e++) begin : gen_extend
      assign sta_wide[e*DynW +: DynW] = DynW'($signed(sta_sum[e*StaW +: StaW]));
    end
    psum_buffer #(.Depth(1 << GroupA), .InW(DynW)) i_psum_buffer (
      .clk_i, .rst_ni,
      .upd_valid_i (from_dyn || from_sta),
      .upd_addr_i  (from_dyn ? dyn_upd_group : sta_upd_group),
      .upd_data_i  (from_dyn ? dyn_sum : sta_wide),
      .rd_valid_i  (rd_take && rd_tile == 1'(t)),
      .rd_ready_o  (psum_rd_ready[t]),
      .rd_addr_i   (rd_group[GroupA-1:0]),
      .rd_data_o   (psum[t])
    );
    `PANACEA_ASSERT(!(from_dyn && from_sta), "two updates of one tile's partial sums")
  end

  psum_buffer #(.Depth(2 << GroupA), .Len(VecLen), .InW(CompInW), .OutW(CompW)) i_csbuf (
    .clk_i, .rst_ni,
    .upd_valid_i (dyn_upd),
    .upd_addr_i  ((GroupA+1)'({dyn_upd_tile, dyn_upd_group})),
    .upd_data_i  (comp_sum),
    .rd_valid_i  (rd_take),
    .rd_ready_o  (comp_rd_ready),
    .rd_addr_i   ((GroupA+1)'({rd_tile, rd_group[GroupA-1:0]})),
    .rd_data_o   (y_comp_o)
  );

  assign rd_ready = comp_rd_ready && psum_rd_ready[rd_tile];
  assign rd_take  = rd_valid && rd_ready;
  assign y_psum_o = psum[out_tile];

  result_drain #(.Groups(Groups)) i_result_drain (
    .clk_i, .rst_ni,
    .cmd_valid_i (drain_valid),
    .cmd_ready_o (drain_ready),
    .groups_i    (drain_cmd[8:1]),
    .dtp_i       (drain_cmd[0]),
    .dyn_final_i (dyn_upd_final),
    .sta_final_i (sta_upd_final),
    .rd_valid_o  (rd_valid),
    .rd_ready_i  (rd_ready),
    .rd_tile_o   (rd_tile),
    .rd_group_o  (rd_group),
    .cmd_id_o    (drain_cmd_id),
    .valid_o     (y_valid_o),
    .tile_o      (out_tile),
    .ready_i     (y_ready_i)
  );

endmodule

`default_nettype wire
