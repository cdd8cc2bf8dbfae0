// SPDX-License-Identifier: Apache-2.0
// Every product W_H x_H, W_H x_L, W_L x_H of every destination is handed out exactly once before
// its destination ends, for the destination it belongs to; no product is invented; and no operator
// idles while the current destination has work. Seen at one kind and one k, which may be any.
`default_nettype none
`include "formal.svh"

module dynamic_scheduler_props
  import panacea_pkg::*;
#(
  parameter int NumOps = 4,
  parameter int TileK  = 8,
  localparam int SlotW = 2,
  localparam int PosW  = $clog2(TileK)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             gen_ready_i,
  input logic             dtp_i,
  input logic [7:0]       group_i,
  input logic [TileK-1:0] x_mask_i,
  input logic [TileK-1:0] w_mask_i,
  input logic             sta_flush_i,
  input logic             sta_flush_tile_i
);

  group_meta_t meta, cur_meta;
  logic gen_tile, cur_tile, nxt_tile, nxt_bank, flush, flush_wait, group_end;
  logic [SlotW:0] gen_ptr, done_ptr;
  logic [NumOps/4-1:0] busy;
  logic [NumOps-1:0] valid, nxt, w_high, x_high;
  logic [NumOps*PosW-1:0] k;
  logic [SlotW-1:0] cur_slot, nxt_slot;

  always_comb begin
    meta       = '0;
    meta.dtp   = dtp_i;
    meta.group = group_i;
  end

  dynamic_scheduler #(
    .NumOps(NumOps),
    .TileK(TileK),
    .SlotW(SlotW)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .gen_ready_i,
    .gen_meta_i(meta),
    .gen_x_mask_i(x_mask_i),
    .gen_w_mask_i(w_mask_i),
    .gen_tile_o(gen_tile),
    .gen_ptr_o(gen_ptr),
    .sta_flush_i,
    .sta_flush_tile_i,
    .busy_o(busy),
    .valid_o(valid),
    .next_o(nxt),
    .w_high_o(w_high),
    .x_high_o(x_high),
    .k_o(k),
    .cur_slot_o(cur_slot),
    .cur_tile_o(cur_tile),
    .cur_meta_o(cur_meta),
    .nxt_slot_o(nxt_slot),
    .nxt_tile_o(nxt_tile),
    .nxt_bank_o(nxt_bank),
    .flush_o(flush),
    .flush_wait_o(flush_wait),
    .group_end_o(group_end),
    .done_ptr_o(done_ptr)
  );

  `FORMAL_RESET

  // A group that is looked at stays what it is until it is taken with all its tiles.
  logic open_q, dtp_q;
  logic [7:0]       group_q;
  logic [TileK-1:0] x_mask_q;
  always_ff @(posedge clk_i) begin
    {dtp_q, group_q, x_mask_q} <= {dtp_i, group_i, x_mask_i};
  end
  assign open_q = gen_tile;  // its first tile is taken, its second not
  always_comb if (open_q) assume ({dtp_i, group_i, x_mask_i} == {dtp_q, group_q, x_mask_q});

  // One product, any: its kind and its k.
  logic wh_q, xh_q;
  logic [PosW-1:0] k_q;
  logic            exists;           // in the destination that is looked at
  always_ff @(posedge clk_i) {wh_q, xh_q, k_q} <= {wh_q, xh_q, k_q};
  always_comb assume (wh_q || xh_q);
  assign exists = (!wh_q || w_mask_i[k_q]) && (!xh_q || x_mask_i[k_q]);

  // The two open destinations: what they are, whether they have the product, whether it is out.
  logic cur_open_q, cur_has_q, cur_out_q, nxt_open_q, nxt_has_q, nxt_out_q;
  logic [SlotW:0] cur_ptr_q, nxt_ptr_q, ptr_q;
  logic cur_tile_q, nxt_tile_q, cur_last_q, nxt_last_q, cur_work_q, nxt_work_q;
  logic [7:0] cur_group_q, nxt_group_q;
  logic take, advance;
  int now, later;

  assign take    = i_dut.gen_take;
  assign advance = i_dut.advance;

  always_comb begin
    now   = 0;
    later = 0;
    for (int i = 0; i < NumOps; i++)
    if (valid[i] && w_high[i] == wh_q && x_high[i] == xh_q && k[i*PosW+:PosW] == k_q) begin
      if (nxt[i]) later++;
      else now++;
    end
  end

  always_ff @(posedge clk_i) begin
    if (take) begin
      nxt_has_q   <= exists;
      nxt_ptr_q   <= ptr_q;
      nxt_tile_q  <= gen_tile;
      nxt_last_q  <= gen_tile == dtp_i;
      nxt_group_q <= group_i;
      nxt_work_q  <= w_mask_i != '0 || x_mask_i != '0;
    end
    nxt_out_q <= !take && (nxt_out_q || later != 0);
    if (advance) begin
      cur_has_q   <= nxt_has_q;
      cur_ptr_q   <= nxt_ptr_q;
      cur_tile_q  <= nxt_tile_q;
      cur_last_q  <= nxt_last_q;
      cur_group_q <= nxt_group_q;
      cur_work_q  <= nxt_work_q;
      cur_out_q   <= nxt_out_q || later != 0;
    end else begin
      cur_out_q <= cur_out_q || now != 0;
    end
    if (!rst_ni) begin
      {cur_open_q, nxt_open_q} <= '0;
      ptr_q                    <= '0;
    end else begin
      if (advance) cur_open_q <= nxt_open_q;
      if (take || advance) nxt_open_q <= take;
      if (take && gen_tile == dtp_i) ptr_q <= ptr_q + 1'b1;
    end
  end

  logic cur_pending, nxt_pending;
  assign cur_pending = wh_q && xh_q ? i_dut.cur_hh_q[k_q] : wh_q ? i_dut.cur_hl_q[k_q]
                                                                 : i_dut.cur_lh_q[k_q];
  assign nxt_pending = wh_q && xh_q ? i_dut.nxt_hh_q[k_q] : wh_q ? i_dut.nxt_hl_q[k_q]
                                                                 : i_dut.nxt_lh_q[k_q];

  always_comb
    if (rst_ni) begin
      a_once : assert (now == 0 || (now == 1 && cur_open_q && cur_has_q && !cur_out_q));
      a_next : assert (later == 0 || (later == 1 && nxt_open_q && nxt_has_q && !nxt_out_q));
      a_all : assert (!(advance && cur_open_q) || !cur_has_q || cur_out_q || now == 1);
      a_flush : assert (!flush || (cur_open_q && advance && cur_work_q));
      a_sum : assert (!(advance && cur_open_q && cur_work_q) || flush);
      a_where :
      assert (now == 0 || (cur_slot == cur_ptr_q[SlotW-1:0] && cur_tile == cur_tile_q
                        && cur_meta.group == cur_group_q));
      a_where_n :
      assert (later == 0 || (nxt_slot == nxt_ptr_q[SlotW-1:0] && nxt_tile == nxt_tile_q));
      a_end : assert (group_end == (cur_open_q && advance && cur_last_q));
      a_work : assert (i_dut.exhausted || &valid);
      a_wait :
      assert (advance || !i_dut.exhausted || (sta_flush_i && sta_flush_tile_i == cur_tile));
      a_clash : assert (!(flush && sta_flush_i && sta_flush_tile_i == cur_tile));
      a_forward : assert (!gen_ready_i || take || (nxt_open_q && !advance));
      inv_cur : assert (cur_pending == (cur_open_q && cur_has_q && !cur_out_q));
      inv_nxt : assert (nxt_pending == (nxt_open_q && nxt_has_q && !nxt_out_q));
      inv_open : assert (i_dut.cur_valid_q == cur_open_q && i_dut.nxt_valid_q == nxt_open_q);
      inv_place :
      assert (!cur_open_q || (cur_slot == cur_ptr_q[SlotW-1:0] && cur_tile == cur_tile_q
                        && cur_meta.group == cur_group_q && cur_work_q == i_dut.cur_any_q
                        && cur_last_q == (cur_tile_q == cur_meta.dtp)));
      inv_next :
      assert (!nxt_open_q || (nxt_slot == nxt_ptr_q[SlotW-1:0] && nxt_tile == nxt_tile_q
                        && i_dut.nxt_meta_q.group == nxt_group_q && nxt_work_q == i_dut.nxt_any_q
                        && nxt_last_q == (nxt_tile_q == i_dut.nxt_meta_q.dtp)));
      inv_tile : assert (!(cur_open_q && cur_tile_q) || cur_meta.dtp);
      inv_tile_n : assert (!(nxt_open_q && nxt_tile_q) || i_dut.nxt_meta_q.dtp);
      inv_gen : assert (!gen_tile || dtp_q);
      inv_ptr : assert (gen_ptr == ptr_q);
      c_straddle : cover (now == 1 && |(valid & nxt) && cur_tile);
      c_next : cover (later == 1 && wh_q && xh_q);
      c_wait : cover (flush_wait && later == 0 && |nxt && cur_open_q);
      c_empty : cover (cur_open_q && advance && !flush && group_end);
    end

endmodule

`default_nettype wire
