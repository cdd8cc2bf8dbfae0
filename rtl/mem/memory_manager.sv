// SPDX-License-Identifier: Apache-2.0
// Memory manager: WMEM, AMEM and OMEM, the DMAs that fill and empty them, and the chip's AXI4
// master. Wires only. Every read is asked for when there is room for it, so that the read data
// channel never waits and no stream can hold up another.
`default_nettype none

module memory_manager
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea    = 16,
  parameter int WmemBeats = 256,
  parameter int AmemBeats = 1024,
  parameter int OmemBeats = 1024,
  localparam int WeightJobW = $bits(weight_job_t),
  localparam int ActJobW    = $bits(act_job_t),
  localparam int ParamJobW  = $bits(param_job_t),
  localparam int OutputJobW = $bits(output_job_t),
  localparam int PpuCmdW    = $bits(ppu_cmd_t),
  localparam int StrbW      = BusW / 8
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,         // of the AXI masters
  input  logic                    run_ni,         // of all else
  input  logic                    abort_i,
  output logic                    idle_o,         // nothing is under way on the bus
  output logic                    reading_o,
  output logic                    writing_o,
  // Program and descriptors
  input  logic                    start_i,
  input  logic [LineAddrW-1:0]        prog_line_i,
  input  logic [31:0]             prog_count_i,
  output logic                    desc_valid_o,
  input  logic                    desc_ready_i,
  output logic [BusW-1:0]         desc_data_o,
  // Jobs
  input  logic                    weight_valid_i,
  output logic                    weight_ready_o,
  input  logic [WeightJobW-1:0]   weight_job_i,
  input  logic                    act_valid_i,
  output logic                    act_ready_o,
  input  logic [ActJobW-1:0]      act_job_i,
  input  logic                    param_valid_i,
  output logic                    param_ready_o,
  input  logic [ParamJobW-1:0]    param_job_i,
  input  logic                    output_valid_i,
  output logic                    output_ready_o,
  input  logic [OutputJobW-1:0]   output_job_i,
  input  logic                    w_play_valid_i,
  output logic                    w_play_ready_o,
  input  logic                    w_play_keep_i,
  input  logic                    x_play_valid_i,
  output logic                    x_play_ready_o,
  input  logic                    x_play_keep_i,
  // Core and PPU
  output logic [NumPea-1:0]       w_valid_o,
  input  logic [NumPea-1:0]       w_ready_i,
  output logic [NumPea*WordW-1:0] w_data_o,
  input  logic [NumPea-1:0]       w_tile_end_i,
  input  logic [NumPea-1:0]       w_cmd_end_i,
  output logic                    x_valid_o,
  input  logic                    x_ready_i,
  output logic [BeatW-1:0]        x_data_o,
  input  logic                    x_cmd_end_i,
  output logic                    b_valid_o,
  input  logic                    b_ready_i,
  output logic [VecLen*PsumW-1:0] b_data_o,
  output logic                    par_valid_o,
  input  logic                    par_ready_i,
  output logic [ParAddrW-1:0]     par_addr_o,
  output logic [ParDataW-1:0]     par_data_o,
  output logic                    ppu_cmd_valid_o,
  input  logic                    ppu_cmd_ready_i,
  output logic [PpuCmdW-1:0]      ppu_cmd_o,
  input  logic                    y_valid_i,
  output logic                    y_ready_o,
  input  logic [BusW-1:0]         y_data_i,
  input  logic                    y_last_i,
  input  logic                    y_tile_i,
  input  logic                    y_part_i,
  // Progress, errors, counts
  output logic [SeqW-1:0]         written_o,
  output logic [31:0]             next_desc_o,
  output logic                    playing_o,      // a block is not played to its end
  output logic                    read_error_o,
  output logic [AddrW-1:0]        read_error_addr_o,
  output logic                    write_error_o,
  output logic [AddrW-1:0]        write_error_addr_o,
  output logic                    chunk_error_o,
  output logic                    table_error_o,
  output logic                    w_end_error_o,
  output logic                    x_end_error_o,
  output logic                    w_large_o,
  output logic                    x_large_o,
  output logic [NumPea-1:0]       wmem_wr_o,
  output logic [NumPea-1:0]       wmem_rd_o,
  output logic                    amem_wr_o,
  output logic                    amem_rd_o,
  output logic                    omem_wr_o,
  output logic                    omem_rd_o,
  // AXI4
  output logic                    m_axi_arvalid_o,
  input  logic                    m_axi_arready_i,
  output logic [AddrW-1:0]        m_axi_araddr_o,
  output logic [7:0]              m_axi_arlen_o,
  input  logic                    m_axi_rvalid_i,
  output logic                    m_axi_rready_o,
  input  logic [BusW-1:0]         m_axi_rdata_i,
  input  logic [1:0]              m_axi_rresp_i,
  input  logic                    m_axi_rlast_i,
  output logic                    m_axi_awvalid_o,
  input  logic                    m_axi_awready_i,
  output logic [AddrW-1:0]        m_axi_awaddr_o,
  output logic [7:0]              m_axi_awlen_o,
  output logic                    m_axi_wvalid_o,
  input  logic                    m_axi_wready_i,
  output logic [BusW-1:0]         m_axi_wdata_o,
  output logic [StrbW-1:0]        m_axi_wstrb_o,
  output logic                    m_axi_wlast_o,
  input  logic                    m_axi_bvalid_i,
  output logic                    m_axi_bready_o,
  input  logic [1:0]              m_axi_bresp_i
);

  localparam int Sources = 4;
  localparam int ReqW = $bits(read_req_t);
  localparam int WmemUsedW = $clog2(WmemBeats) + 1;
  localparam int AmemUsedW = $clog2(AmemBeats) + 1;

  // Reads
  logic [Sources-1:0] req_valid, req_ready;
  logic [Sources*ReqW-1:0] req;
  logic rd_valid, rd_ready, r_valid, r_last, weight_ready, r_idle;
  logic [ReqW-1:0]         rd_bits;
  read_req_t               rd;
  logic [LineAddrW-1:0]        rd_line;
  logic [15:0]             rd_beats;
  logic [TagW-1:0] rd_tag, r_tag;
  logic [BusW-1:0] r_data;

  assign rd       = rd_bits;
  assign rd_line  = rd.line;
  assign rd_beats = rd.beats;
  assign rd_tag   = rd.tag;

  read_arbiter i_arbiter (
    .clk_i,
    .rst_ni (run_ni),
    .valid_i (req_valid),
    .ready_o (req_ready),
    .req_i (req),
    .valid_o (rd_valid),
    .ready_i (rd_ready),
    .req_o (rd_bits)
  );

  axi_reader #(
    .AddrW(AddrW),
    .TagW(TagW),
    .Outstanding(16)
  ) i_reader (
    .clk_i,
    .rst_ni,
    .abort_i,
    .idle_o       (r_idle),
    .req_valid_i  (rd_valid),
    .req_ready_o  (rd_ready),
    .req_addr_i   ({rd_line, LineShift'(0)}),
    .req_beats_i  (rd_beats),
    .req_tag_i    (rd_tag),
    .valid_o      (r_valid),
    .ready_i      (r_tag != TagWeight || weight_ready),
    .last_o       (r_last),
    .tag_o        (r_tag),
    .data_o       (r_data),
    .error_o      (read_error_o),
    .error_addr_o (read_error_addr_o),
    .m_axi_arvalid_o,
    .m_axi_arready_i,
    .m_axi_araddr_o,
    .m_axi_arlen_o,
    .m_axi_rvalid_i,
    .m_axi_rready_o,
    .m_axi_rdata_i,
    .m_axi_rresp_i,
    .m_axi_rlast_i
  );

  descriptor_dma i_descriptors (
    .clk_i,
    .rst_ni (run_ni),
    .start_i,
    .line_i      (prog_line_i),
    .count_i     (prog_count_i),
    .req_valid_o (req_valid[0]),
    .req_ready_i (req_ready[0]),
    .req_o       (req[0*ReqW +: ReqW]),
    .valid_i     (r_valid && r_tag == TagDesc),
    .data_i      (r_data),
    .valid_o     (desc_valid_o),
    .ready_i     (desc_ready_i),
    .data_o      (desc_data_o)
  );

  parameter_dma #(
    .NumPea(NumPea)
  ) i_parameters (
    .clk_i,
    .rst_ni (run_ni),
    .job_valid_i (param_valid_i),
    .job_ready_o (param_ready_o),
    .job_i       (param_job_i),
    .req_valid_o (req_valid[1]),
    .req_ready_i (req_ready[1]),
    .req_o       (req[1*ReqW +: ReqW]),
    .valid_i     (r_valid && r_tag == TagParam),
    .data_i      (r_data),
    .b_valid_o,
    .b_ready_i,
    .b_data_o,
    .par_valid_o,
    .par_ready_i,
    .par_addr_o,
    .par_data_o,
    .cmd_valid_o (ppu_cmd_valid_o),
    .cmd_ready_i (ppu_cmd_ready_i),
    .cmd_o       (ppu_cmd_o)
  );

  // Activations
  logic [AmemUsedW-1:0] amem_used;
  logic amem_valid, amem_ready, amem_held, amem_playing, amem_last, unused_error;

  assign amem_valid = r_valid && (r_tag == TagAct || r_tag == TagActLast);
  assign amem_wr_o  = amem_valid && amem_ready;
  assign amem_rd_o  = x_valid_o && x_ready_i;
  // A block may end with a command only.
  assign x_end_error_o = amem_rd_o && amem_last && !x_cmd_end_i;

  activation_dma #(
    .Depth(AmemBeats)
  ) i_activations (
    .clk_i,
    .rst_ni (run_ni),
    .job_valid_i   (act_valid_i),
    .job_ready_o   (act_ready_o),
    .job_i         (act_job_i),
    .written_i     (written_o),
    .req_valid_o   (req_valid[2]),
    .req_ready_i   (req_ready[2]),
    .req_o         (req[2*ReqW +: ReqW]),
    .table_valid_i (r_valid && r_tag == TagTable),
    .data_i        (r_data),
    .act_valid_i   (amem_valid),
    .act_ready_i   (amem_ready),
    .used_i        (amem_used),
    .held_i        (amem_held),
    .error_o       (table_error_o),
    .too_large_o   (x_large_o)
  );

  replay_fifo #(
    .Width(BusW),
    .Depth(AmemBeats)
  ) i_amem (
    .clk_i,
    .rst_ni (run_ni),
    .valid_i      (amem_valid),
    .ready_o      (amem_ready),
    .last_i       (r_last && r_tag == TagActLast),
    .data_i       (r_data),
    .pass_valid_i (x_play_valid_i),
    .pass_ready_o (x_play_ready_o),
    .pass_keep_i  (x_play_keep_i),
    .valid_o      (x_valid_o),
    .ready_i      (x_ready_i),
    .last_o       (amem_last),
    .data_o       (x_data_o),
    .used_o       (amem_used),
    .held_o       (amem_held),
    .playing_o    (amem_playing),
    .error_o      (unused_error)
  );

  // Weights
  logic [NumPea*WmemUsedW-1:0] wmem_used;
  logic [NumPea-1:0] wmem_held, bank_valid, bank_ready;
  logic bank_last, wmem_playing;
  logic [BusW-1:0] bank_data;

  assign playing_o = amem_playing || wmem_playing;

  weight_dma #(
    .NumPea(NumPea),
    .Depth(WmemBeats)
  ) i_weights (
    .clk_i,
    .rst_ni (run_ni),
    .job_valid_i  (weight_valid_i),
    .job_ready_o  (weight_ready_o),
    .job_i        (weight_job_i),
    .req_valid_o  (req_valid[3]),
    .req_ready_i  (req_ready[3]),
    .req_o        (req[3*ReqW +: ReqW]),
    .valid_i      (r_valid && r_tag == TagWeight),
    .ready_o      (weight_ready),
    .data_i       (r_data),
    .used_i       (wmem_used),
    .held_i       (wmem_held),
    .bank_valid_o (bank_valid),
    .bank_ready_i (bank_ready),
    .bank_last_o  (bank_last),
    .bank_data_o  (bank_data),
    .error_o      (chunk_error_o),
    .too_large_o  (w_large_o)
  );

  wmem #(
    .NumPea(NumPea),
    .Depth(WmemBeats)
  ) i_wmem (
    .clk_i,
    .rst_ni (run_ni),
    .valid_i      (bank_valid),
    .ready_o      (bank_ready),
    .last_i       (bank_last),
    .data_i       (bank_data),
    .play_valid_i (w_play_valid_i),
    .play_ready_o (w_play_ready_o),
    .play_keep_i  (w_play_keep_i),
    .w_valid_o,
    .w_ready_i,
    .w_data_o,
    .w_tile_end_i,
    .w_cmd_end_i,
    .used_o       (wmem_used),
    .held_o       (wmem_held),
    .playing_o    (wmem_playing),
    .wr_o         (wmem_wr_o),
    .rd_o         (wmem_rd_o),
    .end_error_o  (w_end_error_o)
  );

  // Results
  logic wr_valid, wr_ready, out_valid, out_ready, wr_done, w_idle;
  logic [AddrW-1:0] wr_addr;
  logic [15:0]      wr_beats;
  logic [BusW-1:0]  out_data;
  logic [StrbW-1:0] out_strb;

  result_dma #(
    .Depth(OmemBeats)
  ) i_results (
    .clk_i,
    .rst_ni (run_ni),
    .job_valid_i (output_valid_i),
    .job_ready_o (output_ready_o),
    .job_i       (output_job_i),
    .valid_i     (y_valid_i),
    .ready_o     (y_ready_o),
    .data_i      (y_data_i),
    .last_i      (y_last_i),
    .tile_i      (y_tile_i),
    .part_i      (y_part_i),
    .req_valid_o (wr_valid),
    .req_ready_i (wr_ready),
    .req_addr_o  (wr_addr),
    .req_beats_o (wr_beats),
    .valid_o     (out_valid),
    .ready_i     (out_ready),
    .data_o      (out_data),
    .strb_o      (out_strb),
    .done_i      (wr_done),
    .written_o,
    .next_desc_o,
    .mem_wr_o    (omem_wr_o),
    .mem_rd_o    (omem_rd_o)
  );

  axi_writer #(
    .AddrW(AddrW)
  ) i_writer (
    .clk_i,
    .rst_ni,
    .abort_i,
    .idle_o       (w_idle),
    .req_valid_i  (wr_valid),
    .req_ready_o  (wr_ready),
    .req_addr_i   (wr_addr),
    .req_beats_i  (wr_beats),
    .valid_i      (out_valid),
    .ready_o      (out_ready),
    .data_i       (out_data),
    .strb_i       (out_strb),
    .done_o       (wr_done),
    .error_o      (write_error_o),
    .error_addr_o (write_error_addr_o),
    .m_axi_awvalid_o,
    .m_axi_awready_i,
    .m_axi_awaddr_o,
    .m_axi_awlen_o,
    .m_axi_wvalid_o,
    .m_axi_wready_i,
    .m_axi_wdata_o,
    .m_axi_wstrb_o,
    .m_axi_wlast_o,
    .m_axi_bvalid_i,
    .m_axi_bready_o,
    .m_axi_bresp_i
  );

  assign reading_o = !r_idle;
  assign writing_o = !w_idle;
  assign idle_o    = r_idle && w_idle;

endmodule

`default_nettype wire
