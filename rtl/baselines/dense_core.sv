// SPDX-License-Identifier: Apache-2.0
// Dense 8 bit x 8 bit baselines: SIMD, SA-OS and SA-WS, chosen by Dataflow. They share all but the
// array: one stream of a word a cycle from external memory, double-buffered operand memories,
// partial sums, results of a word a cycle. y = w x + bias, modulo 2^32.
//
// One multiplier for every of Rows rows and WordBytes: 768 in the default size, as many as 3072 of
// four bits. Blocks, operands and results: docs/baselines.md.
`default_nettype none
`include "assert.svh"

module dense_core
  import dense_pkg::*;
#(
  parameter int Dataflow  = Simd,
  parameter int Rows      = 24,
  parameter int WordBytes = 32,
  localparam int CmdW    = $bits(block_cmd_t),
  localparam int StreamW = 8 * WordBytes
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               cmd_valid_i,
  output logic               cmd_ready_o,
  input  logic [CmdW-1:0]    cmd_i,
  input  logic               d_valid_i,
  output logic               d_ready_o,
  input  logic [StreamW-1:0] d_data_i,
  output logic               y_valid_o,
  input  logic               y_ready_i,
  output logic               y_last_o,
  output logic [StreamW-1:0] y_data_o,
  // Words read from the weight and activation memories and partial-sum words read and written,
  // in this cycle; {write, read, x, w}.
  output logic [3:0]         event_o
);

  localparam int LoadedW = $bits(loaded_t);
  localparam int OutputW = $bits(output_t);
  localparam int WeightsW = WordK * Rows * WeightW;
  localparam int SumsW = Rows * AccW;
  localparam int WAddrW = $clog2(2 * WeightDepth);
  localparam int XAddrW = $clog2(2 * ActDepth);
  localparam int PAddrW = $clog2(2 * PsumDepth);
  localparam int BAddrW = $clog2(4 * BiasDepth);
  localparam int MinSteps = (Dataflow == Simd) ? WordBytes / WordK : WordBytes;
  localparam int ApsqW = $bits(block_apsq_t);
  localparam int StepW = $bits(step_t);
  localparam int TileW = StepW + PAddrW + 2;

  logic loaded_valid, loaded_ready, w_en, w_rd, x_en, x_rd, b_en, b_rd;
  logic [LoadedW-1:0] loaded;
  logic [WAddrW-1:0] w_wr_addr, w_rd_addr;
  logic [WeightsW-1:0] w_wr_data, w_rd_data;
  logic [XAddrW-1:0] x_wr_addr, x_rd_addr;
  logic [StreamW-1:0] x_rd_data, b_rd_data;
  logic [BAddrW-1:0] b_wr_addr, b_rd_addr;
  logic first, last, first_q, last_q, valid_q;
  logic tile_valid, tile_first, tile_end, tile_taken, tile_known;
  logic out_valid, out_free;
  logic [PAddrW-1:0]   tile_addr;
  logic [ApsqW-1:0]    tile_apsq;
  step_t               tile_step;
  logic [StepW-1:0]    sum_step;
  logic [OutputW-1:0]  out;
  logic sum_valid, sum_last, sum_first, sum_end, done_q, p_rd;
  logic [SumsW-1:0] sums, p_data;
  logic [PAddrW-1:0] sum_base, p_addr;
  logic [7:0] sum_count_q;

  operand_loader #(
    .StreamW(StreamW),
    .Gather(WeightsW / StreamW)
  ) i_loader (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_i,
    .d_valid_i,
    .d_ready_o,
    .d_data_i,
    .w_en_o   (w_en),
    .w_addr_o (w_wr_addr),
    .w_data_o (w_wr_data),
    .x_en_o   (x_en),
    .x_addr_o (x_wr_addr),
    .b_en_o   (b_en),
    .b_addr_o (b_wr_addr),
    .valid_o  (loaded_valid),
    .ready_i  (loaded_ready),
    .data_o   (loaded)
  );

  ram_1r1w #(
    .Width(WeightsW),
    .Depth(2 * WeightDepth)
  ) i_wmem (
    .clk_i,
    .wr_en_i (w_en),
    .wr_addr_i (w_wr_addr),
    .wr_data_i (w_wr_data),
    .rd_en_i (w_rd),
    .rd_addr_i (w_rd_addr),
    .rd_data_o (w_rd_data)
  );
  ram_1r1w #(
    .Width(StreamW),
    .Depth(2 * ActDepth)
  ) i_amem (
    .clk_i,
    .wr_en_i (x_en),
    .wr_addr_i (x_wr_addr),
    .wr_data_i (d_data_i),
    .rd_en_i (x_rd),
    .rd_addr_i (x_rd_addr),
    .rd_data_o (x_rd_data)
  );
  ram_1r1w #(
    .Width(StreamW),
    .Depth(4 * BiasDepth)
  ) i_bias (
    .clk_i,
    .wr_en_i (b_en),
    .wr_addr_i (b_wr_addr),
    .wr_data_i (d_data_i),
    .rd_en_i (b_rd),
    .rd_addr_i (b_rd_addr),
    .rd_data_o (b_rd_data)
  );

  block_walker #(
    .Dataflow(Dataflow),
    .MinSteps(MinSteps)
  ) i_walker (
    .clk_i,
    .rst_ni,
    .valid_i      (loaded_valid),
    .ready_o      (loaded_ready),
    .data_i       (loaded),
    .w_rd_o       (w_rd),
    .w_addr_o     (w_rd_addr),
    .x_rd_o       (x_rd),
    .x_addr_o     (x_rd_addr),
    .first_o      (first),
    .last_o       (last),
    .tile_valid_o (tile_valid),
    .tile_addr_o  (tile_addr),
    .tile_first_o (tile_first),
    .tile_end_o   (tile_end),
    .tile_apsq_o  (tile_apsq),
    .out_valid_o  (out_valid),
    .out_o        (out),
    .out_free_i   (out_free)
  );

  // What was read, with its marks.
  always_ff @(posedge clk_i) begin
    first_q <= first;
    last_q  <= last;
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= x_rd;
  end

  if (Dataflow == Simd) begin : gen_simd
    simd_array #(
      .Rows(Rows),
      .Cols(MinSteps)
    ) i_array (
      .clk_i,
      .rst_ni,
      .valid_i (valid_q),
      .first_i (first_q),
      .last_i (last_q),
      .w_i     (w_rd_data),
      .x_i (x_rd_data),
      .valid_o (sum_valid),
      .last_o (sum_last),
      .data_o (sums)
    );
  end else if (Dataflow == SaOs) begin : gen_sa_os
    os_array #(
      .Rows(Rows),
      .Cols(WordBytes)
    ) i_array (
      .clk_i,
      .rst_ni,
      .valid_i (valid_q),
      .first_i (first_q),
      .last_i (last_q),
      .w_i     (w_rd_data),
      .x_i (x_rd_data),
      .valid_o (sum_valid),
      .last_o (sum_last),
      .data_o (sums)
    );
  end else begin : gen_sa_ws
    ws_array #(
      .Depth(WordBytes),
      .Rows(Rows)
    ) i_array (
      .clk_i,
      .rst_ni,
      .valid_i (valid_q),
      .first_i (first_q),
      .last_i (last_q),
      .w_i     (w_rd_data),
      .x_i (x_rd_data),
      .valid_o (sum_valid),
      .last_o (sum_last),
      .data_o (sums)
    );
  end

  // Under APSQ every tile is a step. Other dataflows do not have it.
  if (Dataflow == SaWs) begin : gen_apsq
    block_apsq_t apsq;
    logic [19:0] exponents;
    logic [3:0]  used;
    logic [1:0]  bank;
    assign apsq = tile_apsq;
    apsq_steps i_steps (
      .clk_i,
      .rst_ni,
      .apsq_i      ({apsq.exponent, tile_end, apsq.gs, apsq.on}),
      .end_i       (tile_valid),
      .bank_o      (bank),
      .used_o      (used),
      .exponents_o (exponents)
    );
    assign tile_step.exponents = exponents;
    assign tile_step.used      = used;
    assign tile_step.bank      = bank;
    assign tile_step.exponent  = apsq.exponent;
    assign tile_step.gives     = tile_end;
    assign tile_step.on        = apsq.on;
  end else begin : gen_exact
    assign tile_step = '0;
    `PANACEA_ASSERT(!tile_valid || tile_apsq == '0, "APSQ in a dataflow without it")
  end

  // Tiles on their way through the array: where their partial sums go. The last sums of a tile come
  // at most 2 MinSteps behind its last operands, so that there are three tiles at most.
  stream_fifo #(
    .Width(TileW),
    .Depth(3)
  ) i_tiles (
    .clk_i,
    .rst_ni,
    .valid_i (tile_valid),
    .ready_o (tile_taken),
    .data_i  ({tile_step, tile_first, tile_end, tile_addr}),
    .valid_o (tile_known),
    .ready_i (sum_valid && sum_last),
    .data_o  ({sum_step, sum_first, sum_end, sum_base})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sum_count_q <= '0;
      done_q      <= 1'b0;
    end else begin
      if (sum_valid) sum_count_q <= sum_last ? '0 : sum_count_q + 1'b1;
      done_q <= sum_valid && sum_last && sum_end;
    end
  end

  psum_path #(
    .Rows(Rows),
    .Apsq(Dataflow == SaWs)
  ) i_psum_path (
    .clk_i,
    .rst_ni,
    .acc_valid_i (sum_valid),
    .acc_first_i (sum_first),
    .acc_addr_i  (sum_base + PAddrW'(sum_count_q)),
    .acc_data_i  (sums),
    .acc_step_i  (sum_step),
    .rd_valid_i  (p_rd),
    .rd_addr_i   (p_addr),
    .rd_data_o   (p_data)
  );

  output_drain #(
    .Rows(Rows),
    .StreamW(StreamW)
  ) i_drain (
    .clk_i,
    .rst_ni,
    .out_valid_i (out_valid),
    .out_i       (out),
    .done_i      (done_q),
    .free_o      (out_free),
    .p_rd_o      (p_rd),
    .p_addr_o    (p_addr),
    .p_data_i    (p_data),
    .b_rd_o      (b_rd),
    .b_addr_o    (b_rd_addr),
    .b_data_i    (b_rd_data),
    .y_valid_o,
    .y_ready_i,
    .y_last_o,
    .y_data_o
  );

  assign event_o = {sum_valid, sum_valid && !sum_first, x_rd, w_rd};

  `PANACEA_ASSERT(!sum_valid || tile_known, "partial sums without a tile")
  `PANACEA_ASSERT(!tile_valid || tile_taken, "more tiles in the array than it can hold")

endmodule

`default_nettype wire
