// SPDX-License-Identifier: Apache-2.0
// Ring of Depth activation column groups inside a PEA. It lets the PEAs run apart from each
// other, and the DWOs apart from the SWOs, by up to Depth - 1 groups; nothing else is buffered,
// the global activation buffer broadcasts every group to all PEAs once.
//
// A group arrives in beats of BeatLen positions (LO vector, HO vector, stored flag); HO vectors
// that are not stored are never used. It is free again when both schedulers have released it.
// Pointers carry a wrap bit. Reads are combinational: single vectors, for DWOs; quads of four
// consecutive LO and HO vectors, for SWOs and pooled operators.
`default_nettype none
`include "assert.svh"

module group_buffer
  import panacea_pkg::*;
#(
  parameter int NumVecs  = 4,
  parameter int NumQuads = 3,
  parameter int TileK    = 64,
  parameter int Depth    = 4,
  parameter int BeatLen  = 16,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = (TileK > 4) ? $clog2(TileK / 4) : 1,
  localparam int SlotW = $clog2(Depth),
  localparam int MetaW = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      valid_i,
  output logic                      ready_o,
  input  logic                      last_i,       // last beat of the group
  input  logic [MetaW-1:0]          meta_i,
  input  logic [BeatLen-1:0]        stored_i,
  input  logic [BeatLen*VecW-1:0]   lo_i,
  input  logic [BeatLen*VecW-1:0]   ho_i,
  output logic [SlotW:0]            wr_ptr_o,     // groups before it are complete
  input  logic [SlotW:0]            dyn_ptr_i,    // groups before it are released by the DWOs
  input  logic [SlotW:0]            sta_ptr_i,    // and by the static scheduler
  input  logic [SlotW-1:0]          gen_slot_i,   // group the dynamic scheduler looks at
  output logic [MetaW-1:0]          gen_meta_o,
  output logic [TileK-1:0]          gen_mask_o,
  input  logic [SlotW-1:0]          sta_slot_i,   // group the static scheduler looks at
  output logic [MetaW-1:0]          sta_meta_o,
  output logic [MetaW-1:0]          sta_next_meta_o,  // and the group after it
  input  logic [NumVecs*SlotW-1:0]  vec_slot_i,
  input  logic [NumVecs-1:0]        vec_high_i,
  input  logic [NumVecs*PosW-1:0]   vec_k_i,
  output logic [NumVecs*VecW-1:0]   vec_o,
  input  logic [NumQuads*SlotW-1:0] quad_slot_i,
  input  logic [NumQuads*QuadA-1:0] quad_i,
  output logic [NumQuads*QuadW-1:0] quad_lo_o,
  output logic [NumQuads*QuadW-1:0] quad_ho_o
);

  localparam int Quads = TileK / 4;
  localparam int BeatQuads = BeatLen / 4;
  localparam int Beats = TileK / BeatLen;
  localparam int BeatA = (Beats > 1) ? $clog2(Beats) : 1;

  logic [QuadW-1:0] lo_mem [Depth*Quads];
  logic [QuadW-1:0] ho_mem [Depth*Quads];
  logic [TileK-1:0] mask_q [Depth];
  logic [MetaW-1:0] meta_q [Depth];
  logic [SlotW:0]   wr_q;
  logic [BeatA-1:0] beat_q;
  logic [SlotW-1:0] wr_slot, sta_next_slot;
  logic take;

  function automatic int quad_addr(input logic [SlotW-1:0] slot, input logic [QuadA-1:0] quad);
    return int'(slot) * Quads + int'(quad);
  endfunction

  assign wr_slot  = wr_q[SlotW-1:0];
  assign wr_ptr_o = wr_q;
  assign ready_o  = ((SlotW+1)'(wr_q - dyn_ptr_i) != (SlotW+1)'(Depth)) &&
                    ((SlotW+1)'(wr_q - sta_ptr_i) != (SlotW+1)'(Depth));
  assign take     = valid_i && ready_o;

  always_ff @(posedge clk_i) begin
    if (take) begin
      for (int q = 0; q < BeatQuads; q++) begin
        lo_mem[int'(wr_slot) * Quads + int'(beat_q) * BeatQuads + q] <= lo_i[q*QuadW +: QuadW];
        ho_mem[int'(wr_slot) * Quads + int'(beat_q) * BeatQuads + q] <= ho_i[q*QuadW +: QuadW];
      end
      // The first beat clears what a longer group may have left behind it.
      if (beat_q == '0) mask_q[wr_slot] <= TileK'(stored_i);
      else mask_q[wr_slot][int'(beat_q)*BeatLen+:BeatLen] <= stored_i;
      meta_q[wr_slot] <= meta_i;
    end
    if (!rst_ni) begin
      wr_q   <= '0;
      beat_q <= '0;
    end else if (take) begin
      beat_q <= last_i ? '0 : beat_q + 1'b1;
      if (last_i) wr_q <= wr_q + 1'b1;
    end
  end

  assign sta_next_slot   = sta_slot_i + 1'b1;
  assign gen_meta_o      = meta_q[gen_slot_i];
  assign gen_mask_o      = mask_q[gen_slot_i];
  assign sta_meta_o      = meta_q[sta_slot_i];
  assign sta_next_meta_o = meta_q[sta_next_slot];

  for (genvar i = 0; i < NumVecs; i++) begin : gen_vec
    logic [PosW-1:0]  k;
    logic [QuadW-1:0] quad;
    assign k    = vec_k_i[i*PosW +: PosW];
    assign quad = vec_high_i[i] ? ho_mem[quad_addr(vec_slot_i[i*SlotW +: SlotW], QuadA'(k / 4))]
                                : lo_mem[quad_addr(vec_slot_i[i*SlotW +: SlotW], QuadA'(k / 4))];
    assign vec_o[i*VecW +: VecW] = quad[{k[1:0], 4'd0} +: VecW];
  end

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    assign quad_lo_o[q*QuadW +: QuadW] = lo_mem[quad_addr(quad_slot_i[q*SlotW +: SlotW],
                                                          quad_i[q*QuadA +: QuadA])];
    assign quad_ho_o[q*QuadW +: QuadW] = ho_mem[quad_addr(quad_slot_i[q*SlotW +: SlotW],
                                                          quad_i[q*QuadA +: QuadA])];
  end

  `PANACEA_ASSERT((SlotW + 1)'(wr_q - dyn_ptr_i) <= (SlotW + 1)'(Depth), "DWOs released too much")
  `PANACEA_ASSERT((SlotW + 1)'(wr_q - sta_ptr_i) <= (SlotW + 1)'(Depth), "SWOs released too much")

endmodule

`default_nettype wire
