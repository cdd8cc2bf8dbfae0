// SPDX-License-Identifier: Apache-2.0
// WBUF and weight index buffer: two banks of two sub-tiles, each TileK LO and TileK HO
// slice-vectors stored by position, and a bit per position for the HO vectors that are there; none
// of these is zero.
// Written by the weight loader; read combinationally: single vectors, for DWOs; quads of four
// consecutive LO and HO vectors, for SWOs and pooled operators; one index mask for the scheduler.
`default_nettype none
`include "assert.svh"

module wbuf
  import panacea_pkg::*;
#(
  parameter int NumVecs  = 4,
  parameter int NumQuads = 3,
  parameter int TileK    = 64,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = (TileK > 4) ? $clog2(TileK / 4) : 1
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        bank_i,
  input  logic                        tile_i,
  input  logic                        lo_valid_i,
  input  logic [QuadA-1:0]            wr_quad_i,
  input  logic                        ho_clear_i,
  input  logic [WordVecs-1:0]         ho_valid_i,
  input  logic [WordEntries*PosW-1:0] ho_pos_i,
  input  logic [WordVecs*VecW-1:0]    ho_vec_i,
  input  logic [WordW-1:0]            data_i,
  input  logic                        mask_bank_i,
  input  logic                        mask_tile_i,
  output logic [TileK-1:0]            mask_o,
  input  logic [NumVecs-1:0]          vec_bank_i,
  input  logic [NumVecs-1:0]          vec_tile_i,
  input  logic [NumVecs-1:0]          vec_high_i,
  input  logic [NumVecs*PosW-1:0]     vec_k_i,
  output logic [NumVecs*VecW-1:0]     vec_o,
  input  logic [NumQuads-1:0]         quad_bank_i,
  input  logic [NumQuads-1:0]         quad_tile_i,
  input  logic [NumQuads*QuadA-1:0]   quad_i,
  output logic [NumQuads*QuadW-1:0]   quad_lo_o,
  output logic [NumQuads*QuadW-1:0]   quad_ho_o
);

  localparam int Quads = TileK / 4;

  // Index {bank, tile, position}: one quad of LO vectors, one HO vector, one mask.
  logic [QuadW-1:0] lo_mem [4*Quads];
  logic [VecW-1:0]  ho_mem [4*TileK];
  logic [TileK-1:0] mask_q [4];

  function automatic int lo_addr(input logic bank, input logic tile, input logic [QuadA-1:0] quad);
    return int'({bank, tile}) * Quads + int'(quad);
  endfunction

  function automatic int ho_addr(input logic bank, input logic tile, input logic [PosW-1:0] k);
    return int'({bank, tile}) * TileK + int'(k);
  endfunction

  // The fourth HO vector of a word is there in dense lists only.
  function automatic logic [PosW-1:0] quad_end(input logic [QuadA-1:0] quad);
    return PosW'({quad, 2'd3});
  endfunction

  always_ff @(posedge clk_i) begin
    if (lo_valid_i) lo_mem[lo_addr(bank_i, tile_i, wr_quad_i)] <= data_i;
    for (int e = 0; e < WordEntries; e++)
    if (ho_valid_i[e])
      ho_mem[ho_addr(bank_i, tile_i, ho_pos_i[e*PosW+:PosW])] <= ho_vec_i[e*VecW+:VecW];
    if (ho_valid_i[WordEntries])
      ho_mem[ho_addr(bank_i, tile_i, quad_end(wr_quad_i))] <= ho_vec_i[WordEntries*VecW+:VecW];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int m = 0; m < 4; m++) mask_q[m] <= '0;
    end else if (ho_clear_i) begin
      mask_q[{bank_i, tile_i}] <= '0;
    end else begin
      for (int e = 0; e < WordEntries; e++)
      if (ho_valid_i[e]) mask_q[{bank_i, tile_i}][ho_pos_i[e*PosW+:PosW]] <= 1'b1;
      if (ho_valid_i[WordEntries]) mask_q[{bank_i, tile_i}][quad_end(wr_quad_i)] <= 1'b1;
    end
  end

  assign mask_o = mask_q[{mask_bank_i, mask_tile_i}];

  for (genvar i = 0; i < NumVecs; i++) begin : gen_vec
    logic [PosW-1:0]  k;
    logic [QuadW-1:0] quad;
    assign k    = vec_k_i[i*PosW +: PosW];
    assign quad = lo_mem[lo_addr(vec_bank_i[i], vec_tile_i[i], QuadA'(k >> 2))];
    assign vec_o[i*VecW +: VecW] = vec_high_i[i] ? ho_mem[ho_addr(vec_bank_i[i], vec_tile_i[i], k)]
                                                 : quad[{k[1:0], 4'd0} +: VecW];
  end

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    assign quad_lo_o[q*QuadW+:QuadW] = lo_mem[lo_addr(
        quad_bank_i[q], quad_tile_i[q], quad_i[q*QuadA+:QuadA]
    )];
    for (genvar v = 0; v < 4; v++) begin : gen_ho
      assign quad_ho_o[q*QuadW+v*VecW+:VecW] = ho_mem[ho_addr(
          quad_bank_i[q], quad_tile_i[q], PosW'({quad_i[q*QuadA+:QuadA], 2'(v)})
      )];
    end
  end

  // A vector of zeros would cost an operator a cycle and add nothing.
  for (genvar e = 0; e < WordVecs; e++) begin : gen_check
    `PANACEA_ASSERT(!ho_valid_i[e] || ho_vec_i[e*VecW+:VecW] != '0, "a placeholder is kept")
  end

endmodule

`default_nettype wire
