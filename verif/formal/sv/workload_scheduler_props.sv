// SPDX-License-Identifier: Apache-2.0
// What joins the two halves of the workload scheduler, each of which is proven alone: no
// destination starts before its weights are loaded, its group is complete and its partial sums
// are free; and a bank is not given back before both halves have ended all that needs its
// weights, so that what they issue is always of the K-tile it is meant for. K-tiles are counted
// modulo 8.
`default_nettype none
`include "formal.svh"

module workload_scheduler_props
  import panacea_pkg::*;
#(
  parameter int NumDwo = 4,
  parameter int NumSwo = 4,
  parameter int TileK  = 8,
  localparam int Depth    = 4,
  localparam int NumQuads = (NumDwo + NumSwo) / 4,
  localparam int PosW     = $clog2(TileK),
  localparam int QuadA    = PosW - 2,
  localparam int SlotW    = $clog2(Depth),
  localparam int MetaW    = $bits(group_meta_t)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic [SlotW:0]   wr_ptr_i,
  input logic [MetaW-1:0] gen_meta_i,
  input logic [MetaW-1:0] sta_meta_i,
  input logic [MetaW-1:0] sta_next_meta_i,
  input logic [TileK-1:0] x_mask_i,
  input logic [TileK-1:0] w_mask_i,
  input logic             load_done_i,
  input logic [1:0]       drain_cmd_i,
  input logic [7:0]       drain_group_i
);

  typedef logic [2:0] tile_t;  // number of a K-tile; its bank is the lowest bit

  logic [SlotW:0] dyn_ptr, sta_ptr;
  logic [SlotW-1:0]          gen_slot;
  logic [1:0]                bank_full;
  logic mask_bank, mask_tile;
  logic [NumDwo-1:0] dyn_valid, dyn_next, dyn_w_high, dyn_x_high, dyn_bank, dyn_tile;
  logic [NumDwo*PosW-1:0]    dyn_k;
  logic [NumDwo*SlotW-1:0]   dyn_slot;
  logic [NumQuads-1:0] sta_valid, sta_next, sta_bank, sta_tile;
  logic [NumQuads*QuadA-1:0] sta_quad;
  logic [NumQuads*SlotW-1:0] sta_slot;
  logic dyn_flush, dyn_flush_tile, dyn_wgt_up, dyn_final;
  logic sta_flush, sta_flush_tile, sta_final;
  logic [7:0] dyn_group, sta_group;
  logic [ShiftW-1:0] dyn_shift, sta_shift;
  pea_event_t                happens;
  tile_t                     loaded_q;       // K-tiles that are loaded

  workload_scheduler #(
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .Depth(Depth)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .wr_ptr_i,
    .dyn_ptr_o(dyn_ptr),
    .sta_ptr_o(sta_ptr),
    .gen_slot_o(gen_slot),
    .gen_meta_i,
    .gen_x_mask_i(x_mask_i),
    .sta_meta_i,
    .sta_next_meta_i,
    .load_done_i,
    .load_bank_i(loaded_q[0]),
    .bank_full_o(bank_full),
    .mask_bank_o(mask_bank),
    .mask_tile_o(mask_tile),
    .gen_w_mask_i(w_mask_i),
    .drain_cmd_i,
    .drain_group_i,
    .dyn_valid_o(dyn_valid),
    .dyn_next_o(dyn_next),
    .dyn_w_high_o(dyn_w_high),
    .dyn_x_high_o(dyn_x_high),
    .dyn_k_o(dyn_k),
    .dyn_slot_o(dyn_slot),
    .dyn_bank_o(dyn_bank),
    .dyn_tile_o(dyn_tile),
    .sta_valid_o(sta_valid),
    .sta_next_o(sta_next),
    .sta_quad_o(sta_quad),
    .sta_slot_o(sta_slot),
    .sta_bank_o(sta_bank),
    .sta_tile_o(sta_tile),
    .dyn_flush_o(dyn_flush),
    .dyn_flush_tile_o(dyn_flush_tile),
    .dyn_flush_group_o(dyn_group),
    .dyn_flush_shift_o(dyn_shift),
    .dyn_flush_wgt_up_o(dyn_wgt_up),
    .dyn_final_o(dyn_final),
    .sta_flush_o(sta_flush),
    .sta_flush_tile_o(sta_flush_tile),
    .sta_flush_group_o(sta_group),
    .sta_flush_shift_o(sta_shift),
    .sta_final_o(sta_final),
    .event_o(happens)
  );

  `FORMAL_RESET

  // Groups as the global activation buffer sends them: K-tiles take turns in the banks. A group
  // that is looked at stays what it is. The loader waits until its bank is free.
  group_meta_t gen, sta, sta_then, cur, nxt;
  logic [MetaW-1:0] gen_q;
  tile_t gen_kt_q, cur_kt_q, nxt_kt_q, sta_kt_q, sta_then_kt;
  assign gen         = gen_meta_i;
  assign sta         = sta_meta_i;
  assign sta_then    = sta_next_meta_i;
  assign cur         = i_dut.i_dynamic.cur_meta_q;
  assign nxt         = i_dut.i_dynamic.nxt_meta_q;
  assign sta_then_kt = sta_kt_q + tile_t'(sta.last_group);
  always_ff @(posedge clk_i) gen_q <= gen_meta_i;
  always_comb begin
    assume (gen.bank == gen_kt_q[0] && sta.bank == sta_kt_q[0]);
    assume (sta_then.bank == sta_then_kt[0]);
    if (mask_tile) assume (gen_meta_i == gen_q);
    assume (!load_done_i || !bank_full[loaded_q[0]]);
  end

  // Where the halves are: what the dynamic one looks at, its two open destinations; the static one.
  logic take, advance, dyn_end, sta_end, cur_open, nxt_open, cur_tile, nxt_tile;
  tile_t dyn_kt;  // oldest K-tile that the half has not ended
  assign take     = i_dut.i_dynamic.gen_take;
  assign advance  = i_dut.i_dynamic.advance;
  assign cur_open = i_dut.i_dynamic.cur_valid_q;
  assign nxt_open = i_dut.i_dynamic.nxt_valid_q;
  assign cur_tile = i_dut.i_dynamic.cur_tile_q;
  assign nxt_tile = i_dut.i_dynamic.nxt_tile_q;
  assign dyn_end  = i_dut.dyn_group_end;
  assign sta_end  = i_dut.sta_group_end;
  assign dyn_kt   = cur_open ? cur_kt_q : nxt_open ? nxt_kt_q : gen_kt_q;

  always_ff @(posedge clk_i) begin
    if (take) nxt_kt_q <= gen_kt_q;
    if (advance) cur_kt_q <= nxt_kt_q;
    if (!rst_ni) begin
      {loaded_q, gen_kt_q, sta_kt_q} <= '0;
    end else begin
      loaded_q <= loaded_q + tile_t'(load_done_i);
      gen_kt_q <= gen_kt_q + tile_t'(take && mask_tile == gen.dtp && gen.last_group);
      sta_kt_q <= sta_kt_q + tile_t'(sta_end && sta.last_group);
    end
  end

  // A K-tile's weights are in its bank: it is one of the last two that were loaded.
  function automatic logic there(input tile_t tile);
    return loaded_q - tile == tile_t'(1) || loaded_q - tile == tile_t'(2);
  endfunction

  // Partial sums of an output's first K-tile: the results before have left.
  function automatic logic sums_free(input group_meta_t meta);
    return !meta.first_tile || meta.cmd_id == drain_cmd_i
           || (meta.cmd_id == drain_cmd_i + 2'd1 && meta.group < drain_group_i);
  endfunction

  logic [NumQuads-1:0] quads_now, quads_then;
  assign quads_now  = i_dut.sta_valid & ~i_dut.sta_next;
  assign quads_then = i_dut.sta_valid & i_dut.sta_next & {NumQuads{i_dut.sta_nxt_other}};

  // How far each half is behind the loader; the banks of the last K-tile and of the one before.
  tile_t dyn_gap, sta_gap;
  logic newer, older;
  assign dyn_gap = loaded_q - dyn_kt;
  assign sta_gap = loaded_q - sta_kt_q;
  assign newer   = !loaded_q[0];
  assign older   = loaded_q[0];

  // What is registered.
  logic [NumDwo-1:0] was_dyn_q, was_bank_q;
  logic [NumQuads-1:0] was_sta_q, was_sta_bank_q;
  for (genvar i = 0; i < NumDwo; i++) begin : gen_dwo
    always_ff @(posedge clk_i) begin
      was_dyn_q[i]  <= rst_ni && i_dut.dyn_valid[i];
      was_bank_q[i] <= i_dut.dyn_next[i] ? nxt_kt_q[0] : cur_kt_q[0];
    end
  end
  for (genvar q = 0; q < NumQuads; q++) begin : gen_read
    always_ff @(posedge clk_i) begin
      was_sta_q[q]      <= rst_ni && i_dut.sta_valid[q];
      was_sta_bank_q[q] <= quads_then[q] ? sta_then_kt[0] : sta_kt_q[0];
    end
  end

  always_comb
    if (rst_ni) begin
      a_dyn_start :
      assert (!take || (there(gen_kt_q) && i_dut.gen_ptr != wr_ptr_i && sums_free(gen)));
      a_sta_start :
      assert (quads_now == '0 || (there(sta_kt_q) && sta_ptr != wr_ptr_i && sums_free(sta)));
      a_sta_next :
      assert (quads_then == '0 || (there(
          sta_then_kt
      ) && sums_free(
          sta_then
      ) && sta_ptr + 1'b1 != wr_ptr_i));
      a_cur : assert (!cur_open || (there(cur_kt_q) && cur.bank == cur_kt_q[0]));
      a_nxt : assert (!nxt_open || (there(nxt_kt_q) && nxt.bank == nxt_kt_q[0]));
      a_free : assert (bank_full[older] || (dyn_gap <= tile_t'(1) && sta_gap <= tile_t'(1)));
      a_full : assert (bank_full[newer] == (dyn_gap != '0 || sta_gap != '0));
      a_ends : assert (!(dyn_end && cur.last_group) || (cur_open && dyn_gap != '0));
      a_dwo : assert (dyn_valid == was_dyn_q && ((dyn_bank ^ was_bank_q) & dyn_valid) == '0);
      a_quad : assert (sta_valid == was_sta_q && ((sta_bank ^ was_sta_bank_q) & sta_valid) == '0);
      inv_gap : assert (dyn_gap <= tile_t'(2) && sta_gap <= tile_t'(2));
      inv_older : assert (bank_full[older] == (dyn_gap == tile_t'(2) || sta_gap == tile_t'(2)));
      inv_done :
      assert (i_dut.dyn_done_q[newer] == (bank_full[newer] && dyn_gap == '0)
                         && i_dut.dyn_done_q[older] == (bank_full[older] && dyn_gap <= tile_t'(1)));
      inv_sta :
      assert (i_dut.sta_done_q[newer] == (bank_full[newer] && sta_gap == '0)
                         && i_dut.sta_done_q[older] == (bank_full[older] && sta_gap <= tile_t'(1)));
      inv_order :
      assert (!(cur_open && nxt_open)
                         || nxt_kt_q == cur_kt_q + tile_t'(cur.last_group
                                                           && cur_tile == cur.dtp));
      inv_nxt :
      assert (!nxt_open || gen_kt_q == nxt_kt_q + tile_t'(nxt.last_group && nxt_tile == nxt.dtp));
      inv_cur :
      assert (!cur_open || nxt_open
                         || gen_kt_q == cur_kt_q + tile_t'(cur.last_group
                                                           && cur_tile == cur.dtp));
      inv_tile :
      assert ((!cur_tile || !cur_open || cur.dtp) && (!nxt_tile || !nxt_open || nxt.dtp));
      inv_gen : assert (!mask_tile || gen_q[0]);
      c_ahead : cover (take && gen_kt_q == tile_t'(2) && cur_open && cur_kt_q == tile_t'(1));
      c_static : cover (quads_then != '0 && sta_then_kt == tile_t'(1) && dyn_gap == tile_t'(2));
      c_waits : cover (!bank_full[older] && loaded_q == tile_t'(2) && dyn_gap == tile_t'(1));
      c_dynamic : cover (|dyn_valid && dyn_gap == '0 && bank_full[newer] && loaded_q == tile_t'(2));
    end

endmodule

`default_nettype wire
