// SPDX-License-Identifier: Apache-2.0
// Unit top of the weight DMA and of WMEM, each on its own.
`default_nettype none

module tb_weights
  import panacea_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea = 16
) ();

  localparam int Depth = 128;  // beats of a bank, as the DMA sees them
  localparam int BankDepth = 16;  // beats of WMEM's banks
  localparam int UsedW = $clog2(Depth) + 1;
  localparam int BankUsedW = $clog2(BankDepth) + 1;

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // For the benches: the parameters.
  logic [15:0] num_pea, depth, bank_depth;
  assign num_pea    = 16'(NumPea);
  assign depth      = 16'(Depth);
  assign bank_depth = 16'(BankDepth);

  logic l_job_valid, l_job_ready, l_req_valid, l_req_ready, l_valid;
  logic l_ready, l_bank_last, l_error, l_too_large;
  logic [$bits(weight_job_t)-1:0] l_job;
  logic [$bits(read_req_t)-1:0]   l_req;
  logic [BusW-1:0] l_data, l_bank_data;
  logic [NumPea*UsedW-1:0] l_used;
  logic [NumPea-1:0] l_held, l_bank_valid, l_bank_ready;
  weight_dma #(
    .NumPea(NumPea),
    .Depth(Depth)
  ) i_loader (
    .clk_i(clk),
    .rst_ni(rst_n),
    .job_valid_i(l_job_valid),
    .job_ready_o(l_job_ready),
    .job_i(l_job),
    .req_valid_o(l_req_valid),
    .req_ready_i(l_req_ready),
    .req_o(l_req),
    .valid_i(l_valid),
    .ready_o(l_ready),
    .data_i(l_data),
    .used_i(l_used),
    .held_i(l_held),
    .bank_valid_o(l_bank_valid),
    .bank_ready_i(l_bank_ready),
    .bank_last_o(l_bank_last),
    .bank_data_o(l_bank_data),
    .error_o(l_error),
    .too_large_o(l_too_large)
  );

  logic [NumPea-1:0] m_valid, m_ready, m_w_valid, m_w_ready, m_tile_end, m_cmd_end;
  logic [NumPea-1:0] m_held, m_wr, m_rd;
  logic m_last, m_play_valid, m_play_ready, m_play_keep, m_playing;
  logic                        m_end_error;
  logic [4*WordW-1:0]          m_data;
  logic [NumPea*WordW-1:0]     m_w_data;
  logic [NumPea*BankUsedW-1:0] m_used;
  wmem #(
    .NumPea(NumPea),
    .Depth(BankDepth)
  ) i_wmem (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(m_valid),
    .ready_o(m_ready),
    .last_i(m_last),
    .data_i(m_data),
    .play_valid_i(m_play_valid),
    .play_ready_o(m_play_ready),
    .play_keep_i(m_play_keep),
    .w_valid_o(m_w_valid),
    .w_ready_i(m_w_ready),
    .w_data_o(m_w_data),
    .w_tile_end_i(m_tile_end),
    .w_cmd_end_i(m_cmd_end),
    .used_o(m_used),
    .held_o(m_held),
    .playing_o(m_playing),
    .wr_o(m_wr),
    .rd_o(m_rd),
    .end_error_o(m_end_error)
  );

endmodule

`default_nettype wire
