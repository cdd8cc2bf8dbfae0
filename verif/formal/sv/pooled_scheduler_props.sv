// SPDX-License-Identifier: Apache-2.0
// Every product of every destination is handed out exactly once before its destination ends, for
// the destination it belongs to; none is invented; and no operator idles while the current
// destination, or the next one if it may start, has work. Seen at one kind and one k, which may
// be any.
`default_nettype none
`include "formal.svh"

module pooled_scheduler_props
  import panacea_pkg::*;
#(
  parameter int NumOps = 4,
  parameter int TileK  = 8,
  localparam int Depth    = 4,
  localparam int NumQuads = NumOps / 4 + 1,
  localparam int AtW      = $clog2(4 * NumQuads),
  localparam int PosW     = $clog2(TileK),
  localparam int QuadA    = PosW - 2,
  localparam int SlotW    = $clog2(Depth),
  localparam int MetaW    = $bits(group_meta_t)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic [SlotW:0]   wr_ptr_i,
  input logic [MetaW-1:0] meta_i,
  input logic [TileK-1:0] x_mask_i,
  input logic [TileK-1:0] w_mask_i,
  input logic             load_done_i,
  input logic             load_bank_i,
  input logic             drain_dtp_i,
  input logic [1:0]       drain_cmd_i,
  input logic [7:0]       drain_group_i
);

  logic [SlotW:0]            done_ptr;
  logic [SlotW-1:0]          gen_slot;
  logic [1:0]                bank_full;
  logic mask_bank, mask_tile, flush_o, flush_tile, flush_wgt_up, final_o;
  logic [NumQuads*QuadA-1:0] quad_o;
  logic [NumQuads*SlotW-1:0] slot_o;
  logic [NumQuads-1:0] bank_o, tile_o;
  logic [NumOps-1:0] valid_o, next_o, w_high_o, x_high_o;
  logic [NumOps*AtW-1:0]     at_o;
  logic [7:0]                flush_group;
  logic [ShiftW-1:0]         flush_shift;
  pea_event_t                happens;

  pooled_scheduler #(
    .NumOps(NumOps),
    .TileK(TileK),
    .Depth(Depth)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .wr_ptr_i,
    .done_ptr_o(done_ptr),
    .gen_slot_o(gen_slot),
    .gen_meta_i(meta_i),
    .gen_x_mask_i(x_mask_i),
    .load_done_i,
    .load_bank_i,
    .bank_full_o(bank_full),
    .mask_bank_o(mask_bank),
    .mask_tile_o(mask_tile),
    .gen_w_mask_i(w_mask_i),
    .drain_dtp_i,
    .drain_cmd_i,
    .drain_group_i,
    .quad_o,
    .slot_o,
    .bank_o,
    .tile_o,
    .valid_o,
    .next_o,
    .w_high_o,
    .x_high_o,
    .at_o,
    .flush_o,
    .flush_tile_o(flush_tile),
    .flush_group_o(flush_group),
    .flush_shift_o(flush_shift),
    .flush_wgt_up_o(flush_wgt_up),
    .final_o,
    .event_o(happens)
  );

  `FORMAL_RESET

  // A group that is looked at stays what it is until it is taken with all its tiles.
  group_meta_t      meta;
  logic [MetaW-1:0] meta_q;
  logic [TileK-1:0] x_mask_q;
  assign meta = meta_i;
  always_ff @(posedge clk_i) {meta_q, x_mask_q} <= {meta_i, x_mask_i};
  always_comb begin
    assume (meta.quads != '0 && int'(meta.quads) <= TileK / 4);
    if (mask_tile) assume ({meta_i, x_mask_i} == {meta_q, x_mask_q});
  end

  // One product, any: its kind and its k. Whether a destination has it, and how many products of
  // its quad come before it: LL, HL, LH, HH at each k.
  logic wh_q, xh_q;
  logic [PosW-1:0] k_q;
  always_ff @(posedge clk_i) {wh_q, xh_q, k_q} <= {wh_q, xh_q, k_q};

  function automatic logic has(input logic [7:0] quads, input logic [TileK-1:0] w,
                               input logic [TileK-1:0] x);
    return int'(k_q) < 4 * int'(quads) && (!wh_q || w[k_q]) && (!xh_q || x[k_q]);
  endfunction

  function automatic logic [3:0] products(input logic w, input logic x);
    return w && x ? 4'd4 : w || x ? 4'd2 : 4'd1;
  endfunction

  // Products of a quad, 4 to 16, and those of its first positions.
  function automatic logic [4:0] sum_of(input logic [3:0] w, input logic [3:0] x,
                                        input logic [2:0] positions);
    sum_of = '0;
    for (int i = 0; i < 4; i++) if (i < int'(positions)) sum_of = sum_of + 5'(products(w[i], x[i]));
  endfunction

  // The decisions of this cycle, and the product's part in them.
  logic take, flush;
  logic [NumOps-1:0] valid, nxt, serves;
  logic [NumQuads*QuadA-1:0] quad;
  logic [3:0] now, later;
  logic [NumQuads-1:0] place;  // quad of the window that holds it
  assign take  = i_dut.take;
  assign flush = i_dut.flush;
  assign valid = i_dut.valid;
  assign nxt   = i_dut.next;
  assign quad  = i_dut.quad;
  always_comb begin
    now   = '0;
    later = '0;
    place = '0;
    for (int i = 0; i < NumOps; i++) begin
      serves[i] = 1'b0;
      for (int q = 0; q < NumQuads; q++)
      if (valid[i] && i_dut.w_high[i] == wh_q && i_dut.x_high[i] == xh_q
            && i_dut.at[i*AtW +: AtW] == AtW'({AtW'(q), k_q[1:0]})
            && quad[q*QuadA +: QuadA] == k_q[PosW-1:2]) begin
        serves[i] = 1'b1;
        place[q]  = 1'b1;
      end
      if (serves[i] && nxt[i]) later = later + 4'd1;
      if (serves[i] && !nxt[i]) now = now + 4'd1;
    end
  end

  // The current destination: whether it has the product, and whether that is out.
  logic open_q, has_q, out_q, tile_q, exists;
  logic [SlotW:0] ptr_q, slot_q, ended_q;
  logic [TileK-1:0] w_q, x_q;
  group_meta_t      cur_q;
  logic             last;
  assign exists = has(meta.quads, w_mask_i, x_mask_i);
  assign last   = tile_q == cur_q.dtp;

  always_ff @(posedge clk_i) begin
    if (take) begin
      {has_q, out_q}      <= {exists, later != '0};
      {w_q, x_q}          <= {w_mask_i, x_mask_i};
      {cur_q, tile_q}     <= {meta, mask_tile};
      slot_q              <= ptr_q;
    end else begin
      out_q <= out_q || now != '0;
    end
    if (!rst_ni) begin
      {open_q, ptr_q, ended_q} <= '0;
    end else begin
      open_q  <= take || (open_q && !flush);
      ptr_q   <= ptr_q + (SlotW+1)'(take && mask_tile == meta.dtp);
      ended_q <= ended_q + (SlotW+1)'(flush && last);
    end
  end

  // What is registered, a cycle later: where the product is read, and the flush.
  logic was_q, of_next_q, read_tile_q, read_bank_q, flush_q, final_q;
  logic [SlotW-1:0]    read_slot_q;
  logic [NumOps-1:0]   serves_q;
  logic [NumQuads-1:0] place_q;
  logic [7:0]          group_q;
  logic                right;
  always_ff @(posedge clk_i) begin
    was_q       <= rst_ni && serves != '0;
    of_next_q   <= later != '0;
    serves_q    <= serves;
    place_q     <= place;
    read_slot_q <= later != '0 ? ptr_q[SlotW-1:0] : slot_q[SlotW-1:0];
    read_tile_q <= later != '0 ? mask_tile : tile_q;
    read_bank_q <= later != '0 ? meta.bank : cur_q.bank;
    flush_q     <= rst_ni && open_q && flush;
    final_q     <= rst_ni && open_q && flush && last && cur_q.last_tile;
    group_q     <= cur_q.group;
  end
  always_comb begin
    right = (valid_o & serves_q) == serves_q && ((next_o & serves_q) != '0) == of_next_q
            && ((w_high_o & serves_q) != '0) == wh_q && ((x_high_o & serves_q) != '0) == xh_q;
    for (int q = 0; q < NumQuads; q++)
    if (place_q[q])
      right = right && slot_o[q*SlotW +: SlotW] == read_slot_q && tile_o[q] == read_tile_q
                && bank_o[q] == read_bank_q && quad_o[q*QuadA +: QuadA] == k_q[PosW-1:2];
  end

  // Which banks hold weights: from their last word to the end of their K-tile's last group.
  logic [1:0] full_q;
  for (genvar b = 0; b < 2; b++) begin : gen_bank
    always_ff @(posedge clk_i)
      if (!rst_ni || (open_q && flush && last && cur_q.last_group && cur_q.bank == 1'(b)))
        full_q[b] <= 1'b0;
      else if (load_done_i && load_bank_i == 1'(b)) full_q[b] <= 1'b1;
  end

  logic whole;  // all products of the next destination are out, too
  logic [3:0] w_quad, x_quad;
  logic [4:0] number;  // of the product in its quad
  assign whole  = int'(i_dut.done) - int'(i_dut.left) == int'(meta.quads);
  assign w_quad = w_q[4*k_q[PosW-1:2] +: 4];
  assign x_quad = x_q[4*k_q[PosW-1:2] +: 4];
  assign number = sum_of(w_quad, x_quad, {1'b0, k_q[1:0]})
                  + (xh_q ? 5'd1 + 5'(w_q[k_q]) : 5'd0) + 5'(wh_q);
  logic [3:0] w_next, x_next;  // of the quad that is being dealt out
  assign w_next = w_q[4*i_dut.quad_q[QuadA-1:0] +: 4];
  assign x_next = x_q[4*i_dut.quad_q[QuadA-1:0] +: 4];

  always_comb
    if (rst_ni) begin
      a_once : assert (now == '0 || (now == 4'd1 && open_q && has_q && !out_q));
      a_next : assert (later == '0 || (later == 4'd1 && take && exists));
      a_all : assert (!flush || (open_q && (!has_q || out_q || now == 4'd1)));
      a_right : assert (!was_q || right);
      a_flush : assert (flush_o == flush_q && (!flush_o || flush_group == group_q));
      a_final : assert (final_o == final_q);
      a_start : assert (!take || (ptr_q != wr_ptr_i && full_q[meta.bank] && (flush || !open_q)));
      a_work : assert (&valid || ((flush || !open_q) && (!i_dut.gen_ready || whole)));
      a_release : assert (done_ptr == ended_q && gen_slot == ptr_q[SlotW-1:0]);
      inv_full : assert (i_dut.full_q == full_q);
      inv_open : assert (i_dut.cur_valid_q == open_q && i_dut.gen_ptr_q == ptr_q);
      inv_cur :
      assert (!open_q || (i_dut.cur_w_q == w_q && i_dut.cur_x_q == x_q
                       && i_dut.cur_meta_q == cur_q && i_dut.cur_tile_q == tile_q
                       && i_dut.cur_slot_q == slot_q[SlotW-1:0]));
      inv_quads :
      assert (!open_q || (cur_q.quads != '0 && int'(cur_q.quads) <= TileK / 4
                       && int'(i_dut.quad_q) <= int'(cur_q.quads)));
      inv_has : assert (!open_q || has_q == has(cur_q.quads, w_q, x_q));
      inv_out :
      assert (!open_q || !has_q || out_q == (k_q[PosW-1:2] < i_dut.quad_q
                       || (int'(k_q[PosW-1:2]) == int'(i_dut.quad_q)
                           && number < 5'(i_dut.taken_q))));
      inv_taken :
      assert (i_dut.taken_q == '0 || (open_q && int'(i_dut.quad_q) < int'(cur_q.quads)
                       && 5'(i_dut.taken_q) < sum_of(
          w_next, x_next, 3'd4
      )));
      inv_none : assert (open_q || i_dut.quad_q == '0);
      inv_tile : assert (!open_q || !tile_q || cur_q.dtp);
      inv_gen : assert (!mask_tile || meta_q[0]);
      c_two : cover (now == 4'd1 && flush && take && nxt[NumOps-1]);
      c_next : cover (later == 4'd1 && wh_q && xh_q);
      c_second : cover (now == 4'd1 && tile_q && wh_q && k_q == PosW'(TileK - 1));
      c_empty : cover (open_q && flush && valid == '0);
    end

endmodule

`default_nettype wire
