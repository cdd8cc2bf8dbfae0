// SPDX-License-Identifier: Apache-2.0
// Operands, scheduler and operators of a PEA with pooled operators: any of them runs any product.
// Takes weights and activation groups, gives finished sums with the places that they belong to.
// Wires its blocks.
//
// The operators read through the scheduler's window: a few quads of LO and HO vectors of either
// operand, so that no operator needs a read port on all of the buffers.
`default_nettype none

module pooled_datapath
  import panacea_pkg::*;
#(
  parameter int NumOps  = 12,
  parameter int TileK   = 64,
  parameter int TileN   = 64,
  parameter int Depth   = 4,
  parameter int BeatLen = 16,
  localparam int NumQuads = NumOps / 4 + 1,
  localparam int Window   = 4 * NumQuads,
  localparam int AtW      = $clog2(Window),
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
  input  logic                        drain_dtp_i,
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

  // Schedule
  logic [SlotW:0] wr_ptr, done_ptr;
  logic [SlotW-1:0]          gen_slot;
  logic [MetaW-1:0]          gen_meta;
  logic [TileK-1:0] x_mask, w_mask;
  logic mask_bank, mask_tile;
  logic [NumQuads*QuadA-1:0] quad;
  logic [NumQuads*SlotW-1:0] slot;
  logic [NumQuads-1:0] bank, tile;
  logic [NumOps-1:0] op_valid, op_next, op_w_high, op_x_high;
  logic [NumOps*AtW-1:0] op_at;
  logic flush, flush_tile, flush_wgt_up, last_sum;
  logic [7:0]                flush_group;
  logic [ShiftW-1:0]         flush_shift;

  pooled_scheduler #(
    .NumOps(NumOps),
    .TileK(TileK),
    .Depth(Depth)
  ) i_pooled_scheduler (
    .clk_i,
    .rst_ni,
    .wr_ptr_i       (wr_ptr),
    .done_ptr_o     (done_ptr),
    .gen_slot_o     (gen_slot),
    .gen_meta_i     (gen_meta),
    .gen_x_mask_i   (x_mask),
    .load_done_i,
    .load_bank_i,
    .bank_full_o,
    .mask_bank_o    (mask_bank),
    .mask_tile_o    (mask_tile),
    .gen_w_mask_i   (w_mask),
    .drain_dtp_i,
    .drain_cmd_i,
    .drain_group_i,
    .quad_o         (quad),
    .slot_o         (slot),
    .bank_o         (bank),
    .tile_o         (tile),
    .valid_o        (op_valid),
    .next_o         (op_next),
    .w_high_o       (op_w_high),
    .x_high_o       (op_x_high),
    .at_o           (op_at),
    .flush_o        (flush),
    .flush_tile_o   (flush_tile),
    .flush_group_o  (flush_group),
    .flush_shift_o  (flush_shift),
    .flush_wgt_up_o (flush_wgt_up),
    .final_o        (last_sum),
    .event_o
  );

  // Operands: the window's LO and HO vectors by quad; none is read singly.
  logic [Window*VecW-1:0] w_lo, w_ho, x_lo, x_ho;

  wbuf #(
    .NumVecs(1),
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
    .vec_bank_i  ('0),
    .vec_tile_i  ('0),
    .vec_high_i  ('0),
    .vec_k_i     ('0),
    .vec_o       (),
    .quad_bank_i (bank),
    .quad_tile_i (tile),
    .quad_i      (quad),
    .quad_lo_o   (w_lo),
    .quad_ho_o   (w_ho)
  );

  group_buffer #(
    .NumVecs(1),
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
    .dyn_ptr_i       (done_ptr),
    .sta_ptr_i       (done_ptr),
    .gen_slot_i      (gen_slot),
    .gen_meta_o      (gen_meta),
    .gen_mask_o      (x_mask),
    .sta_slot_i      (gen_slot),
    .sta_meta_o      (),
    .sta_next_meta_o (),
    .vec_slot_i      ('0),
    .vec_high_i      ('0),
    .vec_k_i         ('0),
    .vec_o           (),
    .quad_slot_i     (slot),
    .quad_i          (quad),
    .quad_lo_o       (x_lo),
    .quad_ho_o       (x_ho)
  );

  // Operators
  logic upd, upd_tile, upd_final;
  logic [GroupA-1:0]        upd_group;
  logic [BlockLen*SumW-1:0] sum;

  pooled_array #(
    .NumOps(NumOps),
    .TileK(TileK)
  ) i_pooled_array (
    .clk_i,
    .rst_ni,
    .valid_i  (op_valid),
    .next_i   (op_next),
    .w_high_i (op_w_high),
    .x_high_i (op_x_high),
    .at_i     (op_at),
    .w_lo_i   (w_lo),
    .w_ho_i   (w_ho),
    .x_lo_i   (x_lo),
    .x_ho_i   (x_ho),
    .flush_i  (flush),
    .shift_i  (flush_shift),
    .wgt_up_i (flush_wgt_up),
    .valid_o  (upd),
    .sum_o    (sum),
    .comp_sum_o
  );

  // Where the sums go.
  destination_delay #(
    .GroupA(GroupA)
  ) i_delay (
    .clk_i,
    .rst_ni,
    .final_i (last_sum),
    .tile_i  (flush_tile),
    .group_i (flush_group),
    .final_o (upd_final),
    .tile_o  (upd_tile),
    .group_o (upd_group)
  );

  assign upd_valid_o  = {upd && upd_tile, upd && !upd_tile};
  assign upd_group_o  = {2{upd_group}};
  assign upd_sum_o    = {2{sum}};
  assign comp_valid_o = upd;
  assign comp_at_o    = {upd_tile, upd_group};
  assign dyn_final_o  = upd_final;
  assign sta_final_o  = upd_final;

endmodule

`default_nettype wire
