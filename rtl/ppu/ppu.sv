// SPDX-License-Identifier: Apache-2.0
// PPU, the post-processing unit: requantises the core's result blocks, applies a piecewise-linear
// function, rounds and slices the codes for the next layer and sends them as packets of its
// activation stream, one for each column group and tile. In raw mode a packet is the group's
// 32-bit blocks, two beats each.
//
// Parameters are written while a command runs and used from the next one that asks for them. One
// block a cycle (raw: every second), six cycles to the packetizer.
`default_nettype none
`include "assert.svh"

module ppu
  import panacea_pkg::*;
  import ppu_pkg::*;
#(
  parameter int NumPea = 16,
  localparam int CmdW   = $bits(ppu_cmd_t),
  localparam int MetaW  = $bits(ppu_meta_t),
  localparam int BlockW = BlockLen * PsumW
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                cmd_valid_i,
  output logic                cmd_ready_o,
  input  logic [CmdW-1:0]     cmd_i,
  input  logic                par_valid_i,   // write a parameter
  output logic                par_ready_o,
  input  logic [ParAddrW-1:0] par_addr_i,    // row, or 256 + segment
  input  logic [ParDataW-1:0] par_data_i,    // {shift, multiplier}, or {slope, offset}
  input  logic                y_valid_i,
  output logic                y_ready_o,
  input  logic                y_last_i,
  input  logic [BlockW-1:0]   y_data_i,
  output logic                out_valid_o,
  input  logic                out_ready_i,
  output logic [BeatW-1:0]    out_data_o,
  output logic                out_last_o,    // of the packet
  output logic                out_tile_o,
  output logic                out_part_o,    // 1: lowest slices of 12-bit activations
  output logic                busy_o,
  output ppu_err_t            err_o
);

  localparam int Stages = 6;  // registers from the block to the packetizer
  localparam int Lookup = 2;  // the register whose block reads its segments
  localparam int Blocks = 2 * NumPea;
  localparam int BlockA = $clog2(Blocks);
  // Packets begun and not yet sent: a block each in all stages and in the four places of the
  // packetizer's LO FIFO, and the one that leaves; 11 with a single PEA, fewer with more.
  localparam int PacketW = 4;

  // Pipeline: all stages move together. Blocks of padding rows end here.
  logic active, raw, used, pea_end, row_bank, pwl_bank, take, move;
  logic pk_ready, raw_ready;
  logic [BlockA-1:0] block;
  logic [MetaW-1:0]  meta_bits;
  ppu_meta_t meta, lookup_meta, round_meta;
  logic [Stages-1:0] valid_q;
  logic [MetaW-1:0]  meta_q [Stages];
  logic [VecLen*ScaleW-1:0] scale, scale_q;
  logic [BlockW-1:0] y_q;

  assign move      = !valid_q[Stages-1] || pk_ready;
  assign y_ready_o = active && (raw ? raw_ready : move);
  assign take      = y_valid_i && y_ready_o;

  ppu_control #(
    .NumPea(NumPea)
  ) i_control (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o,
    .cmd_i,
    .take_i     (take),
    .last_i     (y_last_i),
    .active_o   (active),
    .raw_o      (raw),
    .used_o     (used),
    .pea_end_o  (pea_end),
    .meta_o     (meta_bits),
    .block_o    (block),
    .row_bank_o (row_bank),
    .pwl_bank_o (pwl_bank),
    .err_o
  );

  assign meta = meta_bits;

  always_ff @(posedge clk_i) begin
    if (move) begin
      y_q       <= y_data_i;
      scale_q   <= scale;
      meta_q[0] <= meta_bits;
      for (int s = 1; s < Stages; s++) meta_q[s] <= meta_q[s-1];
    end
    if (!rst_ni) valid_q <= '0;
    else if (move) valid_q <= {valid_q[Stages-2:0], take && !raw && used};
  end

  // Parameters. A block that has not read its segments yet may need the bank now to be written.
  logic [Lookup:0] old_bank;
  for (genvar s = 0; s <= Lookup; s++) begin : gen_old
    ppu_meta_t stage_meta;
    assign stage_meta  = meta_q[s];
    assign old_bank[s] = valid_q[s] && stage_meta.bank != pwl_bank;
  end
  assign par_ready_o = old_bank == '0;

  logic par_take;
  assign par_take = par_valid_i && par_ready_o;

  scale_table #(
    .Blocks(Blocks)
  ) i_scales (
    .clk_i,
    .wr_valid_i (par_take && !par_addr_i[ParAddrW-1] && int'(par_addr_i) < VecLen * Blocks),
    .wr_bank_i  (!row_bank),
    .wr_row_i   (par_addr_i[BlockA+1:0]),
    .wr_data_i  (par_data_i[ScaleW-1:0]),
    .rd_bank_i  (row_bank),
    .rd_block_i (block),
    .scale_o    (scale)
  );

  logic [BlockLen*PreW-1:0]  v;
  logic [BlockLen*CodeW-1:0] u;
  logic [BlockLen*GridW-1:0] n;

  assign lookup_meta = meta_q[Lookup];
  assign round_meta  = meta_q[Stages-2];

  requantiser i_requantiser (
    .clk_i,
    .en_i (move),
    .y_i (y_q),
    .scale_i (scale_q),
    .v_o (v)
  );

  pwl i_pwl (
    .clk_i,
    .wr_valid_i   (par_take && par_addr_i[ParAddrW-1]),
    .wr_bank_i    (!pwl_bank),
    .wr_segment_i (par_addr_i[SegW-1:0]),
    .wr_data_i    (par_data_i),
    .en_i         (move),
    .bank_i       (lookup_meta.bank),
    .v_i          (v),
    .u_o          (u)
  );

  grid_round i_grid_round (
    .dbs_i (round_meta.dbs),
    .slices_i (round_meta.slices),
    .u_i (u),
    .n_o (n)
  );

  logic [QuadW-1:0] ho, lo, lo0, ho_q, lo_q, lo0_q;
  logic [VecLen-1:0] skip, skip_q;

  act_slicer i_act_slicer (
    .slices_i (round_meta.slices),
    .r_i (round_meta.r),
    .n_i (n),
    .ho_o (ho),
    .lo_o (lo),
    .lo0_o (lo0),
    .skip_o (skip)
  );

  always_ff @(posedge clk_i)
    if (move) begin
      ho_q   <= ho;
      lo_q   <= lo;
      lo0_q  <= lo0;
      skip_q <= skip;
    end

  logic pk_valid, pk_space, pk_last, pk_end, pk_tile, pk_part;
  logic [BeatW-1:0] pk_data;

  packetizer #(
    .NumPea(NumPea)
  ) i_packetizer (
    .clk_i,
    .rst_ni,
    .valid_i (valid_q[Stages-1]),
    .ready_o (pk_ready),
    .meta_i  (meta_q[Stages-1]),
    .skip_i  (skip_q),
    .ho_i    (ho_q),
    .lo_i    (lo_q),
    .lo0_i   (lo0_q),
    .valid_o (pk_valid),
    .ready_i (pk_space),
    .data_o  (pk_data),
    .last_o  (pk_last),
    .end_o   (pk_end),
    .tile_o  (pk_tile),
    .part_o  (pk_part)
  );

  // Raw blocks wait for earlier packets; later packets wait for them.
  logic raw_valid, raw_space, raw_last, raw_tile, out_space, packet_in, packet_out;
  logic [BeatW-1:0]   raw_data;
  logic [PacketW-1:0] packets_q;             // begun, and not yet sent

  assign packet_in  = take && !raw && used && meta.last;
  assign packet_out = pk_valid && pk_space && pk_end;
  assign raw_ready  = packets_q == '0 && raw_space;
  assign pk_space   = out_space && !raw_valid;

  raw_serialiser i_raw (
    .clk_i,
    .rst_ni,
    .valid_i (take && raw),
    .ready_o (raw_space),
    .last_i  (pea_end),
    .tile_i  (meta.tile),
    .data_i  (y_data_i),
    .valid_o (raw_valid),
    .ready_i (out_space),
    .last_o  (raw_last),
    .tile_o  (raw_tile),
    .data_o  (raw_data)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) packets_q <= '0;
    else packets_q <= packets_q + PacketW'(packet_in) - PacketW'(packet_out);
  end

  stream_fifo #(
    .Width(BeatW + 3),
    .Depth(2)
  ) i_out_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (raw_valid || pk_valid),
    .ready_o (out_space),
    .data_i  (raw_valid ? {raw_last, raw_tile, 1'b0, raw_data}
                        : {pk_last, pk_tile, pk_part, pk_data}),
    .valid_o (out_valid_o),
    .ready_i (out_ready_i),
    .data_o  ({out_last_o, out_tile_o, out_part_o, out_data_o})
  );

  assign busy_o = active || raw_valid || packets_q != '0 || out_valid_o;

  `PANACEA_ASSERT(!packet_in || packet_out || packets_q != '1, "packets are miscounted")

endmodule

`default_nettype wire
