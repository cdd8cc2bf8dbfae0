// SPDX-License-Identifier: Apache-2.0
// Walks the loaded blocks step by step, without a pause between tiles and blocks: row tiles, the
// tiles in each, the steps of each. Every step reads a word of activations. Weights are read in
// every step (SIMD), every fourth (SA-OS), or in every fourth of the first MinSteps (SA-WS).
// A tile takes MinSteps at least, however few steps it has: results leave in that time, from the
// last step on (SIMD, SA-OS: steps come as late as they can), or weights come in (SA-WS).
//
// The weights of a row tile are used again in every tile (SIMD, SA-OS), or each once (SA-WS); its
// activations are those of the whole block.
`default_nettype none
`include "assert.svh"

module block_walker
  import dense_pkg::*;
#(
  parameter int Dataflow = Simd,
  parameter int MinSteps = 8,
  localparam int LoadedW = $bits(loaded_t),
  localparam int OutputW = $bits(output_t),
  localparam int ApsqW   = $bits(block_apsq_t),
  localparam int WAddrW  = $clog2(2 * WeightDepth),
  localparam int XAddrW  = $clog2(2 * ActDepth),
  localparam int PAddrW  = $clog2(2 * PsumDepth)
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               valid_i,
  output logic               ready_o,
  input  logic [LoadedW-1:0] data_i,
  // Reads, and what the step is.
  output logic               w_rd_o,
  output logic [WAddrW-1:0]  w_addr_o,
  output logic               x_rd_o,
  output logic [XAddrW-1:0]  x_addr_o,
  output logic               first_o,       // first step of its tile
  output logic               last_o,        // last one
  // A tile's partial sums, in its first cycle.
  output logic               tile_valid_o,
  output logic [PAddrW-1:0]  tile_addr_o,
  output logic               tile_first_o,  // the first sums of these outputs
  output logic               tile_end_o,    // the last sums of the last of these outputs
  output logic [ApsqW-1:0]   tile_apsq_o,   // of its block
  // Outputs, when the last step of their last block is made.
  output logic               out_valid_o,
  output logic [OutputW-1:0] out_o,
  input  logic               out_free_i     // outputs have left the partial sums
);

  block_t            cur_q;
  output_t           done;
  logic busy_q, half_q, take, tile_end, row_last, tile_last, row_end, block_end;
  logic [1:0]        open_q;
  logic [9:0]        step_q;
  logic [6:0]        tile_q;
  logic [2:0]        row_q;
  logic [WAddrW-1:0] w_addr_q, w_next, w_row_q;
  logic [XAddrW-1:0] x_addr_q, x_next;
  logic [PAddrW-1:0] p_addr_q;
  loaded_t           nxt;
  logic              x_half_q;
  logic [1:0]        b_bank_q;

  function automatic logic [XAddrW-1:0] x_base(input logic half);
    return half ? XAddrW'(ActDepth) : '0;
  endfunction

  assign nxt       = data_i;
  assign tile_last = tile_q + 7'd1 == cur_q.tiles;
  assign row_last  = {1'b0, row_q} + 4'd1 == cur_q.rows;
  assign tile_end  = busy_q && step_q + 10'd1 >= cur_q.steps
                     && step_q >= 10'(MinSteps - 1);
  assign row_end   = tile_end && tile_last;
  assign block_end = row_end && row_last;
  assign ready_o   = (!busy_q || block_end) && (!nxt.block.first || !open_q[1]);
  assign take      = valid_i && ready_o;

  assign x_addr_o = x_addr_q;
  assign w_addr_o = w_addr_q;
  assign x_next   = x_addr_q + XAddrW'(x_rd_o);
  assign w_next   = w_addr_q + WAddrW'(w_rd_o);

  if (Dataflow == SaWs) begin : gen_early
    assign x_rd_o  = busy_q && step_q < cur_q.steps;
    assign first_o = x_rd_o && step_q == '0;
    assign last_o  = x_rd_o && step_q + 10'd1 == cur_q.steps;
    assign w_rd_o  = busy_q && step_q < 10'(MinSteps) && step_q[1:0] == '0;
  end else begin : gen_late
    logic [10:0] ahead;
    assign ahead   = {1'b0, step_q} + {1'b0, cur_q.steps};
    assign x_rd_o  = busy_q && ahead >= 11'(MinSteps);
    assign first_o = x_rd_o && (step_q == '0 || ahead == 11'(MinSteps));
    assign last_o  = tile_end;
    if (Dataflow == Simd) begin : gen_every
      assign w_rd_o = x_rd_o;
    end else begin : gen_fourth
      logic [1:0] phase_q;
      assign w_rd_o = x_rd_o && (first_o || phase_q == '0);
      always_ff @(posedge clk_i) begin
        if (x_rd_o) phase_q <= first_o ? 2'd1 : phase_q + 1'b1;
      end
    end
  end

  assign tile_valid_o = busy_q && step_q == '0;
  assign tile_addr_o  = p_addr_q;
  assign tile_first_o = cur_q.first && (Dataflow != SaWs || tile_q == '0);
  assign tile_end_o   = cur_q.last && tile_last && row_last;
  assign tile_apsq_o  = cur_q.apsq;

  assign out_valid_o = block_end && cur_q.last;
  assign done.rows   = cur_q.rows;
  assign done.cols   = cur_q.cols;
  assign done.half   = half_q;
  assign done.b_bank = b_bank_q;
  assign out_o       = done;

  // Partial sums: a word a column; a tile's columns, or all of them again for its next weights.
  if (Dataflow == SaWs) begin : gen_same
    assign done.stride = 8'(cur_q.steps - 10'd1);
  end else begin : gen_next
    assign done.stride = 8'(cur_q.tiles * 7'(MinSteps) - 7'd1);
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      cur_q    <= nxt.block;
      x_half_q <= nxt.x_half;
      b_bank_q <= nxt.b_bank;
      w_addr_q <= {nxt.w_half, {(WAddrW-1){1'b0}}};
      w_row_q  <= {nxt.w_half, {(WAddrW-1){1'b0}}};
      x_addr_q <= x_base(nxt.x_half);
      p_addr_q <= {nxt.block.first ? !half_q : half_q, {(PAddrW-1){1'b0}}};
    end else begin
      w_addr_q <= (tile_end && !tile_last && Dataflow != SaWs) ? w_row_q : w_next;
      x_addr_q <= row_end ? x_base(x_half_q) : x_next;
      if (row_end) w_row_q <= w_next;
      if (Dataflow != SaWs) begin
        if (tile_end) p_addr_q <= p_addr_q + PAddrW'(MinSteps);
      end else begin
        if (row_end) p_addr_q <= p_addr_q + PAddrW'(cur_q.steps);
      end
    end
    if (!rst_ni) begin
      busy_q <= 1'b0;
      half_q <= 1'b1;
      open_q <= '0;
      step_q <= '0;
      tile_q <= '0;
      row_q  <= '0;
    end else begin
      if (take) busy_q <= 1'b1;
      else if (block_end) busy_q <= 1'b0;
      if (take && nxt.block.first) half_q <= !half_q;
      open_q <= open_q + 2'(take && nxt.block.first) - 2'(out_free_i);
      if (busy_q) step_q <= tile_end ? '0 : step_q + 1'b1;
      if (tile_end) tile_q <= tile_last ? '0 : tile_q + 1'b1;
      if (row_end) row_q <= row_last ? '0 : row_q + 1'b1;
    end
  end

  `PANACEA_ASSERT(!busy_q || (cur_q.rows != '0 && cur_q.tiles != '0 && cur_q.steps != '0),
                  "a block without work")
  `PANACEA_ASSERT(!busy_q || !cur_q.apsq.on || cur_q.rows == 4'd1,
                  "steps of several row tiles in a block")
  `PANACEA_ASSERT(open_q != 2'd3, "three outputs share two halves")

endmodule

`default_nettype wire
