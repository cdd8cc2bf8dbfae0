// SPDX-License-Identifier: Apache-2.0
// Unit top of the memory manager; the bench plays the dispatcher, core, PPU and AXI memory.
`default_nettype none

module tb_manager
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea    = 4,
  parameter int WmemBeats = 64,
  parameter int AmemBeats = 128,
  parameter int OmemBeats = 64
) ();

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // For the bench: the parameters.
  logic [15:0] num_pea, wmem_beats, amem_beats, omem_beats;
  assign num_pea    = 16'(NumPea);
  assign wmem_beats = 16'(WmemBeats);
  assign amem_beats = 16'(AmemBeats);
  assign omem_beats = 16'(OmemBeats);

  logic m_run_n, m_abort, m_idle, m_reading, m_writing;
  // Program, descriptors and jobs
  logic m_start, m_desc_valid, m_desc_ready;
  logic [LineAddrW-1:0]           m_prog_line;
  logic [31:0]                    m_prog_count;
  logic [BusW-1:0]                m_desc_data;
  logic m_weight_valid, m_weight_ready, m_act_valid, m_act_ready;
  logic m_param_valid, m_param_ready, m_output_valid, m_output_ready;
  logic [$bits(weight_job_t)-1:0] m_weight_job;
  logic [$bits(act_job_t)-1:0]    m_act_job;
  logic [$bits(param_job_t)-1:0]  m_param_job;
  logic [$bits(output_job_t)-1:0] m_output_job;
  logic m_w_play_valid, m_w_play_ready, m_w_play_keep;
  logic m_x_play_valid, m_x_play_ready, m_x_play_keep;
  // Core and PPU
  logic [NumPea-1:0] m_w_valid, m_w_ready, m_w_tile_end, m_w_cmd_end;
  logic [NumPea*WordW-1:0] m_w_data;
  logic m_x_valid, m_x_ready, m_x_cmd_end, m_b_valid, m_b_ready;
  logic [BeatW-1:0]            m_x_data;
  logic [VecLen*PsumW-1:0]     m_b_data;
  logic m_par_valid, m_par_ready, m_ppu_cmd_valid, m_ppu_cmd_ready;
  logic [ParAddrW-1:0]         m_par_addr;
  logic [ParDataW-1:0]         m_par_data;
  logic [$bits(ppu_cmd_t)-1:0] m_ppu_cmd;
  logic m_y_valid, m_y_ready, m_y_last, m_y_tile, m_y_part;
  logic [BusW-1:0]             m_y_data;
  // Progress, errors, counts
  logic [SeqW-1:0]   m_written;
  logic [31:0]       m_next_desc;
  logic m_playing, m_read_error, m_write_error, m_chunk_error, m_table_error;
  logic m_w_end_error, m_x_end_error, m_w_large, m_x_large;
  logic [AddrW-1:0] m_read_error_addr, m_write_error_addr;
  logic [NumPea-1:0] m_wmem_wr, m_wmem_rd;
  logic m_amem_wr, m_amem_rd, m_omem_wr, m_omem_rd;
  // AXI4
  logic m_arvalid, m_arready, m_rvalid, m_rready, m_rlast;
  logic m_awvalid, m_awready, m_wvalid, m_wready, m_wlast, m_bvalid, m_bready;
  logic [AddrW-1:0] m_araddr, m_awaddr;
  logic [7:0] m_arlen, m_awlen;
  logic [1:0] m_rresp, m_bresp;
  logic [BusW-1:0] m_rdata, m_wdata;
  logic [BusW/8-1:0] m_wstrb;

  memory_manager #(
    .NumPea(NumPea),
    .WmemBeats(WmemBeats),
    .AmemBeats(AmemBeats),
    .OmemBeats(OmemBeats)
  ) i_manager (
    .clk_i(clk),
    .rst_ni(rst_n),
    .run_ni(m_run_n),
    .abort_i(m_abort),
    .idle_o(m_idle),
    .reading_o(m_reading),
    .writing_o(m_writing),
    .start_i(m_start),
    .prog_line_i(m_prog_line),
    .prog_count_i(m_prog_count),
    .desc_valid_o(m_desc_valid),
    .desc_ready_i(m_desc_ready),
    .desc_data_o(m_desc_data),
    .weight_valid_i(m_weight_valid),
    .weight_ready_o(m_weight_ready),
    .weight_job_i(m_weight_job),
    .act_valid_i(m_act_valid),
    .act_ready_o(m_act_ready),
    .act_job_i(m_act_job),
    .param_valid_i(m_param_valid),
    .param_ready_o(m_param_ready),
    .param_job_i(m_param_job),
    .output_valid_i(m_output_valid),
    .output_ready_o(m_output_ready),
    .output_job_i(m_output_job),
    .w_play_valid_i(m_w_play_valid),
    .w_play_ready_o(m_w_play_ready),
    .w_play_keep_i(m_w_play_keep),
    .x_play_valid_i(m_x_play_valid),
    .x_play_ready_o(m_x_play_ready),
    .x_play_keep_i(m_x_play_keep),
    .w_valid_o(m_w_valid),
    .w_ready_i(m_w_ready),
    .w_data_o(m_w_data),
    .w_tile_end_i(m_w_tile_end),
    .w_cmd_end_i(m_w_cmd_end),
    .x_valid_o(m_x_valid),
    .x_ready_i(m_x_ready),
    .x_data_o(m_x_data),
    .x_cmd_end_i(m_x_cmd_end),
    .b_valid_o(m_b_valid),
    .b_ready_i(m_b_ready),
    .b_data_o(m_b_data),
    .par_valid_o(m_par_valid),
    .par_ready_i(m_par_ready),
    .par_addr_o(m_par_addr),
    .par_data_o(m_par_data),
    .ppu_cmd_valid_o(m_ppu_cmd_valid),
    .ppu_cmd_ready_i(m_ppu_cmd_ready),
    .ppu_cmd_o(m_ppu_cmd),
    .y_valid_i(m_y_valid),
    .y_ready_o(m_y_ready),
    .y_data_i(m_y_data),
    .y_last_i(m_y_last),
    .y_tile_i(m_y_tile),
    .y_part_i(m_y_part),
    .written_o(m_written),
    .next_desc_o(m_next_desc),
    .playing_o(m_playing),
    .read_error_o(m_read_error),
    .read_error_addr_o(m_read_error_addr),
    .write_error_o(m_write_error),
    .write_error_addr_o(m_write_error_addr),
    .chunk_error_o(m_chunk_error),
    .table_error_o(m_table_error),
    .w_end_error_o(m_w_end_error),
    .x_end_error_o(m_x_end_error),
    .w_large_o(m_w_large),
    .x_large_o(m_x_large),
    .wmem_wr_o(m_wmem_wr),
    .wmem_rd_o(m_wmem_rd),
    .amem_wr_o(m_amem_wr),
    .amem_rd_o(m_amem_rd),
    .omem_wr_o(m_omem_wr),
    .omem_rd_o(m_omem_rd),
    .m_axi_arvalid_o(m_arvalid),
    .m_axi_arready_i(m_arready),
    .m_axi_araddr_o(m_araddr),
    .m_axi_arlen_o(m_arlen),
    .m_axi_rvalid_i(m_rvalid),
    .m_axi_rready_o(m_rready),
    .m_axi_rdata_i(m_rdata),
    .m_axi_rresp_i(m_rresp),
    .m_axi_rlast_i(m_rlast),
    .m_axi_awvalid_o(m_awvalid),
    .m_axi_awready_i(m_awready),
    .m_axi_awaddr_o(m_awaddr),
    .m_axi_awlen_o(m_awlen),
    .m_axi_wvalid_o(m_wvalid),
    .m_axi_wready_i(m_wready),
    .m_axi_wdata_o(m_wdata),
    .m_axi_wstrb_o(m_wstrb),
    .m_axi_wlast_o(m_wlast),
    .m_axi_bvalid_i(m_bvalid),
    .m_axi_bready_o(m_bready),
    .m_axi_bresp_i(m_bresp)
  );

endmodule

`default_nettype wire
