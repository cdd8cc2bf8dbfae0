// SPDX-License-Identifier: Apache-2.0
// Unit top of the scheduler of pooled operators. What it reads from the group buffer and the WBUF,
// in the cycle it asks, comes from tables that the bench writes.
`default_nettype none

module tb_pooled
  import panacea_pkg::*;
();

  localparam int NumOps = 12;
  localparam int Quads = 4;
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

  logic [2:0] sched_wr_ptr, sched_pool_ptr;
  logic [1:0] gen_slot, sched_bank_full, sched_drain_cmd;
  logic [7:0] sched_drain_group;
  logic sched_drain_dtp, sched_load_done, sched_load_bank, mask_bank, mask_tile;

  logic [NumOps-1:0] sched_pool_valid, sched_pool_next, sched_pool_w_high, sched_pool_x_high;
  logic [4*NumOps-1:0] sched_pool_at;
  logic [4*Quads-1:0]  sched_pool_quad;
  logic [2*Quads-1:0]  sched_pool_slot;
  logic [Quads-1:0] sched_pool_bank, sched_pool_tile;
  logic sched_pool_flush, sched_pool_flush_tile, sched_pool_flush_wgt_up;
  logic                sched_pool_final;
  logic [7:0]          sched_pool_flush_group;
  logic [2:0]          sched_pool_flush_shift;
  logic [$bits(pea_event_t)-1:0] sched_event;

  pooled_scheduler #(
    .NumOps(NumOps),
    .TileK(TileK),
    .Depth(Depth)
  ) i_sched (
    .clk_i(clk),
    .rst_ni(rst_n),
    .wr_ptr_i(sched_wr_ptr),
    .done_ptr_o(sched_pool_ptr),
    .gen_slot_o(gen_slot),
    .gen_meta_i(sched_metas[gen_slot*MetaW +: MetaW]),
    .gen_x_mask_i(sched_x_masks[gen_slot*TileK +: TileK]),
    .load_done_i(sched_load_done),
    .load_bank_i(sched_load_bank),
    .bank_full_o(sched_bank_full),
    .mask_bank_o(mask_bank),
    .mask_tile_o(mask_tile),
    .gen_w_mask_i(sched_w_masks[{mask_bank, mask_tile}*TileK +: TileK]),
    .drain_dtp_i(sched_drain_dtp),
    .drain_cmd_i(sched_drain_cmd),
    .drain_group_i(sched_drain_group),
    .quad_o(sched_pool_quad),
    .slot_o(sched_pool_slot),
    .bank_o(sched_pool_bank),
    .tile_o(sched_pool_tile),
    .valid_o(sched_pool_valid),
    .next_o(sched_pool_next),
    .w_high_o(sched_pool_w_high),
    .x_high_o(sched_pool_x_high),
    .at_o(sched_pool_at),
    .flush_o(sched_pool_flush),
    .flush_tile_o(sched_pool_flush_tile),
    .flush_group_o(sched_pool_flush_group),
    .flush_shift_o(sched_pool_flush_shift),
    .flush_wgt_up_o(sched_pool_flush_wgt_up),
    .final_o(sched_pool_final),
    .event_o(sched_event)
  );

endmodule

`default_nettype wire
