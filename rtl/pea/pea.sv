// SPDX-License-Identifier: Apache-2.0
// PEA, a processing element array: W x for its four output rows (two sets of four under DTP),
// sum over all K-tiles of all passes kept in the partial-sum buffer. Wires its blocks.
//
// NumSwo = 0 makes the NumDwo operators pooled: any of them runs any product.
// In: commands, one compressed weight stream, broadcast activation groups. Out: per column group
// and tile the 4x4 sums of the bit-slice products and the four sums for the compensation.
`default_nettype none
`include "assert.svh"

module pea
  import panacea_pkg::*;
#(
  parameter int NumDwo  = 4,
  parameter int NumSwo  = 8,
  parameter int TileK   = 64,
  parameter int TileN   = 64,
  parameter int Depth   = 4,
  parameter int BeatLen = 16,
  parameter logic [1:0] DwoRunsLl = 2'b10,
  localparam int MetaW = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  cmd_t                      cmd_i,
  input  logic                      w_valid_i,
  output logic                      w_ready_o,
  input  logic [WordW-1:0]          w_data_i,
  output logic                      w_tile_end_o,   // the word taken is a K-tile's last
  output logic                      w_cmd_end_o,    // and a command's
  input  logic                      x_valid_i,
  output logic                      x_ready_o,
  input  logic                      x_last_i,
  input  logic [MetaW-1:0]          x_meta_i,
  input  logic [BeatLen-1:0]        x_stored_i,
  input  logic [BeatLen*VecW-1:0]   x_lo_i,
  input  logic [BeatLen*VecW-1:0]   x_ho_i,
  output logic                      y_valid_o,
  input  logic                      y_ready_i,
  output logic [BlockLen*PsumW-1:0] y_psum_o,
  output logic [VecLen*CompW-1:0]   y_comp_o,
  output pea_event_t                event_o,
  output logic                      error_o     // a weight list runs past its K-tile
);

  localparam int Groups = TileN / VecLen;
  localparam int GroupA = (Groups > 1) ? $clog2(Groups) : 1;
  localparam int PosW = $clog2(TileK);
  localparam int QuadA = (TileK > 4) ? $clog2(TileK / 4) : 1;
  localparam int SumW = ProdW + 7 + 1 + $clog2(TileK) + (1 << ShiftW) - 1;
  localparam int CompInW = SliceW + 3 + $clog2(TileK) + 1 + 3;

  // Commands, for the weight loader and, if they end an output, for the result drain.
  logic [17:0] load_cmd;
  logic [8:0]  drain_cmd;
  logic load_space, load_valid, load_ready, drain_space, drain_valid, drain_ready;

  assign cmd_ready_o = load_space && drain_space;

  stream_fifo #(
    .Width(18),
    .Depth(2)
  ) i_load_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_valid_i && drain_space),
    .ready_o (load_space),
    .data_i  ({cmd_i.wgt_dense, cmd_i.k_len, cmd_i.dtp}),
    .valid_o (load_valid),
    .ready_i (load_ready),
    .data_o  (load_cmd)
  );

  stream_fifo #(
    .Width(9),
    .Depth(4)
  ) i_drain_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_valid_i && load_space && !cmd_i.more),
    .ready_o (drain_space),
    .data_i  ({cmd_i.groups, cmd_i.dtp}),
    .valid_o (drain_valid),
    .ready_i (drain_ready),
    .data_o  (drain_cmd)
  );

  // Weights
  logic load_done, load_bank, load_tile, lo_valid, ho_clear;
  logic [1:0]                  bank_full;
  logic [QuadA-1:0]            wr_quad;
  logic [WordVecs-1:0]         ho_valid;
  logic [WordEntries*PosW-1:0] ho_pos;
  logic [WordVecs*VecW-1:0]    ho_vec;

  weight_loader #(
    .TileK(TileK)
  ) i_weight_loader (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (load_valid),
    .cmd_ready_o (load_ready),
    .k_len_i     (load_cmd[16:1]),
    .dtp_i       (load_cmd[0]),
    .dense_i     (load_cmd[17]),
    .valid_i     (w_valid_i),
    .ready_o     (w_ready_o),
    .data_i      (w_data_i),
    .bank_full_i (bank_full),
    .bank_done_o (load_done),
    .bank_o      (load_bank),
    .tile_o      (load_tile),
    .lo_valid_o  (lo_valid),
    .quad_o      (wr_quad),
    .ho_clear_o  (ho_clear),
    .ho_valid_o  (ho_valid),
    .ho_pos_o    (ho_pos),
    .ho_vec_o    (ho_vec),
    .error_o
  );
  assign w_tile_end_o = load_done;
  assign w_cmd_end_o  = load_ready;

  // Operands, schedulers, operators
  logic [1:0]                 upd_valid;
  logic [2*GroupA-1:0]        upd_group;
  logic [2*BlockLen*SumW-1:0] upd_sum;
  logic comp_valid, dyn_final, sta_final;
  logic [GroupA:0]            comp_at;
  logic [VecLen*CompInW-1:0]  comp_sum;
  logic [1:0]                 drain_cmd_id;
  logic [7:0]                 rd_group;

  if (NumSwo == 0) begin : gen_pooled
    pooled_datapath #(
      .NumOps(NumDwo),
      .TileK(TileK),
      .TileN(TileN),
      .Depth(Depth),
      .BeatLen(BeatLen)
    ) i_datapath (
      .clk_i,
      .rst_ni,
      .load_bank_i   (load_bank),
      .load_tile_i   (load_tile),
      .load_done_i   (load_done),
      .bank_full_o   (bank_full),
      .lo_valid_i    (lo_valid),
      .wr_quad_i     (wr_quad),
      .ho_clear_i    (ho_clear),
      .ho_valid_i    (ho_valid),
      .ho_pos_i      (ho_pos),
      .ho_vec_i      (ho_vec),
      .w_data_i,
      .x_valid_i,
      .x_ready_o,
      .x_last_i,
      .x_meta_i,
      .x_stored_i,
      .x_lo_i,
      .x_ho_i,
      .drain_dtp_i   (drain_cmd[0]),
      .drain_cmd_i   (drain_cmd_id),
      .drain_group_i (rd_group),
      .upd_valid_o   (upd_valid),
      .upd_group_o   (upd_group),
      .upd_sum_o     (upd_sum),
      .comp_valid_o  (comp_valid),
      .comp_at_o     (comp_at),
      .comp_sum_o    (comp_sum),
      .dyn_final_o   (dyn_final),
      .sta_final_o   (sta_final),
      .event_o
    );
  end else begin : gen_split
    split_datapath #(
      .NumDwo(NumDwo),
      .NumSwo(NumSwo),
      .TileK(TileK),
      .TileN(TileN),
      .Depth(Depth),
      .BeatLen(BeatLen),
      .DwoRunsLl(DwoRunsLl)
    ) i_datapath (
      .clk_i,
      .rst_ni,
      .load_bank_i   (load_bank),
      .load_tile_i   (load_tile),
      .load_done_i   (load_done),
      .bank_full_o   (bank_full),
      .lo_valid_i    (lo_valid),
      .wr_quad_i     (wr_quad),
      .ho_clear_i    (ho_clear),
      .ho_valid_i    (ho_valid),
      .ho_pos_i      (ho_pos),
      .ho_vec_i      (ho_vec),
      .w_data_i,
      .x_valid_i,
      .x_ready_o,
      .x_last_i,
      .x_meta_i,
      .x_stored_i,
      .x_lo_i,
      .x_ho_i,
      .drain_cmd_i   (drain_cmd_id),
      .drain_group_i (rd_group),
      .upd_valid_o   (upd_valid),
      .upd_group_o   (upd_group),
      .upd_sum_o     (upd_sum),
      .comp_valid_o  (comp_valid),
      .comp_at_o     (comp_at),
      .comp_sum_o    (comp_sum),
      .dyn_final_o   (dyn_final),
      .sta_final_o   (sta_final),
      .event_o
    );
  end

  // Partial sums of both tiles, and the CSBUF
  logic rd_valid, rd_ready, rd_take, rd_tile, out_tile, comp_rd_ready;
  logic [1:0] psum_rd_ready;
  logic [BlockLen*PsumW-1:0] psum [2];

  for (genvar t = 0; t < 2; t++) begin : gen_psum
    psum_buffer #(
      .Depth(1 << GroupA),
      .InW(SumW)
    ) i_psum_buffer (
      .clk_i,
      .rst_ni,
      .upd_valid_i (upd_valid[t]),
      .upd_addr_i  (upd_group[t*GroupA +: GroupA]),
      .upd_data_i  (upd_sum[t*BlockLen*SumW +: BlockLen*SumW]),
      .rd_valid_i  (rd_take && rd_tile == 1'(t)),
      .rd_ready_o  (psum_rd_ready[t]),
      .rd_addr_i   (rd_group[GroupA-1:0]),
      .rd_data_o   (psum[t])
    );
  end

  psum_buffer #(
    .Depth(2 << GroupA),
    .Len(VecLen),
    .InW(CompInW),
    .OutW(CompW)
  ) i_csbuf (
    .clk_i,
    .rst_ni,
    .upd_valid_i (comp_valid),
    .upd_addr_i  (comp_at),
    .upd_data_i  (comp_sum),
    .rd_valid_i  (rd_take),
    .rd_ready_o  (comp_rd_ready),
    .rd_addr_i   ({rd_tile, rd_group[GroupA-1:0]}),
    .rd_data_o   (y_comp_o)
  );

  assign rd_ready = comp_rd_ready && psum_rd_ready[rd_tile];
  assign rd_take  = rd_valid && rd_ready;
  assign y_psum_o = psum[out_tile];

  result_drain #(
    .Groups(Groups),
    .TakeTurns(NumSwo == 0)
  ) i_result_drain (
    .clk_i,
    .rst_ni,
    .cmd_valid_i (drain_valid),
    .cmd_ready_o (drain_ready),
    .groups_i    (drain_cmd[8:1]),
    .dtp_i       (drain_cmd[0]),
    .dyn_final_i (dyn_final),
    .sta_final_i (sta_final),
    .rd_valid_o  (rd_valid),
    .rd_ready_i  (rd_ready),
    .rd_tile_o   (rd_tile),
    .rd_group_o  (rd_group),
    .cmd_id_o    (drain_cmd_id),
    .valid_o     (y_valid_o),
    .tile_o      (out_tile),
    .ready_i     (y_ready_i)
  );

endmodule

`default_nettype wire
