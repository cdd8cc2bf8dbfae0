// SPDX-License-Identifier: Apache-2.0
// Operands, schedulers and operators of a PEA in which DWOs run W_H x_H, W_H x_L and W_L x_H and
// SWOs run W_L x_L. Takes weights and activation groups, gives finished sums with the places that
// they belong to. Wires its blocks.
`default_nettype none
`include "assert.svh"

module split_datapath
  import panacea_pkg::*;
#(
  parameter int NumDwo  = 4,
  parameter int NumSwo  = 8,
  parameter int TileK   = 64,
  parameter int TileN   = 64,
  parameter int Depth   = 4,
  parameter int BeatLen = 16,
  parameter logic [1:0] DwoRunsLl = 2'b10,
  localparam int NumQuads = (NumDwo + NumSwo) / 4,
  localparam int GroupA   = (TileN > VecLen) ? $clog2(TileN / VecLen) : 1,
  localparam int PosW     = $clog2(TileK),
  localparam int QuadA    = (TileK > 4) ? $clog2(TileK / 4) : 1,
  localparam int SlotW    = $clog2(Depth),
  localparam int MetaW    = $bits(group_meta_t),
  localparam int SumW     = ProdW + 7 + 1 + $clog2(TileK) + (1 << ShiftW) - 1,
  localparam int CompInW  = SliceW + 3 + $clog2(TileK) + 1 + 3
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  // Weight loader
  input  logic                        load_bank_i,
  input  logic                        load_tile_i,
  input  logic                        load_done_i,
  output logic [1:0]                  bank_full_o,
  input  logic                        lo_valid_i,
  input  logic [QuadA-1:0]            wr_quad_i,
  input  logic                        ho_clear_i,
  input  logic [WordVecs-1:0]         ho_valid_i,
  input  logic [WordEntries*PosW-1:0] ho_pos_i,
  input  logic [WordVecs*VecW-1:0]    ho_vec_i,
  input  logic [WordW-1:0]            w_data_i,
  // Broadcast groups
  input  logic                        x_valid_i,
  output logic                        x_ready_o,
  input  logic                        x_last_i,
  input  logic [MetaW-1:0]            x_meta_i,
  input  logic [BeatLen-1:0]          x_stored_i,
  input  logic [BeatLen*VecW-1:0]     x_lo_i,
  input  logic [BeatLen*VecW-1:0]     x_ho_i,
  // Result drain: next group to leave, and of which command
  input  logic [1:0]                  drain_cmd_i,
  input  logic [7:0]                  drain_group_i,
  // Updates of the partial sums, one a sub-tile, and of the CSBUF
  output logic [1:0]                  upd_valid_o,
  output logic [2*GroupA-1:0]         upd_group_o,
  output logic [2*BlockLen*SumW-1:0]  upd_sum_o,
  output logic                        comp_valid_o,
  output logic [GroupA:0]             comp_at_o,      // {sub-tile, group}
  output logic [VecLen*CompInW-1:0]   comp_sum_o,
  output logic                        dyn_final_o,    // a group's dynamic work is in the buffer
  output logic                        sta_final_o,    // and its static work
  output pea_event_t                  event_o
);

  localparam int StaW = ProdW + $clog2(TileK) + (1 << ShiftW) - 1;

  // Operands
  logic mask_bank, mask_tile;
  logic [TileK-1:0] w_mask;
  logic [NumDwo-1:0] dyn_valid, dyn_next, dyn_w_high, dyn_x_high, dyn_bank, dyn_tile;
  logic [NumDwo*PosW-1:0]    dyn_k;
  logic [NumDwo*SlotW-1:0]   dyn_slot;
  logic [NumDwo*VecW-1:0] dyn_w, dyn_x;
  logic [NumQuads-1:0] sta_valid, sta_next, sta_bank, sta_tile;
  logic [NumQuads*QuadA-1:0] sta_quad;
  logic [NumQuads*SlotW-1:0] sta_slot;
  logic [NumQuads*QuadW-1:0] sta_w, sta_x;

  wbuf #(
    .NumVecs(NumDwo),
    .NumQuads(NumQuads),
    .TileK(TileK)
  ) i_wbuf (
    .clk_i,
    .rst_ni,
    .bank_i      (load_bank_i),
    .tile_i      (load_tile_i),
    .lo_valid_i,
    .wr_quad_i,
    .ho_clear_i,
    .ho_valid_i,
    .ho_pos_i,
    .ho_vec_i,
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
    .quad_lo_o   (sta_w),
    .quad_ho_o   ()
  );

  // Activations
  logic [SlotW:0] wr_ptr, dyn_ptr, sta_ptr;
  logic [SlotW-1:0] gen_slot;
  logic [MetaW-1:0] gen_meta, sta_meta, sta_next_meta;
  logic [TileK-1:0] gen_x_mask;

  group_buffer #(
    .NumVecs(NumDwo),
    .NumQuads(NumQuads),
    .TileK(TileK),
    .Depth(Depth),
    .BeatLen(BeatLen)
  ) i_group_buffer (
    .clk_i,
    .rst_ni,
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
    .quad_lo_o       (sta_x),
    .quad_ho_o       ()
  );

  // Schedule
  logic dyn_flush, dyn_flush_tile, dyn_final, sta_flush, sta_flush_tile, sta_final;
  logic dyn_flush_wgt_up;
  logic [7:0] dyn_flush_group, sta_flush_group;
  logic [ShiftW-1:0] dyn_flush_shift, sta_flush_shift;

  workload_scheduler #(
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .Depth(Depth),
    .DwoRunsLl(DwoRunsLl)
  ) i_workload_scheduler (
    .clk_i,
    .rst_ni,
    .wr_ptr_i          (wr_ptr),
    .dyn_ptr_o         (dyn_ptr),
    .sta_ptr_o         (sta_ptr),
    .gen_slot_o        (gen_slot),
    .gen_meta_i        (gen_meta),
    .gen_x_mask_i      (gen_x_mask),
    .sta_meta_i        (sta_meta),
    .sta_next_meta_i   (sta_next_meta),
    .load_done_i,
    .load_bank_i,
    .bank_full_o,
    .mask_bank_o       (mask_bank),
    .mask_tile_o       (mask_tile),
    .gen_w_mask_i      (w_mask),
    .drain_cmd_i,
    .drain_group_i,
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
  logic dyn_upd, sta_upd;
  logic [BlockLen*SumW-1:0]    dyn_sum;
  logic [BlockLen*StaW-1:0]    sta_sum;

  operator_array #(
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK)
  ) i_operator_array (
    .clk_i,
    .rst_ni,
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
    .comp_sum_o,
    .sta_valid_o  (sta_upd),
    .sta_sum_o    (sta_sum)
  );

  // Where the sums go.
  logic [GroupA-1:0] dyn_group, sta_group;
  logic dyn_tile_end, sta_tile_end;

  destination_delay #(
    .GroupA(GroupA)
  ) i_dyn_delay (
    .clk_i,
    .rst_ni,
    .final_i (dyn_final),
    .tile_i  (dyn_flush_tile),
    .group_i (dyn_flush_group),
    .final_o (dyn_final_o),
    .tile_o  (dyn_tile_end),
    .group_o (dyn_group)
  );

  destination_delay #(
    .GroupA(GroupA)
  ) i_sta_delay (
    .clk_i,
    .rst_ni,
    .final_i (sta_final),
    .tile_i  (sta_flush_tile),
    .group_i (sta_flush_group),
    .final_o (sta_final_o),
    .tile_o  (sta_tile_end),
    .group_o (sta_group)
  );

  for (genvar t = 0; t < 2; t++) begin : gen_update
    logic from_dyn, from_sta;
    logic [BlockLen*SumW-1:0] sta_wide;
    assign from_dyn = dyn_upd && dyn_tile_end == 1'(t);
    assign from_sta = sta_upd && sta_tile_end == 1'(t);
    for (genvar e = 0; e < BlockLen; e++) begin : gen_extend
      assign sta_wide[e*SumW+:SumW] = SumW'($signed(sta_sum[e*StaW+:StaW]));
    end
    assign upd_valid_o[t]                                 = from_dyn || from_sta;
    assign upd_group_o[t*GroupA +: GroupA]                = from_dyn ? dyn_group : sta_group;
    assign upd_sum_o[t*BlockLen*SumW +: BlockLen*SumW] = from_dyn ? dyn_sum : sta_wide;
    `PANACEA_ASSERT(!(from_dyn && from_sta), "two updates of one tile's partial sums")
  end

  assign comp_valid_o = dyn_upd;
  assign comp_at_o    = {dyn_tile_end, dyn_group};

endmodule

`default_nettype wire
