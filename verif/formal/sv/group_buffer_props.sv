// SPDX-License-Identifier: Apache-2.0
// A group that came beat by beat is read as it was sent, by vectors, by quads and in its mask,
// from its last beat until both halves have released it; meanwhile its slot takes no other. Seen
// at one slot and position, which may be any.
`default_nettype none
`include "formal.svh"

module group_buffer_props
  import panacea_pkg::*;
#(
  localparam int TileK   = 8,
  localparam int Depth   = 2,
  localparam int BeatLen = 4,
  localparam int Beats   = TileK / BeatLen,
  localparam int PosW    = $clog2(TileK),
  localparam int QuadA   = $clog2(TileK / 4),
  localparam int SlotW   = $clog2(Depth),
  localparam int MetaW   = $bits(group_meta_t)
) (
  input logic                    clk_i,
  input logic                    rst_ni,
  input logic                    valid_i,
  input logic                    last_i,
  input logic [MetaW-1:0]        meta_i,
  input logic [BeatLen-1:0]      stored_i,
  input logic [BeatLen*VecW-1:0] lo_i,
  input logic [BeatLen*VecW-1:0] ho_i,
  input logic                    dyn_step_i,  // a half releases its oldest group
  input logic                    sta_step_i,
  input logic [SlotW-1:0]        gen_slot_i,
  input logic [SlotW-1:0]        sta_slot_i,
  input logic [SlotW-1:0]        vec_slot_i,
  input logic                    vec_high_i,
  input logic [PosW-1:0]         vec_k_i,
  input logic [SlotW-1:0]        quad_slot_i,
  input logic [QuadA-1:0]        quad_i
);

  typedef logic [SlotW:0] ptr_t;

  logic ready;
  ptr_t wr_ptr, dyn_q, sta_q;
  logic [MetaW-1:0] gen_meta, sta_meta, sta_next_meta;
  logic [TileK-1:0] gen_mask;
  logic [VecW-1:0]  vec;
  logic [QuadW-1:0] quad_lo, quad_ho;

  group_buffer #(
    .NumVecs(1),
    .NumQuads(1),
    .TileK(TileK),
    .Depth(Depth),
    .BeatLen(BeatLen)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .last_i,
    .meta_i,
    .stored_i,
    .lo_i,
    .ho_i,
    .wr_ptr_o(wr_ptr),
    .dyn_ptr_i(dyn_q),
    .sta_ptr_i(sta_q),
    .gen_slot_i,
    .gen_meta_o(gen_meta),
    .gen_mask_o(gen_mask),
    .sta_slot_i,
    .sta_meta_o(sta_meta),
    .sta_next_meta_o(sta_next_meta),
    .vec_slot_i,
    .vec_high_i,
    .vec_k_i,
    .vec_o(vec),
    .quad_slot_i,
    .quad_i,
    .quad_lo_o(quad_lo),
    .quad_ho_o(quad_ho)
  );

  `FORMAL_RESET

  // Groups before these are complete, or released; beats of the group that comes.
  ptr_t wr_q;
  logic [PosW:0]    beat_q;
  logic [MetaW-1:0] meta_q;
  logic take;
  assign take = valid_i && ready;
  always_ff @(posedge clk_i) begin
    meta_q <= take ? meta_i : meta_q;
    if (!rst_ni) begin
      {wr_q, dyn_q, sta_q, beat_q} <= '0;
    end else begin
      if (take) beat_q <= last_i ? '0 : beat_q + 1'b1;
      if (take && last_i) wr_q <= wr_q + 1'b1;
      if (dyn_step_i && dyn_q != wr_q) dyn_q <= dyn_q + 1'b1;
      if (sta_step_i && sta_q != wr_q) sta_q <= sta_q + 1'b1;
    end
  end
  // A group has as many beats as fit, and one description.
  always_comb begin
    if (int'(beat_q) == Beats - 1) assume (last_i);
    if (beat_q != '0) assume (meta_i == meta_q);
  end

  // What is looked at, and what was sent for it.
  logic [SlotW-1:0] slot_q;
  logic [PosW-1:0]  k_q;
  logic sent_q, stored_q, whole_q, ours;  // in this group; the group is complete
  logic [VecW-1:0] lo_q, ho_q;
  logic [MetaW-1:0] described_q;
  logic [1:0]       at;
  assign at   = k_q[1:0];
  assign ours = int'(beat_q) == int'(k_q) / BeatLen;
  always_ff @(posedge clk_i) begin
    {slot_q, k_q} <= {slot_q, k_q};
    if (take && wr_q[SlotW-1:0] == slot_q) begin
      described_q <= meta_i;
      sent_q      <= ours || (sent_q && beat_q != '0);
      stored_q    <= ours ? stored_i[at] : stored_q && beat_q != '0;
      if (ours) {lo_q, ho_q} <= {lo_i[at*VecW+:VecW], ho_i[at*VecW+:VecW]};
    end
    if (!rst_ni) whole_q <= 1'b0;
    else if (take && wr_q[SlotW-1:0] == slot_q) whole_q <= last_i;
  end

  // It is there, and a half still may read it.
  logic [SlotW-1:0] dyn_at, sta_at;
  logic live;
  assign dyn_at = slot_q - dyn_q[SlotW-1:0];
  assign sta_at = slot_q - sta_q[SlotW-1:0];
  assign live   = ptr_t'(dyn_at) < ptr_t'(wr_q - dyn_q) || ptr_t'(sta_at) < ptr_t'(wr_q - sta_q);

  ptr_t dyn_held, sta_held;
  logic [QuadW-1:0] lo_word, ho_word;
  assign dyn_held = wr_q - dyn_q;
  assign sta_held = wr_q - sta_q;
  assign lo_word  = i_dut.lo_mem[{slot_q, k_q[PosW-1:2]}];
  assign ho_word  = i_dut.ho_mem[{slot_q, k_q[PosW-1:2]}];

  logic ours_vec, ours_quad;
  assign ours_vec  = live && sent_q && vec_slot_i == slot_q && vec_k_i == k_q;
  assign ours_quad = live && sent_q && quad_slot_i == slot_q && quad_i == k_q[PosW-1:2];

  always_comb
    if (rst_ni) begin
      a_room : assert (ready == (int'(dyn_held) != Depth && int'(sta_held) != Depth));
      a_count : assert (wr_ptr == wr_q);
      a_whole : assert (!live || whole_q);
      a_vec : assert (!ours_vec || vec == (vec_high_i ? ho_q : lo_q));
      a_quad_lo : assert (!ours_quad || quad_lo[at*VecW+:VecW] == lo_q);
      a_quad_ho : assert (!ours_quad || quad_ho[at*VecW+:VecW] == ho_q);
      a_mask : assert (!live || gen_slot_i != slot_q || gen_mask[k_q] == stored_q);
      a_meta : assert (!live || gen_slot_i != slot_q || gen_meta == described_q);
      a_sta : assert (!live || sta_slot_i != slot_q || sta_meta == described_q);
      a_next : assert (!live || sta_slot_i + 1'b1 != slot_q || sta_next_meta == described_q);
      inv_held : assert (int'(dyn_held) <= Depth && int'(sta_held) <= Depth);
      inv_beat : assert (i_dut.wr_q == wr_q && int'(i_dut.beat_q) == int'(beat_q));
      inv_beats : assert (int'(beat_q) < Beats);
      inv_open : assert (beat_q == '0 || wr_q[SlotW-1:0] != slot_q || !whole_q);
      inv_fresh : assert ((beat_q != '0 && wr_q[SlotW-1:0] == slot_q) || whole_q || !live);
      c_second : cover (ours_vec && vec_high_i && stored_q && int'(k_q) == 6 && vec == 16'h1234);
      c_short : cover (live && !sent_q && wr_q == ptr_t'(3));
      c_apart : cover (int'(dyn_held) == Depth && sta_held == '0 && valid_i);
    end

  // Outside of reset's reach: memories keep what they hold.
  logic written;
  assign written = whole_q || (beat_q != '0 && wr_q[SlotW-1:0] == slot_q);
  always_comb
    if (rst_ni && written) begin
      inv_lo : assert (!sent_q || lo_word[at*VecW+:VecW] == lo_q);
      inv_ho : assert (!sent_q || ho_word[at*VecW+:VecW] == ho_q);
      inv_mask : assert (i_dut.mask_q[slot_q][k_q] == stored_q);
      inv_meta : assert (i_dut.meta_q[slot_q] == described_q);
    end

endmodule

`default_nettype wire
