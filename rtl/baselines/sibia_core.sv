// SPDX-License-Identifier: Apache-2.0
// Sibia-style core: products of two symmetric 7-bit operands in signed bit-slices, the baseline
// with the multipliers of the AQS-GEMM core. It skips zero HO vectors of one operand, the sparse
// one. Computes one output tile, dense x sparse^T, for every command, exact modulo 2^32; which
// operand is the weight is software's business, and so is the bias. Wires its blocks and checks the
// commands; an illegal one is dropped and reported. All streams are valid/ready and may stall at
// any time; the next commands' streams are taken before the results of the last are out.
`default_nettype none
`include "assert.svh"

module sibia_core
  import panacea_pkg::*, sibia_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  parameter int TileN  = 64,
  localparam int CmdW = $bits(sibia_cmd_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  logic [CmdW-1:0]           cmd_i,
  input  logic                      d_valid_i,    // dense operand, a word for each PEA
  output logic                      d_ready_o,
  input  logic [NumPea*WordW-1:0]   d_data_i,
  input  logic                      s_valid_i,    // sparse operand, compressed
  output logic                      s_ready_o,
  input  logic [BeatW-1:0]          s_data_i,
  output logic                      y_valid_o,
  input  logic                      y_ready_i,
  output logic                      y_last_o,
  output logic [BlockLen*PsumW-1:0] y_data_o,
  output sibia_event_t              event_o,
  output sibia_err_t                err_o
);

  localparam int Groups = TileN / VecLen;
  localparam int GroupW = $clog2(Groups + 1);
  localparam int PosW = $clog2(TileK);
  localparam int QuadA = PosW - 2;
  localparam int NumW = PosW + 2;
  localparam int ItemA = PosW + 1;
  localparam int PsumA = $clog2(2 * Groups);
  localparam int PeaA = (NumPea > 1) ? $clog2(NumPea) : 1;
  localparam int BlockW = BlockLen * PsumW;
  localparam int MetaW = $bits(sibia_meta_t);

  // A command goes to all blocks at once.
  sibia_cmd_t cmd;
  logic cmd_legal, cmd_go, load_space, ring_space, drain_space;
  logic load_valid, load_done, ring_valid, ring_done, drain_valid, drain_done;
  logic [16:0] load_cmd;
  logic [16+GroupW:0]  ring_cmd;
  logic [GroupW-1:0]   drain_groups;

  assign cmd         = cmd_i;
  assign cmd_legal   = cmd.k_len != '0 && cmd.groups != '0 && cmd.groups <= 8'(Groups);
  assign cmd_ready_o = load_space && ring_space && drain_space;
  assign cmd_go      = cmd_valid_i && cmd_ready_o && cmd_legal;

  stream_fifo #(
    .Width(17),
    .Depth(2)
  ) i_load_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_go),
    .ready_o (load_space),
    .data_i  ({cmd.k_len, cmd.single}),
    .valid_o (load_valid),
    .ready_i (load_done),
    .data_o  (load_cmd)
  );

  stream_fifo #(
    .Width(17 + GroupW),
    .Depth(2)
  ) i_ring_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_go),
    .ready_o (ring_space),
    .data_i  ({cmd.k_len, cmd.groups[GroupW-1:0], cmd.single}),
    .valid_o (ring_valid),
    .ready_i (ring_done),
    .data_o  (ring_cmd)
  );

  stream_fifo #(
    .Width(GroupW),
    .Depth(4)
  ) i_drain_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_go),
    .ready_o (drain_space),
    .data_i  (cmd.groups[GroupW-1:0]),
    .valid_o (drain_valid),
    .ready_i (drain_done),
    .data_o  (drain_groups)
  );

  // Dense operand
  logic load_take, load_bank, load_high, load_end;
  logic [QuadA-1:0] load_quad;
  logic [1:0]       bank_full;

  sibia_loader #(
    .TileK(TileK)
  ) i_loader (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (load_valid),
    .cmd_ready_o (load_done),
    .k_len_i     (load_cmd[16:1]),
    .single_i    (load_cmd[0]),
    .valid_i     (d_valid_i),
    .ready_o     (d_ready_o),
    .bank_full_i (bank_full),
    .take_o      (load_take),
    .bank_o      (load_bank),
    .high_o      (load_high),
    .quad_o      (load_quad),
    .tile_end_o  (load_end)
  );

  // Sparse operand
  logic group_done, cur_valid, nxt_valid, ring_error;
  logic [MetaW-1:0] cur_meta, nxt_meta;
  logic [NumW-1:0] cur_items, nxt_items;
  logic [NumOps-1:0] rd_next, rd_high;
  logic [NumOps*ItemA-1:0] rd_item;
  logic [NumOps*PosW-1:0]  rd_k;
  logic [NumOps*VecW-1:0]  rd_vec;

  sibia_group_ring #(
    .NumOps(NumOps),
    .TileK(TileK),
    .GroupW(GroupW)
  ) i_group_ring (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (ring_valid),
    .cmd_ready_o (ring_done),
    .k_len_i     (ring_cmd[GroupW+1 +: 16]),
    .groups_i    (ring_cmd[GroupW:1]),
    .single_i    (ring_cmd[0]),
    .valid_i     (s_valid_i),
    .ready_o     (s_ready_o),
    .data_i      (s_data_i),
    .release_i   (group_done),
    .cur_valid_o (cur_valid),
    .cur_meta_o  (cur_meta),
    .cur_items_o (cur_items),
    .nxt_valid_o (nxt_valid),
    .nxt_meta_o  (nxt_meta),
    .nxt_items_o (nxt_items),
    .rd_next_i   (rd_next),
    .rd_item_i   (rd_item),
    .rd_high_o   (rd_high),
    .rd_k_o      (rd_k),
    .rd_vec_o    (rd_vec),
    .error_o     (ring_error)
  );

  // Work
  logic [NumOps-1:0] get, get_bank, op_high, op_cur, op_nxt;
  logic [NumOps*PosW-1:0] get_k;
  logic [NumOps*VecW-1:0] op_vec;
  logic get_single, op_single, flush, upd_valid, upd_final;
  logic [PsumA-1:0] upd_addr, rd_addr;

  sibia_sequencer #(
    .NumOps(NumOps),
    .TileK(TileK),
    .Groups(Groups)
  ) i_sequencer (
    .clk_i,
    .rst_ni,
    .cur_valid_i      (cur_valid),
    .cur_meta_i       (cur_meta),
    .cur_items_i      (cur_items),
    .nxt_valid_i      (nxt_valid),
    .nxt_meta_i       (nxt_meta),
    .nxt_items_i      (nxt_items),
    .release_o        (group_done),
    .rd_next_o        (rd_next),
    .rd_item_o        (rd_item),
    .rd_high_i        (rd_high),
    .rd_k_i           (rd_k),
    .rd_vec_i         (rd_vec),
    .load_end_i       (load_end),
    .load_bank_i      (load_bank),
    .bank_full_o      (bank_full),
    .psum_free_i      (drain_done),
    .psum_free_bank_i (rd_addr[PsumA-1]),
    .get_o            (get),
    .get_bank_o       (get_bank),
    .get_k_o          (get_k),
    .get_single_o     (get_single),
    .event_o,
    .op_vec_o         (op_vec),
    .op_high_o        (op_high),
    .op_cur_o         (op_cur),
    .op_nxt_o         (op_nxt),
    .op_single_o      (op_single),
    .flush_o          (flush),
    .upd_valid_o      (upd_valid),
    .upd_addr_o       (upd_addr),
    .upd_final_o      (upd_final)
  );

  logic                     rd_take;
  logic [NumPea-1:0]        rd_ready;
  logic [NumPea*BlockW-1:0] blocks;
  logic [PeaA-1:0]          y_pea;

  for (genvar p = 0; p < NumPea; p++) begin : gen_pea
    sibia_pea #(
      .NumOps(NumOps),
      .TileK(TileK),
      .Groups(Groups)
    ) i_pea (
      .clk_i,
      .rst_ni,
      .load_i       (load_take),
      .load_bank_i  (load_bank),
      .load_high_i  (load_high),
      .load_quad_i  (load_quad),
      .load_data_i  (d_data_i[p*WordW +: WordW]),
      .get_i        (get),
      .get_bank_i   (get_bank),
      .get_k_i      (get_k),
      .get_single_i (get_single),
      .op_vec_i     (op_vec),
      .op_high_i    (op_high),
      .op_cur_i     (op_cur),
      .op_nxt_i     (op_nxt),
      .op_single_i  (op_single),
      .flush_i      (flush),
      .upd_valid_i  (upd_valid),
      .upd_addr_i   (upd_addr),
      .rd_valid_i   (rd_take),
      .rd_ready_o   (rd_ready[p]),
      .rd_addr_i    (rd_addr),
      .rd_data_o    (blocks[p*BlockW +: BlockW])
    );
  end

  // Results
  sibia_drain #(
    .NumPea(NumPea),
    .Groups(Groups)
  ) i_drain (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (drain_valid),
    .cmd_ready_o (drain_done),
    .groups_i    (drain_groups),
    .final_i     (upd_final),
    .rd_ready_i  (&rd_ready),
    .rd_take_o   (rd_take),
    .rd_addr_o   (rd_addr),
    .valid_o     (y_valid_o),
    .ready_i     (y_ready_i),
    .last_o      (y_last_o),
    .pea_o       (y_pea)
  );
  assign y_data_o = blocks[int'(y_pea)*BlockW+:BlockW];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      err_o <= '0;
    end else begin
      if (cmd_valid_i && !cmd_legal) err_o.bad_cmd <= 1'b1;
      if (ring_error) err_o.index <= 1'b1;
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
  `PANACEA_REQUIRE(NumOps == 12, "NumOps: 12, for which sums and events have their widths")
  `PANACEA_REQUIRE(TileK == 32 || TileK == 64, "TileK: 32 or 64")
  `PANACEA_REQUIRE(TileN >= 8 && TileN <= 64 && TileN == 1 << $clog2(TileN),
                   "TileN: a power of two, 8 to 64")

endmodule

`default_nettype wire
