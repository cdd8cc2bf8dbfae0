// SPDX-License-Identifier: Apache-2.0
// Unit top of a PEA's operand buffers: weight_loader with wbuf, and group_buffer.
`default_nettype none

module tb_buffers
  import panacea_pkg::*;
();

  localparam int TileK = 64;
  localparam int MetaW = $bits(group_meta_t);

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // Weights: commands {dense, k_len, dtp} and words in, WBUF contents out.
  logic wc_valid, wc_ready, w_valid, w_ready;
  logic [17:0]                 wc_data;
  logic [WordW-1:0]            w_data;
  logic [1:0]                  wbuf_full;
  logic wbuf_done, wbuf_bank, wbuf_error;
  logic load_tile, lo_valid, ho_clear;
  logic [3:0]                  wr_quad;
  logic [WordVecs-1:0]         ho_valid;
  logic [WordEntries*6-1:0]    ho_pos;
  logic [WordVecs*VecW-1:0]    ho_vec;
  logic wbuf_mask_bank, wbuf_mask_tile;
  logic [TileK-1:0] wbuf_mask;
  logic [3:0] wbuf_vec_bank, wbuf_vec_tile, wbuf_vec_high;
  logic [4*6-1:0]              wbuf_vec_k;
  logic [4*VecW-1:0]           wbuf_vec;
  logic [2:0] wbuf_quad_bank, wbuf_quad_tile;
  logic [3*4-1:0] wbuf_quad_at;
  logic [3*QuadW-1:0] wbuf_quad_lo, wbuf_quad_ho;

  weight_loader #(
    .TileK(TileK)
  ) i_loader (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(wc_valid),
    .cmd_ready_o(wc_ready),
    .k_len_i(wc_data[16:1]),
    .dtp_i(wc_data[0]),
    .dense_i(wc_data[17]),
    .valid_i(w_valid),
    .ready_o(w_ready),
    .data_i(w_data),
    .bank_full_i(wbuf_full),
    .bank_done_o(wbuf_done),
    .bank_o(wbuf_bank),
    .tile_o(load_tile),
    .lo_valid_o(lo_valid),
    .quad_o(wr_quad),
    .ho_clear_o(ho_clear),
    .ho_valid_o(ho_valid),
    .ho_pos_o(ho_pos),
    .ho_vec_o(ho_vec),
    .error_o(wbuf_error)
  );
  wbuf #(
    .NumVecs(4),
    .NumQuads(3),
    .TileK(TileK)
  ) i_wbuf (
    .clk_i(clk),
    .rst_ni(rst_n),
    .bank_i(wbuf_bank),
    .tile_i(load_tile),
    .lo_valid_i(lo_valid),
    .wr_quad_i(wr_quad),
    .ho_clear_i(ho_clear),
    .ho_valid_i(ho_valid),
    .ho_pos_i(ho_pos),
    .ho_vec_i(ho_vec),
    .data_i(w_data),
    .mask_bank_i(wbuf_mask_bank),
    .mask_tile_i(wbuf_mask_tile),
    .mask_o(wbuf_mask),
    .vec_bank_i(wbuf_vec_bank),
    .vec_tile_i(wbuf_vec_tile),
    .vec_high_i(wbuf_vec_high),
    .vec_k_i(wbuf_vec_k),
    .vec_o(wbuf_vec),
    .quad_bank_i(wbuf_quad_bank),
    .quad_tile_i(wbuf_quad_tile),
    .quad_i(wbuf_quad_at),
    .quad_lo_o(wbuf_quad_lo),
    .quad_ho_o(wbuf_quad_ho)
  );

  // Activation groups: beats {last, meta, stored, ho, lo} in, operands out.
  logic g_valid, g_ready;
  logic [1+MetaW+16+2*BeatW-1:0] g_data;
  logic group_ready, group_take, group_last;
  logic [2:0] group_wr_ptr, group_dyn_ptr, group_sta_ptr;
  logic [1:0] group_gen_slot, group_sta_slot;
  logic [MetaW-1:0] group_gen_meta, group_sta_meta, group_sta_next_meta;
  logic [TileK-1:0]              group_gen_mask;
  logic [4*2-1:0]                group_vec_slot;
  logic [3:0]                    group_vec_high;
  logic [4*6-1:0]                group_vec_k;
  logic [4*VecW-1:0]             group_vec;
  logic [3*2-1:0]                group_quad_slot;
  logic [3*4-1:0]                group_quad_at;
  logic [3*QuadW-1:0] group_quad_lo, group_quad_ho;

  assign group_ready = g_ready;
  assign group_take  = g_valid && g_ready;
  assign group_last  = g_data[2*BeatW+16+MetaW];

  group_buffer #(
    .NumVecs(4),
    .NumQuads(3),
    .TileK(TileK),
    .Depth(4),
    .BeatLen(16)
  ) i_group (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(g_valid),
    .ready_o(g_ready),
    .last_i(group_last),
    .meta_i(g_data[2*BeatW+16 +: MetaW]),
    .stored_i(g_data[2*BeatW +: 16]),
    .ho_i(g_data[BeatW +: BeatW]),
    .lo_i(g_data[0 +: BeatW]),
    .wr_ptr_o(group_wr_ptr),
    .dyn_ptr_i(group_dyn_ptr),
    .sta_ptr_i(group_sta_ptr),
    .gen_slot_i(group_gen_slot),
    .gen_meta_o(group_gen_meta),
    .gen_mask_o(group_gen_mask),
    .sta_slot_i(group_sta_slot),
    .sta_meta_o(group_sta_meta),
    .sta_next_meta_o(group_sta_next_meta),
    .vec_slot_i(group_vec_slot),
    .vec_high_i(group_vec_high),
    .vec_k_i(group_vec_k),
    .vec_o(group_vec),
    .quad_slot_i(group_quad_slot),
    .quad_i(group_quad_at),
    .quad_lo_o(group_quad_lo),
    .quad_ho_o(group_quad_ho)
  );

endmodule

`default_nettype wire
