// SPDX-License-Identifier: Apache-2.0
// Unit top of the PPU's blocks: requantiser; pwl followed by grid_round and act_slicer; packetizer
// (with rle_encoder and entry_packer) for 16 PEAs.
`default_nettype none

module tb_ppu_blocks
  import panacea_pkg::*;
  import ppu_pkg::*;
();

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  logic                      rq_en;
  logic [BlockLen*PsumW-1:0] rq_y;
  logic [VecLen*ScaleW-1:0]  rq_scale;
  logic [BlockLen*PreW-1:0]  rq_v;

  requantiser i_requantiser (
    .clk_i(clk),
    .en_i(rq_en),
    .y_i(rq_y),
    .scale_i(rq_scale),
    .v_o(rq_v)
  );

  logic pw_wr_valid, pw_wr_bank, pw_en, pw_bank;
  logic [SegW-1:0]           pw_segment;
  logic [ParDataW-1:0]       pw_data;
  logic [BlockLen*PreW-1:0]  pw_v;
  logic [BlockLen*CodeW-1:0] pw_u;

  pwl i_pwl (
    .clk_i(clk),
    .wr_valid_i(pw_wr_valid),
    .wr_bank_i(pw_wr_bank),
    .wr_segment_i(pw_segment),
    .wr_data_i(pw_data),
    .en_i(pw_en),
    .bank_i(pw_bank),
    .v_i(pw_v),
    .u_o(pw_u)
  );

  logic [1:0] pw_dbs, pw_slices;
  logic [3:0]                pw_r;
  logic [BlockLen*GridW-1:0] pw_n;
  logic [QuadW-1:0] pw_ho, pw_lo, pw_lo0;
  logic [VecLen-1:0] pw_skip;

  grid_round i_grid_round (
    .dbs_i(pw_dbs),
    .slices_i(pw_slices),
    .u_i(pw_u),
    .n_o(pw_n)
  );

  act_slicer i_act_slicer (
    .slices_i(pw_slices),
    .r_i(pw_r),
    .n_i(pw_n),
    .ho_o(pw_ho),
    .lo_o(pw_lo),
    .lo0_o(pw_lo0),
    .skip_o(pw_skip)
  );

  // {lo0, lo, ho, skip, meta} in, {end, last, tile, part, beat} out.
  localparam int MetaW = $bits(ppu_meta_t);
  logic k_valid, k_ready, q_valid, q_ready;
  logic q_end, q_last, q_tile, q_part;
  logic [3*QuadW+VecLen+MetaW-1:0]   k_data;
  logic [BeatW-1:0]                  q_beat;
  logic [BeatW+3:0]                  q_data;

  packetizer #(
    .NumPea(16)
  ) i_packetizer (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(k_valid),
    .ready_o(k_ready),
    .meta_i(k_data[MetaW-1:0]),
    .skip_i(k_data[MetaW +: VecLen]),
    .ho_i(k_data[MetaW+VecLen +: QuadW]),
    .lo_i(k_data[MetaW+VecLen+QuadW +: QuadW]),
    .lo0_i(k_data[MetaW+VecLen+2*QuadW +: QuadW]),
    .valid_o(q_valid),
    .ready_i(q_ready),
    .data_o(q_beat),
    .last_o(q_last),
    .end_o(q_end),
    .tile_o(q_tile),
    .part_o(q_part)
  );

  assign q_data = {q_end, q_last, q_tile, q_part, q_beat};

endmodule

`default_nettype wire
