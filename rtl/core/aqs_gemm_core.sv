// SPDX-License-Identifier: Apache-2.0
// AQS-GEMM core: NumPea PEAs that share the global activation buffer. Computes y = w x + bias of
// one output tile for every command, or for several as passes over the same partial sums, exact
// modulo 2^32, or with sums that are quantised step by step (APSQ). Wires its blocks and checks the
// commands; an illegal one is dropped and reported.
// All streams are valid/ready and may stall at any time; the next command's streams are taken
// before the results of the last are out.
`default_nettype none
`include "assert.svh"

module aqs_gemm_core
  import panacea_pkg::*;
#(
  parameter int NumPea     = 16,
  parameter int NumDwo     = 4,
  parameter int NumSwo     = 8,
  parameter int TileK      = 64,
  parameter int TileN      = 64,
  parameter int GroupDepth = 4,
  parameter logic [1:0] DwoRunsLl = 2'b10,   // DWOs may run W_L x_L: {under DTP, single tile}
  localparam int EventW = $bits(pea_event_t)
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       cmd_valid_i,
  output logic                       cmd_ready_o,
  input  cmd_t                       cmd_i,
  input  logic [NumPea-1:0]          w_valid_i,
  output logic [NumPea-1:0]          w_ready_o,
  input  logic [NumPea*WordW-1:0]    w_data_i,
  output logic [NumPea-1:0]          w_tile_end_o,   // the word taken is a K-tile's last
  output logic [NumPea-1:0]          w_cmd_end_o,    // and a command's
  input  logic                       x_valid_i,
  output logic                       x_ready_o,
  input  logic [BeatW-1:0]           x_data_i,
  output logic                       x_cmd_end_o,    // the beat taken is a command's last
  input  logic                       b_valid_i,
  output logic                       b_ready_o,
  input  logic [VecLen*PsumW-1:0]    b_data_i,
  output logic                       y_valid_o,
  input  logic                       y_ready_i,
  output logic                       y_last_o,
  output logic [BlockLen*PsumW-1:0]  y_data_o,
  output logic [NumPea*EventW-1:0]   event_o,
  output core_err_t                  err_o
);

  localparam int CmdW = $bits(cmd_t);
  localparam int MetaW = $bits(group_meta_t);
  localparam int BeatLen = (TileK < BeatVecs) ? TileK : BeatVecs;
  localparam int BlockW = BlockLen * PsumW;
  localparam int CsW = VecLen * CompW;

  // A command goes to all blocks at once.
  logic cmd_legal, cmd_go, gab_space, merge_space, gab_cmd_valid, gab_cmd_ready;
  logic [NumPea-1:0] pea_space;
  logic [CmdW-1:0]   gab_cmd;

  // The pass or step before, as far as this one has to fit it.
  logic open_q, open_dtp_q, open_on_q, pass_legal;
  logic [1:0] open_gs_q;
  logic [7:0] open_groups_q;

  assign pass_legal  = (!cmd_i.act_up || cmd_i.dbs == 2'd1)
                       && (!open_q || (cmd_i.groups == open_groups_q && cmd_i.dtp == open_dtp_q
                                       && cmd_i.apsq.on == open_on_q
                                       && cmd_i.apsq.gs == open_gs_q));
  assign cmd_legal   = cmd_i.k_len != '0 && cmd_i.groups != '0 && cmd_i.dbs != '0
                       && cmd_i.groups <= 8'(TileN / VecLen) && apsq_legal(cmd_i.apsq)
                       && pass_legal;
  assign cmd_ready_o = gab_space && merge_space && (&pea_space);
  assign cmd_go      = cmd_valid_i && cmd_legal && cmd_ready_o;

  always_ff @(posedge clk_i) begin
    if (cmd_go) begin
      open_groups_q <= cmd_i.groups;
      open_dtp_q    <= cmd_i.dtp;
      open_on_q     <= cmd_i.apsq.on;
      open_gs_q     <= cmd_i.apsq.gs;
    end
    if (!rst_ni) open_q <= 1'b0;
    else if (cmd_go) open_q <= cmd_i.more || (cmd_i.apsq.on && !cmd_i.apsq.last);
  end

  stream_fifo #(
    .Width(CmdW),
    .Depth(2)
  ) i_cmd_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_go),
    .ready_o (gab_space),
    .data_i  (cmd_i),
    .valid_o (gab_cmd_valid),
    .ready_i (gab_cmd_ready),
    .data_o  (gab_cmd)
  );
  assign x_cmd_end_o = gab_cmd_ready;

  // Activations
  logic a_valid, a_last, gab_error;
  logic [NumPea-1:0]       a_ready;
  logic [MetaW-1:0]        a_meta;
  logic [BeatLen-1:0]      a_stored;
  logic [BeatLen*VecW-1:0] a_lo, a_ho;

  global_activation_buffer #(
    .TileK(TileK),
    .BeatLen(BeatLen)
  ) i_global_activation_buffer (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (gab_cmd_valid),
    .cmd_ready_o (gab_cmd_ready),
    .cmd_i       (gab_cmd),
    .valid_i     (x_valid_i),
    .ready_o     (x_ready_o),
    .data_i      (x_data_i),
    .valid_o     (a_valid),
    .ready_i     (&a_ready),
    .last_o      (a_last),
    .meta_o      (a_meta),
    .stored_o    (a_stored),
    .lo_o        (a_lo),
    .ho_o        (a_ho),
    .error_o     (gab_error)
  );

  // PEAs
  logic [NumPea-1:0] block_valid, block_ready, pea_error;
  logic [NumPea*BlockW-1:0] block_psum;
  logic [NumPea*CsW-1:0]    block_comp;

  for (genvar p = 0; p < NumPea; p++) begin : gen_pea
    pea_event_t pea_event;
    pea #(
      .NumDwo(NumDwo),
      .NumSwo(NumSwo),
      .TileK(TileK),
      .TileN(TileN),
      .Depth(GroupDepth),
      .BeatLen(BeatLen),
      .DwoRunsLl(DwoRunsLl)
    ) i_pea (
      .clk_i,
      .rst_ni,
      .cmd_valid_i  (cmd_go),
      .cmd_ready_o  (pea_space[p]),
      .cmd_i,
      .w_valid_i    (w_valid_i[p]),
      .w_ready_o    (w_ready_o[p]),
      .w_data_i     (w_data_i[p*WordW +: WordW]),
      .w_tile_end_o (w_tile_end_o[p]),
      .w_cmd_end_o  (w_cmd_end_o[p]),
      .x_valid_i    (a_valid && (&a_ready)),
      .x_ready_o    (a_ready[p]),
      .x_last_i     (a_last),
      .x_meta_i     (a_meta),
      .x_stored_i   (a_stored),
      .x_lo_i       (a_lo),
      .x_ho_i       (a_ho),
      .y_valid_o    (block_valid[p]),
      .y_ready_i    (block_ready[p]),
      .y_psum_o     (block_psum[p*BlockW +: BlockW]),
      .y_comp_o     (block_comp[p*CsW +: CsW]),
      .event_o      (pea_event),
      .error_o      (pea_error[p])
    );
    assign event_o[p*EventW+:EventW] = pea_event;
  end

  // Results, exact ones past the quantisation
  logic merge_valid, merge_ready, merge_last;
  logic [ApsqW-1:0]  merge_apsq;
  logic [BlockW-1:0] merge_data;

  result_merge #(
    .NumPea(NumPea)
  ) i_result_merge (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (cmd_go && !cmd_i.more),
    .cmd_ready_o (merge_space),
    .cmd_i,
    .b_valid_i,
    .b_ready_o,
    .b_data_i,
    .valid_i     (block_valid),
    .ready_o     (block_ready),
    .psum_i      (block_psum),
    .comp_i      (block_comp),
    .y_valid_o   (merge_valid),
    .y_ready_i   (merge_ready),
    .y_last_o    (merge_last),
    .y_apsq_o    (merge_apsq),
    .y_data_o    (merge_data)
  );

  apsq_path #(
    .Words(TileN / VecLen * 2 * NumPea)
  ) i_apsq_path (
    .clk_i,
    .rst_ni,
    .valid_i (merge_valid),
    .ready_o (merge_ready),
    .last_i  (merge_last),
    .apsq_i  (merge_apsq),
    .data_i  (merge_data),
    .y_valid_o,
    .y_ready_i,
    .y_last_o,
    .y_data_o
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      err_o <= '0;
    end else begin
      if (cmd_valid_i && !cmd_legal) err_o.bad_cmd <= 1'b1;
      if (gab_error) err_o.act_index <= 1'b1;
      if (|pea_error) err_o.wgt_index <= 1'b1;
    end
  end

  // A beat that is offered stays until it is taken.
  logic              stalled_q;
  logic [BlockW-1:0] stalled_data_q;
  always_ff @(posedge clk_i) begin
    stalled_q      <= rst_ni && y_valid_o && !y_ready_i;
    stalled_data_q <= y_data_o;
  end
  `PANACEA_ASSERT(!stalled_q || y_valid_o, "a result is withdrawn")
  `PANACEA_ASSERT(!stalled_q || y_data_o == stalled_data_q, "a result changes in a stall")

  `PANACEA_REQUIRE(NumPea >= 1 && NumPea <= 256, "NumPea: 1 to 256")
  `PANACEA_REQUIRE(NumDwo % 4 == 0 && NumDwo >= 4 && NumDwo <= 12, "NumDwo: 4, 8 or 12")
  `PANACEA_REQUIRE(NumSwo % 4 == 0 && NumSwo >= 0 && NumSwo <= 12, "NumSwo: 0, 4, 8 or 12")
  `PANACEA_REQUIRE(NumSwo != 0 || NumDwo == 12, "without SWOs, 12 pooled operators")
  `PANACEA_REQUIRE(TileK >= 4 && TileK <= 512 && TileK == 1 << $clog2(TileK),
                   "TileK: a power of two, 4 to 512")
  `PANACEA_REQUIRE(TileN % 4 == 0 && TileN >= 4 && TileN <= 1016,
                   "TileN: a multiple of four, 4 to 1016")
  `PANACEA_REQUIRE(GroupDepth >= 2 && GroupDepth == 1 << $clog2(GroupDepth),
                   "GroupDepth: a power of two, at least 2")

endmodule

`default_nettype wire
