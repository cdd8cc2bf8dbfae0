// SPDX-License-Identifier: Apache-2.0
// Hands out the dense products W_L x_L, a quad of four consecutive k at a time: to the SWOs in
// every cycle, and to DWOs without other work where the setting allows it. Quads are numbered
// through a destination (column group and weight sub-tile) from 0; operators left over at its
// end take the first quads of the next destination. A destination ends with a flush of S-ACC.
// Decisions are combinational.
//
// Operators are in groups of four, SWOs first. A group of DWOs is free only if all groups of
// DWOs after it are free too, so the free ones are counted from the last.
`default_nettype none

module static_scheduler
  import panacea_pkg::*;
#(
  parameter int NumSwoQuads = 2,
  parameter int NumDwoQuads = 1,
  parameter int TileK       = 64,
  parameter int SlotW       = 2,
  parameter logic [1:0] DwoRunsLl = 2'b10,   // {under DTP, single tile}
  localparam int NumQuads = NumSwoQuads + NumDwoQuads,
  localparam int QuadA    = (TileK > 4) ? $clog2(TileK / 4) : 1,
  localparam int MetaW    = $bits(group_meta_t)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      ready_i,       // group at ptr_o: complete, weights, psums
  input  logic                      next_ready_i,  // and the group after it
  input  logic [MetaW-1:0]          meta_i,
  input  logic [MetaW-1:0]          next_meta_i,
  input  logic [NumDwoQuads-1:0]    dwo_busy_i,    // DWOs of the group have other work
  output logic [SlotW:0]            ptr_o,         // groups before it are released
  output logic [NumQuads-1:0]       valid_o,
  output logic [NumQuads-1:0]       next_o,        // for the next destination
  output logic [NumQuads*QuadA-1:0] quad_o,
  output logic                      cur_tile_o,
  output logic                      nxt_tile_o,
  output logic                      nxt_other_group_o,
  output logic                      flush_o,
  output logic                      group_end_o
);

  localparam int CntW = $clog2(NumQuads + 1);
  localparam int NumW = (QuadA + 1 > CntW) ? QuadA + 1 : CntW;

  group_meta_t meta, next_meta;
  logic [SlotW:0] ptr_q;
  logic tile_q, next_exists, same_group, dwo_allowed;
  logic [NumW-1:0] quad_q, left, next_quads, free, n_cur, n_nxt;

  assign dwo_allowed = DwoRunsLl[meta.dtp];
  assign meta        = meta_i;
  assign next_meta   = next_meta_i;
  assign same_group  = meta.dtp && !tile_q;
  assign next_exists = same_group || next_ready_i;
  assign left        = meta.quads[NumW-1:0] - quad_q;
  assign next_quads  = same_group ? meta.quads[NumW-1:0] : next_meta.quads[NumW-1:0];

  always_comb begin
    free = NumW'(NumSwoQuads);
    for (int q = 0; q < NumDwoQuads; q++) if (dwo_allowed && !dwo_busy_i[q]) free = free + 1'b1;
    n_cur = '0;
    n_nxt = '0;
    if (ready_i) n_cur = (free < left) ? free : left;
    if (flush_o && next_exists) n_nxt = (free - n_cur < next_quads) ? free - n_cur : next_quads;
  end

  assign flush_o           = ready_i && (free >= left);
  assign group_end_o       = flush_o && !same_group;
  assign cur_tile_o        = tile_q;
  assign nxt_tile_o        = same_group;
  assign nxt_other_group_o = !same_group;
  assign ptr_o             = ptr_q;

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    // Rank in the order in which free operators are served.
    localparam int Rank = (q < NumSwoQuads) ? q : NumSwoQuads + NumQuads - 1 - q;
    assign valid_o[q] = NumW'(Rank) < n_cur + n_nxt;
    assign next_o[q]  = NumW'(Rank) >= n_cur;
    assign quad_o[q*QuadA +: QuadA] =
        next_o[q] ? QuadA'(NumW'(Rank) - n_cur) : QuadA'(quad_q + NumW'(Rank));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ptr_q  <= '0;
      tile_q <= 1'b0;
      quad_q <= '0;
    end else if (flush_o) begin
      if (group_end_o) ptr_q <= ptr_q + 1'b1;
      tile_q <= same_group;
      quad_q <= n_nxt;
    end else begin
      quad_q <= quad_q + n_cur;
    end
  end

endmodule

`default_nettype wire
