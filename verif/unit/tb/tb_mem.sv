// SPDX-License-Identifier: Apache-2.0
// Unit top of replay_fifo (and ram_1r1w in it) in three sizes, the last a bank of WMEM.
`default_nettype none

module tb_mem ();

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  logic f4_valid, f4_ready, f4_last, f4_pass_valid, f4_pass_ready, f4_pass_keep;
  logic f4_out_valid, f4_out_ready, f4_out_last, f4_error, f4_held, f4_playing;
  logic [7:0] f4_data, f4_out_data;
  logic [2:0] f4_used;
  replay_fifo #(
    .Width(8),
    .Depth(4),
    .MaxBlocks(8)
  ) i_fifo4 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(f4_valid),
    .ready_o(f4_ready),
    .last_i(f4_last),
    .data_i(f4_data),
    .pass_valid_i(f4_pass_valid),
    .pass_ready_o(f4_pass_ready),
    .pass_keep_i(f4_pass_keep),
    .valid_o(f4_out_valid),
    .ready_i(f4_out_ready),
    .last_o(f4_out_last),
    .data_o(f4_out_data),
    .used_o(f4_used),
    .held_o(f4_held),
    .playing_o(f4_playing),
    .error_o(f4_error)
  );

  logic f16_valid, f16_ready, f16_last, f16_pass_valid, f16_pass_ready, f16_pass_keep;
  logic f16_out_valid, f16_out_ready, f16_out_last, f16_error, f16_held, f16_playing;
  logic [11:0] f16_data, f16_out_data;
  logic [4:0] f16_used;
  replay_fifo #(
    .Width(12),
    .Depth(16),
    .MaxBlocks(3)
  ) i_fifo16 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(f16_valid),
    .ready_o(f16_ready),
    .last_i(f16_last),
    .data_i(f16_data),
    .pass_valid_i(f16_pass_valid),
    .pass_ready_o(f16_pass_ready),
    .pass_keep_i(f16_pass_keep),
    .valid_o(f16_out_valid),
    .ready_i(f16_out_ready),
    .last_o(f16_out_last),
    .data_o(f16_out_data),
    .used_o(f16_used),
    .held_o(f16_held),
    .playing_o(f16_playing),
    .error_o(f16_error)
  );

  logic f1024_valid, f1024_ready, f1024_last, f1024_pass_valid, f1024_pass_ready;
  logic f1024_pass_keep, f1024_out_valid, f1024_out_ready, f1024_out_last, f1024_error;
  logic f1024_held, f1024_playing;
  logic [63:0] f1024_data, f1024_out_data;
  logic [10:0] f1024_used;
  replay_fifo #(
    .Width(64),
    .Depth(1024)
  ) i_fifo1024 (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(f1024_valid),
    .ready_o(f1024_ready),
    .last_i(f1024_last),
    .data_i(f1024_data),
    .pass_valid_i(f1024_pass_valid),
    .pass_ready_o(f1024_pass_ready),
    .pass_keep_i(f1024_pass_keep),
    .valid_o(f1024_out_valid),
    .ready_i(f1024_out_ready),
    .last_o(f1024_out_last),
    .data_o(f1024_out_data),
    .used_o(f1024_used),
    .held_o(f1024_held),
    .playing_o(f1024_playing),
    .error_o(f1024_error)
  );

endmodule

`default_nettype wire
