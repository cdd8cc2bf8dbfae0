// SPDX-License-Identifier: Apache-2.0
// Unit top of the workload scheduler. What the scheduler reads from the group buffer and the WBUF,
// in the cycle it asks, comes from tables that the bench writes.
`default_nettype none

module tb_schedule
  import panacea_pkg::*;
#(
  parameter int NumDwo = 4,
  parameter int NumSwo = 8
);

  localparam int Quads = (NumDwo + NumSwo) / 4;
  localparam int TileK = 64;
  localparam int Depth = 4;
  localparam int MetaW = $bits(group_meta_t);

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // By ring slot, and by {bank, tile}.
  logic [Depth*MetaW-1:0] sched_metas;
  logic [Depth*TileK-1:0] sched_x_masks;
  logic [4*TileK-1:0]     sched_w_masks;

  logic [2:0] sched_wr_ptr, sched_dyn_ptr, sched_sta_ptr;
  logic [1:0] gen_slot, sta_next_slot, sched_bank_full, sched_drain_cmd;
  logic [7:0] sched_drain_group;
  logic sched_load_done, sched_load_bank, mask_bank, mask_tile;

  logic [NumDwo-1:0] sched_dyn_valid, sched_dyn_next, sched_dyn_w_high, sched_dyn_x_high;
  logic [NumDwo-1:0] sched_dyn_bank, sched_dyn_tile;
  logic [NumDwo*6-1:0] sched_dyn_k;
  logic [NumDwo*2-1:0] sched_dyn_slot;
  logic [Quads-1:0] sched_sta_valid, sched_sta_next, sched_sta_bank, sched_sta_tile;
  logic [Quads*4-1:0] sched_sta_quad;
  logic [Quads*2-1:0] sched_sta_slot;
  logic sched_dyn_flush, sched_dyn_flush_tile, sched_dyn_final;
  logic sched_sta_flush, sched_sta_flush_tile, sched_sta_final;
  logic [7:0] sched_dyn_flush_group, sched_sta_flush_group;
  logic [2:0] sched_dyn_flush_shift, sched_sta_flush_shift;
  logic             sched_dyn_flush_wgt_up;
  logic [$bits(pea_event_t)-1:0] sched_event;

  assign sta_next_slot = sched_sta_ptr[1:0] + 2'd1;

  workload_scheduler #(
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .Depth(Depth)
  ) i_sched (
    .clk_i(clk),
    .rst_ni(rst_n),
    .wr_ptr_i(sched_wr_ptr),
    .dyn_ptr_o(sched_dyn_ptr),
    .sta_ptr_o(sched_sta_ptr),
    .gen_slot_o(gen_slot),
    .gen_meta_i(sched_metas[gen_slot*MetaW +: MetaW]),
    .gen_x_mask_i(sched_x_masks[gen_slot*TileK +: TileK]),
    .sta_meta_i(sched_metas[sched_sta_ptr[1:0]*MetaW +: MetaW]),
    .sta_next_meta_i(sched_metas[sta_next_slot*MetaW +: MetaW]),
    .load_done_i(sched_load_done),
    .load_bank_i(sched_load_bank),
    .bank_full_o(sched_bank_full),
    .mask_bank_o(mask_bank),
    .mask_tile_o(mask_tile),
    .gen_w_mask_i(sched_w_masks[{mask_bank, mask_tile}*TileK +: TileK]),
    .drain_cmd_i(sched_drain_cmd),
    .drain_group_i(sched_drain_group),
    .dyn_valid_o(sched_dyn_valid),
    .dyn_next_o(sched_dyn_next),
    .dyn_w_high_o(sched_dyn_w_high),
    .dyn_x_high_o(sched_dyn_x_high),
    .dyn_k_o(sched_dyn_k),
    .dyn_slot_o(sched_dyn_slot),
    .dyn_bank_o(sched_dyn_bank),
    .dyn_tile_o(sched_dyn_tile),
    .sta_valid_o(sched_sta_valid),
    .sta_next_o(sched_sta_next),
    .sta_quad_o(sched_sta_quad),
    .sta_slot_o(sched_sta_slot),
    .sta_bank_o(sched_sta_bank),
    .sta_tile_o(sched_sta_tile),
    .dyn_flush_o(sched_dyn_flush),
    .dyn_flush_tile_o(sched_dyn_flush_tile),
    .dyn_flush_group_o(sched_dyn_flush_group),
    .dyn_flush_shift_o(sched_dyn_flush_shift),
    .dyn_flush_wgt_up_o(sched_dyn_flush_wgt_up),
    .dyn_final_o(sched_dyn_final),
    .sta_flush_o(sched_sta_flush),
    .sta_flush_tile_o(sched_sta_flush_tile),
    .sta_flush_group_o(sched_sta_flush_group),
    .sta_flush_shift_o(sched_sta_flush_shift),
    .sta_final_o(sched_sta_final),
    .event_o(sched_event)
  );

endmodule

`default_nettype wire
