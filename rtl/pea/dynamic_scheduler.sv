// SPDX-License-Identifier: Apache-2.0
// Finds work for the DWOs: matches the weight index mask with the activation index mask of every
// destination (column group and weight sub-tile) and hands out up to NumOps of its products
// W_H x_H, W_H x_L, W_L x_H a cycle, any k to any operator.
//
// Two destinations are open: when the current one has fewer products left than there are
// operators, the rest take products of the next one, so operators do not idle at the edges.
// A destination with products ends with a flush of S-ACC. Only one flush a cycle can update the
// partial sums of a tile and the static one goes first; the DWOs then wait with the next
// destination, not with the current one. Decisions are combinational.
`default_nettype none
`include "assert.svh"

module dynamic_scheduler
  import panacea_pkg::*;
#(
  parameter int NumOps = 4,
  parameter int TileK  = 64,
  parameter int SlotW  = 2,
  localparam int PosW  = $clog2(TileK),
  localparam int MetaW = $bits(group_meta_t)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // The group looked at, its stored positions, and the weight positions of gen_tile_o.
  input  logic                   gen_ready_i,    // complete, weights there, psums free
  input  logic [MetaW-1:0]       gen_meta_i,
  input  logic [TileK-1:0]       gen_x_mask_i,
  input  logic [TileK-1:0]       gen_w_mask_i,
  output logic                   gen_tile_o,
  output logic [SlotW:0]         gen_ptr_o,
  // Flush of the static scheduler in this cycle.
  input  logic                   sta_flush_i,
  input  logic                   sta_flush_tile_i,
  // Work of this cycle.
  output logic [NumOps/4-1:0]    busy_o,         // four operators have work, or wait with it
  output logic [NumOps-1:0]      valid_o,
  output logic [NumOps-1:0]      next_o,         // for the next destination
  output logic [NumOps-1:0]      w_high_o,
  output logic [NumOps-1:0]      x_high_o,
  output logic [NumOps*PosW-1:0] k_o,
  output logic [SlotW-1:0]       cur_slot_o,
  output logic                   cur_tile_o,
  output logic [MetaW-1:0]       cur_meta_o,
  output logic [SlotW-1:0]       nxt_slot_o,
  output logic                   nxt_tile_o,
  output logic                   nxt_bank_o,
  output logic                   flush_o,        // the current destination ends, with a sum
  output logic                   flush_wait_o,
  output logic                   group_end_o,    // the current group is done
  output logic [SlotW:0]         done_ptr_o      // groups before it are released
);

  // Which positions have bit b of their index set, for the one-hot to binary conversion.
  function automatic logic [PosW*TileK-1:0] index_masks();
    for (int b = 0; b < PosW; b++) for (int k = 0; k < TileK; k++) index_masks[b*TileK+k] = k[b];
  endfunction
  localparam logic [PosW*TileK-1:0] IndexMasks = index_masks();

  function automatic logic [PosW-1:0] to_index(input logic [TileK-1:0] one_hot);
    for (int b = 0; b < PosW; b++) to_index[b] = |(one_hot & IndexMasks[b*TileK+:TileK]);
  endfunction

  logic [TileK-1:0] cur_hh_q, cur_hl_q, cur_lh_q, nxt_hh_q, nxt_hl_q, nxt_lh_q;
  logic cur_valid_q, cur_any_q, cur_tile_q;
  logic nxt_valid_q, nxt_any_q, nxt_tile_q, gen_tile_q;
  group_meta_t cur_meta_q, nxt_meta_q, gen_meta;
  logic [SlotW:0] gen_ptr_q, done_ptr_q;
  logic [SlotW-1:0] cur_slot_q, nxt_slot_q;

  // What is left of the two destinations while the operators choose one after the other.
  logic [TileK-1:0] cur_hh, cur_hl, cur_lh, nxt_hh, nxt_hl, nxt_lh, hh, hl, lh, from, one;
  logic is_nxt, is_hh, is_hl;
  logic [NumOps-1:0] want;
  logic exhausted, flush, waits, advance, gen_take, gen_last;

  assign gen_meta = gen_meta_i;

  always_comb begin
    cur_hh = cur_hh_q;
    cur_hl = cur_hl_q;
    cur_lh = cur_lh_q;
    nxt_hh = nxt_hh_q;
    nxt_hl = nxt_hl_q;
    nxt_lh = nxt_lh_q;
    for (int i = 0; i < NumOps; i++) begin
      is_nxt = (cur_hh == '0) && (cur_hl == '0) && (cur_lh == '0);
      hh     = is_nxt ? nxt_hh : cur_hh;
      hl     = is_nxt ? nxt_hl : cur_hl;
      lh     = is_nxt ? nxt_lh : cur_lh;
      is_hh  = hh != '0;
      is_hl  = !is_hh && (hl != '0);
      from   = is_hh ? hh : is_hl ? hl : lh;
      one    = from & (~from + TileK'(1));
      if (is_nxt) begin
        if (is_hh) nxt_hh = nxt_hh ^ one;
        else if (is_hl) nxt_hl = nxt_hl ^ one;
        else nxt_lh = nxt_lh ^ one;
      end else begin
        if (is_hh) cur_hh = cur_hh ^ one;
        else if (is_hl) cur_hl = cur_hl ^ one;
        else cur_lh = cur_lh ^ one;
      end
      want[i]              = from != '0;
      next_o[i]            = is_nxt;
      w_high_o[i]          = is_hh || is_hl;
      x_high_o[i]          = !is_hl;
      k_o[i*PosW +: PosW]  = to_index(one);
    end
    exhausted = (cur_hh == '0) && (cur_hl == '0) && (cur_lh == '0);
  end

  assign flush    = cur_valid_q && exhausted && cur_any_q;
  assign waits    = flush && sta_flush_i && (sta_flush_tile_i == cur_tile_q);
  assign advance  = exhausted && !waits;
  assign gen_last = !gen_meta.dtp || gen_tile_q;
  assign gen_take = gen_ready_i && (advance || !nxt_valid_q);

  for (genvar q = 0; q < NumOps / 4; q++) begin : gen_busy
    assign busy_o[q] = want[4*q];  // operators are served in order
  end
  assign valid_o      = want & ~(next_o & {NumOps{waits}});
  assign cur_slot_o   = cur_slot_q;
  assign cur_tile_o   = cur_tile_q;
  assign cur_meta_o   = cur_meta_q;
  assign nxt_slot_o   = nxt_slot_q;
  assign nxt_tile_o   = nxt_tile_q;
  assign nxt_bank_o   = nxt_meta_q.bank;
  assign flush_o      = flush && !waits;
  assign flush_wait_o = waits;
  assign group_end_o  = cur_valid_q && advance && (!cur_meta_q.dtp || cur_tile_q);
  assign gen_tile_o   = gen_tile_q;
  assign gen_ptr_o    = gen_ptr_q;
  assign done_ptr_o   = done_ptr_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cur_valid_q <= 1'b0;
      nxt_valid_q <= 1'b0;
      {cur_hh_q, cur_hl_q, cur_lh_q} <= '0;
      {nxt_hh_q, nxt_hl_q, nxt_lh_q} <= '0;
      gen_tile_q  <= 1'b0;
      gen_ptr_q   <= '0;
      done_ptr_q  <= '0;
    end else begin
      cur_hh_q <= advance ? nxt_hh : cur_hh;
      cur_hl_q <= advance ? nxt_hl : cur_hl;
      cur_lh_q <= advance ? nxt_lh : cur_lh;
      if (advance) begin
        cur_valid_q <= nxt_valid_q;
        cur_any_q   <= nxt_any_q;
        cur_tile_q  <= nxt_tile_q;
        cur_meta_q  <= nxt_meta_q;
        cur_slot_q  <= nxt_slot_q;
      end
      if (gen_take) begin
        nxt_hh_q    <= gen_w_mask_i & gen_x_mask_i;
        nxt_hl_q    <= gen_w_mask_i;
        nxt_lh_q    <= gen_x_mask_i;
        nxt_valid_q <= 1'b1;
        nxt_any_q   <= (gen_w_mask_i != '0) || (gen_x_mask_i != '0);
        nxt_tile_q  <= gen_tile_q;
        nxt_meta_q  <= gen_meta;
        nxt_slot_q  <= gen_ptr_q[SlotW-1:0];
        gen_tile_q  <= !gen_last;
        if (gen_last) gen_ptr_q <= gen_ptr_q + 1'b1;
      end else if (advance) begin
        {nxt_hh_q, nxt_hl_q, nxt_lh_q} <= '0;
        nxt_valid_q <= 1'b0;
      end
      if (group_end_o) done_ptr_q <= done_ptr_q + 1'b1;
    end
  end

  `PANACEA_ASSERT(cur_valid_q || (cur_hh_q | cur_hl_q | cur_lh_q) == '0, "work of no destination")
  `PANACEA_ASSERT(nxt_valid_q || (nxt_hh_q | nxt_hl_q | nxt_lh_q) == '0, "work of no destination")

endmodule

`default_nettype wire
