// SPDX-License-Identifier: Apache-2.0
// Unit top of idxd in four sizes, stream_fifo in two, and result_drain.
`default_nettype none

module tb_lists
  import panacea_pkg::*;
();

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // All sizes see the same list; only the one that is looked at has a meaning.
  logic idx_valid, idx_last;
  logic [3:0]  idx_count;
  logic [47:0] idx_index;
  logic [6:0]  idx_k_len;

  logic [2:0] idx3x64_valid, idx3x4_valid;
  logic [11:0] idx12x64_valid, idx12x4_valid;
  logic [17:0] idx3x64_pos;
  logic [5:0]  idx3x4_pos;
  logic [71:0] idx12x64_pos;
  logic [23:0] idx12x4_pos;
  logic idx3x64_error, idx12x64_error, idx3x4_error, idx12x4_error;

  idxd #(
    .NumEntries(3),
    .TileK(64)
  ) i_idxd3x64 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(idx_valid),
    .last_i(idx_last),
    .count_i(idx_count[2:0]),
    .index_i(idx_index[11:0]),
    .k_len_i(idx_k_len),
    .valid_o(idx3x64_valid),
    .pos_o(idx3x64_pos),
    .error_o(idx3x64_error)
  );
  idxd #(
    .NumEntries(12),
    .TileK(64)
  ) i_idxd12x64 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(idx_valid),
    .last_i(idx_last),
    .count_i({1'b0, idx_count}),
    .index_i(idx_index),
    .k_len_i(idx_k_len),
    .valid_o(idx12x64_valid),
    .pos_o(idx12x64_pos),
    .error_o(idx12x64_error)
  );
  idxd #(
    .NumEntries(3),
    .TileK(4)
  ) i_idxd3x4 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(idx_valid),
    .last_i(idx_last),
    .count_i(idx_count[2:0]),
    .index_i(idx_index[11:0]),
    .k_len_i(idx_k_len[2:0]),
    .valid_o(idx3x4_valid),
    .pos_o(idx3x4_pos),
    .error_o(idx3x4_error)
  );
  idxd #(
    .NumEntries(12),
    .TileK(4)
  ) i_idxd12x4 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(idx_valid),
    .last_i(idx_last),
    .count_i({1'b0, idx_count}),
    .index_i(idx_index),
    .k_len_i(idx_k_len[2:0]),
    .valid_o(idx12x4_valid),
    .pos_o(idx12x4_pos),
    .error_o(idx12x4_error)
  );

  logic fifo2_valid, fifo2_ready, fifo2_out_valid, fifo2_out_ready;
  logic [7:0] fifo2_data, fifo2_out_data;
  stream_fifo #(
    .Width(8),
    .Depth(2)
  ) i_fifo2 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(fifo2_valid),
    .ready_o(fifo2_ready),
    .data_i(fifo2_data),
    .valid_o(fifo2_out_valid),
    .ready_i(fifo2_out_ready),
    .data_o(fifo2_out_data)
  );

  logic fifo5_valid, fifo5_ready, fifo5_out_valid, fifo5_out_ready;
  logic [30:0] fifo5_data, fifo5_out_data;
  stream_fifo #(
    .Width(31),
    .Depth(5)
  ) i_fifo5 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(fifo5_valid),
    .ready_o(fifo5_ready),
    .data_i(fifo5_data),
    .valid_o(fifo5_out_valid),
    .ready_i(fifo5_out_ready),
    .data_o(fifo5_out_data)
  );

  logic drain_cmd_valid, drain_cmd_ready, drain_dtp, drain_dyn_final, drain_sta_final;
  logic drain_rd_valid, drain_rd_ready, drain_rd_tile, drain_valid, drain_tile, drain_ready;
  logic [7:0] drain_groups, drain_rd_group;
  logic [1:0] drain_cmd_id;
  result_drain #(
    .Groups(16)
  ) i_result_drain (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(drain_cmd_valid),
    .cmd_ready_o(drain_cmd_ready),
    .groups_i(drain_groups),
    .dtp_i(drain_dtp),
    .dyn_final_i(drain_dyn_final),
    .sta_final_i(drain_sta_final),
    .rd_valid_o(drain_rd_valid),
    .rd_ready_i(drain_rd_ready),
    .rd_tile_o(drain_rd_tile),
    .rd_group_o(drain_rd_group),
    .cmd_id_o(drain_cmd_id),
    .valid_o(drain_valid),
    .tile_o(drain_tile),
    .ready_i(drain_ready)
  );

endmodule

`default_nettype wire
