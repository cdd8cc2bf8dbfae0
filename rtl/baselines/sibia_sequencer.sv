// SPDX-License-Identifier: Apache-2.0
// Deals the items of the groups out to the operators, the same in all PEAs, in order. An item
// meets both slices of the dense operand, so it takes a pair of operators (LO, HO); where the
// dense operand has a single slice it takes one operator. Operators left over at the end of a
// group begin with the next one, so that none is idle at the edges.
//
// A group may start when it is complete, the dense operand of its K-tile is loaded, and, in an
// output's first K-tile, the bank of partial sums is free. Decisions are combinational. What the
// operand buffers need leaves one cycle later, what the operators need two, the end of a group
// (a flush of S-ACC) three, and the update of the partial sums four.
`default_nettype none
`include "assert.svh"

module sibia_sequencer
  import panacea_pkg::*, sibia_pkg::*;
#(
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  parameter int Groups = 16,
  localparam int PosW  = $clog2(TileK),
  localparam int NumW  = PosW + 2,
  localparam int ItemA = PosW + 1,
  localparam int PsumA = $clog2(2 * Groups),
  localparam int MetaW = $bits(sibia_meta_t)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  // Ring of groups
  input  logic                    cur_valid_i,
  input  logic [MetaW-1:0]        cur_meta_i,
  input  logic [NumW-1:0]         cur_items_i,
  input  logic                    nxt_valid_i,
  input  logic [MetaW-1:0]        nxt_meta_i,
  input  logic [NumW-1:0]         nxt_items_i,
  output logic                    release_o,
  output logic [NumOps-1:0]       rd_next_o,
  output logic [NumOps*ItemA-1:0] rd_item_o,
  input  logic [NumOps-1:0]       rd_high_i,
  input  logic [NumOps*PosW-1:0]  rd_k_i,
  input  logic [NumOps*VecW-1:0]  rd_vec_i,
  // Loader, and the drain's last read of a bank
  input  logic                    load_end_i,
  input  logic                    load_bank_i,
  output logic [1:0]              bank_full_o,
  input  logic                    psum_free_i,
  input  logic                    psum_free_bank_i,
  // One cycle later: where the operators' dense vectors are
  output logic [NumOps-1:0]       get_o,
  output logic [NumOps-1:0]       get_bank_o,
  output logic [NumOps*PosW-1:0]  get_k_o,
  output logic                    get_single_o,
  output sibia_event_t            event_o,
  // Two cycles later: sparse vectors, zero without work
  output logic [NumOps*VecW-1:0]  op_vec_o,
  output logic [NumOps-1:0]       op_high_o,
  output logic [NumOps-1:0]       op_cur_o,
  output logic [NumOps-1:0]       op_nxt_o,
  output logic                    op_single_o,
  // Three and four
  output logic                    flush_o,
  output logic                    upd_valid_o,
  output logic [PsumA-1:0]        upd_addr_o,
  output logic                    upd_final_o     // of the group's last K-tile
);

  // Items a cycle, for a dense operand of one slice and of two.
  localparam int CountW = 4;
  localparam logic [CountW-1:0] Most = CountW'(NumOps);
  localparam logic [CountW-1:0] Half = CountW'(NumOps / 2);

  sibia_meta_t cur_meta, nxt_meta;
  logic [1:0] full_q, psum_busy_q;
  logic [PsumA-2:0]  group_q;
  logic [ItemA-1:0]  done_q;           // items of the current group dealt out so far
  logic [NumW-1:0]   left;
  logic [CountW-1:0] n_cur, n_nxt, n_all, spare;
  logic cur_ready, nxt_ready, fits, ends, tile_end;
  logic [NumOps-1:0] work;

  assign cur_meta = cur_meta_i;
  assign nxt_meta = nxt_meta_i;

  assign cur_ready = cur_valid_i && full_q[cur_meta.bank]
                     && !(cur_meta.first_tile && psum_busy_q[cur_meta.psum_bank]);
  assign nxt_ready = nxt_valid_i && full_q[nxt_meta.bank]
                     && !(nxt_meta.first_tile && psum_busy_q[nxt_meta.psum_bank])
                     && (nxt_meta.single == cur_meta.single);
  assign left      = cur_items_i - NumW'(done_q);
  assign fits      = left <= NumW'(cur_meta.single ? Most : Half);
  assign ends      = cur_ready && fits;
  assign tile_end  = ends && cur_meta.last_group;
  assign spare     = (cur_meta.single ? Most : Half) - left[CountW-1:0];
  assign n_cur     = !cur_ready ? '0 : fits ? left[CountW-1:0] : cur_meta.single ? Most : Half;
  assign n_nxt     = !(ends && nxt_ready) ? '0
                     : (NumW'(spare) < nxt_items_i) ? spare : nxt_items_i[CountW-1:0];
  assign n_all     = n_cur + n_nxt;
  assign release_o = ends;

  // An operator's item is the one of its number, or of its pair's.
  for (genvar i = 0; i < NumOps; i++) begin : gen_item
    logic [CountW-1:0] in_next;
    assign in_next      = (cur_meta.single ? CountW'(i) : CountW'(i / 2)) - n_cur;
    assign work[i]      = cur_ready && ((cur_meta.single ? CountW'(i) : CountW'(i / 2)) < n_all);
    assign rd_next_o[i] = (cur_meta.single ? CountW'(i) : CountW'(i / 2)) >= n_cur;
    assign rd_item_o[i*ItemA +: ItemA] =
        rd_next_o[i] ? ItemA'(in_next) : done_q + (cur_meta.single ? ItemA'(i) : ItemA'(i / 2));
  end

  // A bank of the operand buffers is full from its last word until its last group is done; a bank
  // of partial sums is busy from its last flush until it is read.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      done_q      <= '0;
      group_q     <= '0;
      full_q      <= '0;
      psum_busy_q <= '0;
    end else begin
      done_q <= ends ? ItemA'(n_nxt) : done_q + ItemA'(n_cur);
      if (ends) group_q <= cur_meta.last_group ? '0 : group_q + 1'b1;
      for (int b = 0; b < 2; b++) begin
        if (load_end_i && load_bank_i == 1'(b)) full_q[b] <= 1'b1;
        else if (tile_end && cur_meta.bank == 1'(b)) full_q[b] <= 1'b0;
        if (tile_end && cur_meta.last_tile && cur_meta.psum_bank == 1'(b)) psum_busy_q[b] <= 1'b1;
        else if (psum_free_i && psum_free_bank_i == 1'(b)) psum_busy_q[b] <= 1'b0;
      end
    end
  end
  assign bank_full_o = full_q;

  // Pipeline
  logic [NumOps-1:0] cur_q, nxt_q, high_q;
  logic [NumOps*VecW-1:0] vec_q;
  logic [3:0] flush_q, final_q;
  logic [4*PsumA-1:0] addr_q;

  for (genvar i = 0; i < NumOps; i++) begin : gen_stage
    always_ff @(posedge clk_i) begin
      cur_q[i]      <= rst_ni && work[i] && !rd_next_o[i];
      nxt_q[i]      <= rst_ni && work[i] && rd_next_o[i];
      get_bank_o[i] <= rd_next_o[i] ? nxt_meta.bank : cur_meta.bank;
      vec_q[i*VecW +: VecW] <= (rst_ni && work[i]) ? rd_vec_i[i*VecW +: VecW] : '0;
    end
  end

  always_ff @(posedge clk_i) begin
    high_q       <= work & rd_high_i;
    get_k_o      <= rd_k_i;
    get_single_o <= cur_meta.single;
    op_vec_o     <= vec_q;
    op_high_o    <= high_q;
    op_cur_o     <= rst_ni ? cur_q : '0;
    op_nxt_o     <= rst_ni ? nxt_q : '0;
    op_single_o  <= get_single_o;
    flush_q      <= rst_ni ? {flush_q[2:0], ends} : '0;
    final_q      <= rst_ni ? {final_q[2:0], ends && cur_meta.last_tile} : '0;
    addr_q       <= {addr_q[3*PsumA-1:0], cur_meta.psum_bank, group_q};
  end

  assign get_o       = cur_q | nxt_q;
  assign flush_o     = flush_q[2];
  assign upd_valid_o = flush_q[3];
  assign upd_final_o = final_q[3];
  assign upd_addr_o  = addr_q[3*PsumA +: PsumA];

  // Odd operators have the HO slice of the dense operand, if there is one.
  logic [2:0] hh, hl;
  logic [3:0] lh, ll;
  always_comb begin
    hh = '0;
    hl = '0;
    lh = '0;
    ll = '0;
    for (int i = 0; i < NumOps; i++) begin
      hh = hh + 3'(get_o[i] && high_q[i] && i % 2 == 1 && !get_single_o);
      hl = hl + 3'(get_o[i] && !high_q[i] && i % 2 == 1 && !get_single_o);
      lh = lh + 4'(get_o[i] && high_q[i] && (i % 2 == 0 || get_single_o));
      ll = ll + 4'(get_o[i] && !high_q[i] && (i % 2 == 0 || get_single_o));
    end
  end
  assign event_o.hh       = hh;
  assign event_o.hl       = hl;
  assign event_o.lh       = lh;
  assign event_o.ll       = ll;
  assign event_o.straddle = (cur_q != '0) && (nxt_q != '0);

  `PANACEA_ASSERT(n_all <= (cur_meta.single ? Most : Half), "more items than operators")
  `PANACEA_ASSERT(!(load_end_i && full_q[load_bank_i]), "a bank in use is written over")

endmodule

`default_nettype wire
