// SPDX-License-Identifier: Apache-2.0
// The Panacea accelerator: AQS-GEMM core, PPU, memories, and the host side. Software puts a
// program into memory (docs/programs.md), writes its address and length over AXI4-Lite, starts
// it, and gets an interrupt when all results are in memory, or an error. Wires only.
`default_nettype none

module panacea_top
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
  import csr_pkg::*;
#(
  parameter int NumPea     = 16,
  parameter int NumDwo     = 4,
  parameter int NumSwo     = 8,
  parameter int TileK      = 64,
  parameter int TileN      = 64,
  parameter int GroupDepth = 4,
  parameter int WmemBeats  = 256,          // 32-byte words of WMEM for every PEA
  parameter int AmemBeats  = 1024,
  parameter int OmemBeats  = 1024,
  parameter int Patience   = 4096,         // cycles without any movement that end a run
  localparam int EventW = $bits(pea_event_t)
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     s_axil_awvalid_i,
  output logic                     s_axil_awready_o,
  input  logic [CsrAddrW-1:0]      s_axil_awaddr_i,
  input  logic                     s_axil_wvalid_i,
  output logic                     s_axil_wready_o,
  input  logic [31:0]              s_axil_wdata_i,
  input  logic [3:0]               s_axil_wstrb_i,
  output logic                     s_axil_bvalid_o,
  input  logic                     s_axil_bready_i,
  output logic [1:0]               s_axil_bresp_o,
  input  logic                     s_axil_arvalid_i,
  output logic                     s_axil_arready_o,
  input  logic [CsrAddrW-1:0]      s_axil_araddr_i,
  output logic                     s_axil_rvalid_o,
  input  logic                     s_axil_rready_i,
  output logic [31:0]              s_axil_rdata_o,
  output logic [1:0]               s_axil_rresp_o,
  output logic                     irq_o,
  output logic                     m_axi_arvalid_o,
  input  logic                     m_axi_arready_i,
  output logic                     m_axi_arid_o,
  output logic [AddrW-1:0]         m_axi_araddr_o,
  output logic [7:0]               m_axi_arlen_o,
  output logic [2:0]               m_axi_arsize_o,
  output logic [1:0]               m_axi_arburst_o,
  input  logic                     m_axi_rvalid_i,
  output logic                     m_axi_rready_o,
  input  logic                     m_axi_rid_i,
  input  logic [BusW-1:0]          m_axi_rdata_i,
  input  logic [1:0]               m_axi_rresp_i,
  input  logic                     m_axi_rlast_i,
  output logic                     m_axi_awvalid_o,
  input  logic                     m_axi_awready_i,
  output logic                     m_axi_awid_o,
  output logic [AddrW-1:0]         m_axi_awaddr_o,
  output logic [7:0]               m_axi_awlen_o,
  output logic [2:0]               m_axi_awsize_o,
  output logic [1:0]               m_axi_awburst_o,
  output logic                     m_axi_wvalid_o,
  input  logic                     m_axi_wready_i,
  output logic [BusW-1:0]          m_axi_wdata_o,
  output logic [BusW/8-1:0]        m_axi_wstrb_o,
  output logic                     m_axi_wlast_o,
  input  logic                     m_axi_bvalid_i,
  output logic                     m_axi_bready_o,
  input  logic                     m_axi_bid_i,
  input  logic [1:0]               m_axi_bresp_i,
  output logic [NumPea*EventW-1:0] event_o          // what the PEAs do, for observation
);

  localparam int IncW = (NumPea > 2) ? $clog2(12 * NumPea + 1) + 1 : 6;
  localparam int WordB = BusW / 8;
  localparam int CmdW = $bits(cmd_t);
  localparam int PlayW = $bits(play_t);
  localparam int PpuCmdW = $bits(ppu_cmd_t);
  localparam int BlockW = BlockLen * PsumW;

  // One ID, whole beats, incrementing bursts.
  assign m_axi_arid_o    = 1'b0;
  assign m_axi_arsize_o  = 3'd5;
  assign m_axi_arburst_o = 2'd1;
  assign m_axi_awid_o    = 1'b0;
  assign m_axi_awsize_o  = 3'd5;
  assign m_axi_awburst_o = 2'd1;

  // Registers and the state of the run
  logic start, abort, busy, run_begin, run_n, stop, run_end;
  logic [AddrW-1:0] prog_addr, end_addr;
  logic [31:0] prog_count, end_desc;
  logic [7:0]                  end_code;
  logic [15:0]                 end_detail;
  logic [NumCounters*IncW-1:0] count_inc;

  csr #(
    .NumPea(NumPea),
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .TileN(TileN),
    .WmemBytes(NumPea * WmemBeats * WordB),
    .AmemBytes(AmemBeats * WordB),
    .OmemBytes(OmemBeats * WordB),
    .IncW(IncW)
  ) i_csr (
    .clk_i,
    .rst_ni,
    .s_axil_awvalid_i,
    .s_axil_awready_o,
    .s_axil_awaddr_i,
    .s_axil_wvalid_i,
    .s_axil_wready_o,
    .s_axil_wdata_i,
    .s_axil_wstrb_i,
    .s_axil_bvalid_o,
    .s_axil_bready_i,
    .s_axil_bresp_o,
    .s_axil_arvalid_i,
    .s_axil_arready_o,
    .s_axil_araddr_i,
    .s_axil_rvalid_o,
    .s_axil_rready_i,
    .s_axil_rdata_o,
    .s_axil_rresp_o,
    .irq_o,
    .start_o      (start),
    .abort_o      (abort),
    .busy_o       (busy),
    .prog_addr_o  (prog_addr),
    .prog_count_o (prog_count),
    .end_i        (run_end),
    .end_code_i   (end_code),
    .end_detail_i (end_detail),
    .end_desc_i   (end_desc),
    .end_addr_i   (end_addr),
    .count_inc_i  (count_inc)
  );

  logic bus_idle, reading, writing, progress, all_dealt, playing;
  logic read_error, write_error, chunk_error, table_error, w_end_error, x_end_error;
  logic w_large, x_large, ppu_busy;
  logic [AddrW-1:0] read_error_addr, write_error_addr;
  logic [3:0] bad_desc;
  logic [31:0] desc_index, next_desc;
  logic [SeqW-1:0] outputs, written;
  core_err_t        core_err;
  ppu_err_t         ppu_err;

  // The last rows may be padding: the core still works on it when all that counts is in memory.
  logic all_written;
  assign all_written = outputs == written && !ppu_busy;

  run_control #(
    .Patience(Patience)
  ) i_run_control (
    .clk_i,
    .rst_ni,
    .start_i       (start),
    .abort_i       (abort),
    .begin_o       (run_begin),
    .run_no        (run_n),
    .stop_o        (stop),
    .bus_idle_i    (bus_idle),
    .progress_i    (progress),
    .all_dealt_i   (all_dealt),
    .all_written_i (all_written),
    .playing_i     (playing),
    .read_error_i  (read_error),
    .read_addr_i   (read_error_addr),
    .write_error_i (write_error),
    .write_addr_i  (write_error_addr),
    .bad_desc_i    (bad_desc),
    .desc_index_i  (desc_index),
    .next_desc_i   (next_desc),
    .chunk_error_i (chunk_error),
    .table_error_i (table_error),
    .w_end_error_i (w_end_error),
    .x_end_error_i (x_end_error),
    .w_large_i     (w_large),
    .x_large_i     (x_large),
    .core_err_i    (core_err),
    .ppu_err_i     (ppu_err),
    .end_o         (run_end),
    .end_code_o    (end_code),
    .end_detail_o  (end_detail),
    .end_desc_o    (end_desc),
    .end_addr_o    (end_addr)
  );

  // Descriptors to jobs
  logic desc_valid, desc_ready;
  logic [BusW-1:0] desc_data;
  logic weight_valid, weight_ready, act_valid, act_ready;
  logic param_valid, param_ready, output_valid, output_ready;
  logic [$bits(weight_job_t)-1:0]  weight_job;
  logic [$bits(act_job_t)-1:0]     act_job;
  logic [$bits(param_job_t)-1:0]   param_job;
  logic [$bits(output_job_t)-1:0]  output_job;
  logic cmd_valid, cmd_ready, cmd_go, core_cmd_ready;
  logic [CmdW-1:0]                 cmd;
  logic [PlayW-1:0]                play_bits;
  play_t                           play;

  dispatcher #(
    .NumPea(NumPea),
    .TileN(TileN)
  ) i_dispatcher (
    .clk_i,
    .rst_ni (run_n),
    .start_i        (run_begin),
    .count_i        (prog_count),
    .valid_i        (desc_valid),
    .ready_o        (desc_ready),
    .data_i         (desc_data),
    .cmd_valid_o    (cmd_valid),
    .cmd_ready_i    (cmd_ready),
    .cmd_o          (cmd),
    .play_o         (play_bits),
    .weight_valid_o (weight_valid),
    .weight_ready_i (weight_ready),
    .weight_job_o   (weight_job),
    .act_valid_o    (act_valid),
    .act_ready_i    (act_ready),
    .act_job_o      (act_job),
    .param_valid_o  (param_valid),
    .param_ready_i  (param_ready),
    .param_job_o    (param_job),
    .output_valid_o (output_valid),
    .output_ready_i (output_ready),
    .output_job_o   (output_job),
    .done_o         (all_dealt),
    .outputs_o      (outputs),
    .index_o        (desc_index),
    .bad_o          (bad_desc)
  );

  // A command goes to the core together with what the memories play for it.
  logic w_play, x_play, w_play_ready, x_play_ready;
  assign play      = play_bits;
  assign w_play    = play.w_play;
  assign x_play    = play.x_play;
  assign cmd_ready = core_cmd_ready && (!w_play || w_play_ready) && (!x_play || x_play_ready);
  assign cmd_go    = cmd_valid && cmd_ready;

  logic [NumPea-1:0] w_valid, w_ready, w_tile_end, w_cmd_end, wmem_wr, wmem_rd;
  logic [NumPea*WordW-1:0] w_data;
  logic x_valid, x_ready, x_cmd_end, b_valid, b_ready;
  logic [BeatW-1:0]         x_data;
  logic [VecLen*PsumW-1:0]  b_data;
  logic par_valid, par_ready, ppu_cmd_valid, ppu_cmd_ready;
  logic [ParAddrW-1:0]      par_addr;
  logic [ParDataW-1:0]      par_data;
  logic [PpuCmdW-1:0]       ppu_cmd;
  logic y_valid, y_ready, y_last, out_valid, out_ready, out_last;
  logic out_tile, out_part;
  logic [BlockW-1:0]        y_data;
  logic [BusW-1:0]          out_data;
  logic amem_wr, amem_rd, omem_wr, omem_rd;

  memory_manager #(
    .NumPea(NumPea),
    .WmemBeats(WmemBeats),
    .AmemBeats(AmemBeats),
    .OmemBeats(OmemBeats)
  ) i_memory_manager (
    .clk_i,
    .rst_ni,
    .run_ni             (run_n),
    .abort_i            (stop),
    .idle_o             (bus_idle),
    .reading_o          (reading),
    .writing_o          (writing),
    .start_i            (run_begin),
    .prog_line_i        (prog_addr[AddrW-1:LineShift]),
    .prog_count_i       (prog_count),
    .desc_valid_o       (desc_valid),
    .desc_ready_i       (desc_ready),
    .desc_data_o        (desc_data),
    .weight_valid_i     (weight_valid),
    .weight_ready_o     (weight_ready),
    .weight_job_i       (weight_job),
    .act_valid_i        (act_valid),
    .act_ready_o        (act_ready),
    .act_job_i          (act_job),
    .param_valid_i      (param_valid),
    .param_ready_o      (param_ready),
    .param_job_i        (param_job),
    .output_valid_i     (output_valid),
    .output_ready_o     (output_ready),
    .output_job_i       (output_job),
    .w_play_valid_i     (cmd_go && w_play),
    .w_play_ready_o     (w_play_ready),
    .w_play_keep_i      (play.w_keep),
    .x_play_valid_i     (cmd_go && x_play),
    .x_play_ready_o     (x_play_ready),
    .x_play_keep_i      (play.x_keep),
    .w_valid_o          (w_valid),
    .w_ready_i          (w_ready),
    .w_data_o           (w_data),
    .w_tile_end_i       (w_tile_end),
    .w_cmd_end_i        (w_cmd_end),
    .x_valid_o          (x_valid),
    .x_ready_i          (x_ready),
    .x_data_o           (x_data),
    .x_cmd_end_i        (x_cmd_end),
    .b_valid_o          (b_valid),
    .b_ready_i          (b_ready),
    .b_data_o           (b_data),
    .par_valid_o        (par_valid),
    .par_ready_i        (par_ready),
    .par_addr_o         (par_addr),
    .par_data_o         (par_data),
    .ppu_cmd_valid_o    (ppu_cmd_valid),
    .ppu_cmd_ready_i    (ppu_cmd_ready),
    .ppu_cmd_o          (ppu_cmd),
    .y_valid_i          (out_valid),
    .y_ready_o          (out_ready),
    .y_data_i           (out_data),
    .y_last_i           (out_last),
    .y_tile_i           (out_tile),
    .y_part_i           (out_part),
    .written_o          (written),
    .next_desc_o        (next_desc),
    .playing_o          (playing),
    .read_error_o       (read_error),
    .read_error_addr_o  (read_error_addr),
    .write_error_o      (write_error),
    .write_error_addr_o (write_error_addr),
    .chunk_error_o      (chunk_error),
    .table_error_o      (table_error),
    .w_end_error_o      (w_end_error),
    .x_end_error_o      (x_end_error),
    .w_large_o          (w_large),
    .x_large_o          (x_large),
    .wmem_wr_o          (wmem_wr),
    .wmem_rd_o          (wmem_rd),
    .amem_wr_o          (amem_wr),
    .amem_rd_o          (amem_rd),
    .omem_wr_o          (omem_wr),
    .omem_rd_o          (omem_rd),
    .m_axi_arvalid_o,
    .m_axi_arready_i,
    .m_axi_araddr_o,
    .m_axi_arlen_o,
    .m_axi_rvalid_i,
    .m_axi_rready_o,
    .m_axi_rdata_i,
    .m_axi_rresp_i,
    .m_axi_rlast_i,
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

  aqs_gemm_core #(
    .NumPea(NumPea),
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .TileN(TileN),
    .GroupDepth(GroupDepth)
  ) i_core (
    .clk_i,
    .rst_ni (run_n),
    .cmd_valid_i  (cmd_go),
    .cmd_ready_o  (core_cmd_ready),
    .cmd_i        (cmd),
    .w_valid_i    (w_valid),
    .w_ready_o    (w_ready),
    .w_data_i     (w_data),
    .w_tile_end_o (w_tile_end),
    .w_cmd_end_o  (w_cmd_end),
    .x_valid_i    (x_valid),
    .x_ready_o    (x_ready),
    .x_data_i     (x_data),
    .x_cmd_end_o  (x_cmd_end),
    .b_valid_i    (b_valid),
    .b_ready_o    (b_ready),
    .b_data_i     (b_data),
    .y_valid_o    (y_valid),
    .y_ready_i    (y_ready),
    .y_last_o     (y_last),
    .y_data_o     (y_data),
    .event_o,
    .err_o        (core_err)
  );

  ppu #(
    .NumPea(NumPea)
  ) i_ppu (
    .clk_i,
    .rst_ni (run_n),
    .cmd_valid_i (ppu_cmd_valid),
    .cmd_ready_o (ppu_cmd_ready),
    .cmd_i       (ppu_cmd),
    .par_valid_i (par_valid),
    .par_ready_o (par_ready),
    .par_addr_i  (par_addr),
    .par_data_i  (par_data),
    .y_valid_i   (y_valid),
    .y_ready_o   (y_ready),
    .y_last_i    (y_last),
    .y_data_i    (y_data),
    .out_valid_o (out_valid),
    .out_ready_i (out_ready),
    .out_data_o  (out_data),
    .out_last_o  (out_last),
    .out_tile_o  (out_tile),
    .out_part_o  (out_part),
    .busy_o      (ppu_busy),
    .err_o       (ppu_err)
  );

  logic y_take, par_take, b_take;
  assign y_take   = y_valid && y_ready;
  assign par_take = par_valid && par_ready;
  assign b_take   = b_valid && b_ready;
  assign progress = wmem_rd != '0 || amem_rd || y_take || omem_wr || omem_rd || par_take || b_take
                    || cmd_go;

  chip_counters #(
    .NumPea(NumPea),
    .IncW(IncW)
  ) i_counters (
    .clk_i,
    .rst_ni         (run_n && busy),
    .event_i        (event_o),
    .ppu_busy_i     (ppu_busy),
    .reading_i      (reading),
    .writing_i      (writing),
    .r_take_i       (m_axi_rvalid_i && m_axi_rready_o),
    .w_take_i       (m_axi_wvalid_o && m_axi_wready_i),
    .w_strb_i       (m_axi_wstrb_o),
    .wmem_wr_i      (wmem_wr),
    .wmem_rd_i      (wmem_rd),
    .amem_wr_i      (amem_wr),
    .amem_rd_i      (amem_rd),
    .omem_wr_i      (omem_wr),
    .omem_rd_i      (omem_rd),
    .weights_wait_i ((w_ready & ~w_valid) != '0),
    .acts_wait_i    (x_ready && !x_valid),
    .results_wait_i (y_valid && !y_ready),
    .desc_wait_i    (core_cmd_ready && !cmd_valid && !all_dealt),
    .bus_wait_i     ((m_axi_arvalid_o && !m_axi_arready_i)
                     || (m_axi_awvalid_o && !m_axi_awready_i)
                     || (m_axi_wvalid_o && !m_axi_wready_i)),
    .inc_o          (count_inc)
  );

endmodule

`default_nettype wire
