// SPDX-License-Identifier: Apache-2.0
// Ring of Depth groups of the sparse operand, shared by all PEAs. Takes the compressed stream (the
// format of the AQS-GEMM core's activations), decodes its run lengths, and keeps each group as a
// list of items: all its LO vectors, then the stored HO vectors, each with its k. So what is
// skipped is simply not in the list.
//
// A beat a cycle while there is a free place; a group is there in the cycle after its last beat.
// Reads are combinational: any item of the current group or of the next one, for every operator.
`default_nettype none
`include "assert.svh"

module sibia_group_ring
  import panacea_pkg::*, sibia_pkg::*;
#(
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  parameter int Depth  = 4,
  parameter int GroupW = 5,   // counts groups of a command
  localparam int PosW  = $clog2(TileK),
  localparam int NumW  = PosW + 2,           // counts items, 0 to 2 TileK
  localparam int ItemA = PosW + 1,
  localparam int MetaW = $bits(sibia_meta_t)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    cmd_valid_i,
  output logic                    cmd_ready_o,
  input  logic [15:0]             k_len_i,
  input  logic [GroupW-1:0]       groups_i,
  input  logic                    single_i,
  input  logic                    valid_i,
  output logic                    ready_o,
  input  logic [BeatW-1:0]        data_i,
  input  logic                    release_i,     // the current group is done
  output logic                    cur_valid_o,
  output logic [MetaW-1:0]        cur_meta_o,
  output logic [NumW-1:0]         cur_items_o,
  output logic                    nxt_valid_o,
  output logic [MetaW-1:0]        nxt_meta_o,
  output logic [NumW-1:0]         nxt_items_o,
  input  logic [NumOps-1:0]       rd_next_i,
  input  logic [NumOps*ItemA-1:0] rd_item_i,
  output logic [NumOps-1:0]       rd_high_o,
  output logic [NumOps*PosW-1:0]  rd_k_o,
  output logic [NumOps*VecW-1:0]  rd_vec_o,
  output logic                    error_o        // a list runs past its K-tile
);

  localparam int SlotW = $clog2(Depth);
  localparam int BeatA = $clog2(TileK / BeatVecs);
  localparam int CountA = $clog2(BeatEntries + 1);
  localparam int LastBit = BeatEntries * EntryW + 4;

  // Filling
  sibia_meta_t            meta;
  logic [15:0]            k_last;         // the last k
  logic [15-PosW:0]       tile_q;         // K-tile
  logic [GroupW-2:0]      group_q;
  logic high_q, bank_q, psum_bank_q;
  logic [BeatA-1:0] beat_q;
  logic [PosW:0] kt, stored_q;  // length of the K-tile; HO vectors so far
  logic [NumW-1:0] items;
  logic take, list_end, tile_end, last_group, last_tile, last_beat;
  logic [BeatEntries-1:0] ho_valid;
  logic [CountA-1:0]      ho_count;
  logic [BeatEntries*PosW-1:0]   ho_pos;
  logic [BeatEntries*IndexW-1:0] index;

  // Contents, by {slot, item}: an item's k and vector. Pointers carry a wrap bit.
  logic [PosW+VecW-1:0] item_mem [Depth*2*TileK];
  logic [MetaW-1:0]     meta_q   [Depth];
  logic [NumW-1:0]      items_q  [Depth];
  logic [PosW:0]        low_q    [Depth];   // LO items
  logic [SlotW:0] wr_ptr_q, rd_ptr_q, nxt_ptr;
  logic [SlotW-1:0] wr_slot, cur_slot, nxt_slot;

  assign wr_slot     = wr_ptr_q[SlotW-1:0];
  assign k_last      = k_len_i - 16'd1;
  assign last_tile   = tile_q == k_last[15:PosW];
  assign last_beat   = beat_q == (last_tile ? k_last[PosW-1:4] : '1);
  assign kt          = last_tile ? {1'b0, k_last[PosW-1:0]} + 1'b1 : (PosW+1)'(TileK);
  assign ready_o     = cmd_valid_i && ((SlotW+1)'(wr_ptr_q - rd_ptr_q) != (SlotW+1)'(Depth));
  assign take        = valid_i && ready_o;
  assign list_end    = take && high_q && data_i[LastBit];
  assign last_group  = GroupW'(group_q) + 1'b1 == groups_i;
  assign tile_end    = list_end && last_group;
  assign cmd_ready_o = tile_end && last_tile;
  assign items       = NumW'(kt) + NumW'(stored_q) + NumW'(ho_count);

  always_comb begin
    meta.bank       = bank_q;
    meta.psum_bank  = psum_bank_q;
    meta.first_tile = tile_q == '0;
    meta.last_tile  = last_tile;
    meta.last_group = last_group;
    meta.single     = single_i;
  end

  for (genvar e = 0; e < BeatEntries; e++) begin : gen_index
    assign index[e*IndexW+:IndexW] = data_i[e*EntryW+VecW+:IndexW];
  end

  idxd #(
    .NumEntries(BeatEntries),
    .TileK(TileK)
  ) i_idxd (
    .clk_i,
    .rst_ni,
    .valid_i   (take && high_q),
    .last_i    (data_i[LastBit]),
    .count_i   ({1'b0, data_i[LastBit-1 -: 4]}),
    .index_i   (index),
    .k_len_i   (kt),
    .valid_o   (ho_valid),
    .pos_o     (ho_pos),
    .error_o
  );

  always_comb begin
    ho_count = '0;
    for (int e = 0; e < BeatEntries; e++) ho_count = ho_count + CountA'(ho_valid[e]);
  end

  function automatic int item_addr(input logic [SlotW-1:0] slot, input int item);
    return int'(slot) * 2 * TileK + item;
  endfunction

  always_ff @(posedge clk_i) begin
    if (take && !high_q)
      for (int i = 0; i < BeatVecs; i++)
      item_mem[item_addr(
          wr_slot, int'(beat_q)*BeatVecs+i
      )] <= {
        PosW'(int'(beat_q) * BeatVecs + i), data_i[i*VecW+:VecW]
      };
    for (int e = 0; e < BeatEntries; e++)
    if (ho_valid[e])
      item_mem[item_addr(
          wr_slot, int'(kt)+int'(stored_q)+e
      )] <= {
        ho_pos[e*PosW+:PosW], data_i[e*EntryW+:VecW]
      };
    if (list_end) begin
      meta_q[wr_slot]  <= meta;
      items_q[wr_slot] <= items;
      low_q[wr_slot]   <= kt;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tile_q      <= '0;
      group_q     <= '0;
      high_q      <= 1'b0;
      beat_q      <= '0;
      stored_q    <= '0;
      bank_q      <= 1'b0;
      psum_bank_q <= 1'b0;
      wr_ptr_q    <= '0;
      rd_ptr_q    <= '0;
    end else begin
      if (take && !high_q) begin
        beat_q <= beat_q + 1'b1;
        high_q <= last_beat;
      end
      if (take && high_q) stored_q <= stored_q + (PosW + 1)'(ho_count);
      if (list_end) begin
        high_q   <= 1'b0;
        beat_q   <= '0;
        stored_q <= '0;
        group_q  <= last_group ? '0 : group_q + 1'b1;
        wr_ptr_q <= wr_ptr_q + 1'b1;
      end
      if (tile_end) begin
        bank_q <= !bank_q;
        tile_q <= last_tile ? '0 : tile_q + 1'b1;
      end
      if (cmd_ready_o) psum_bank_q <= !psum_bank_q;
      if (release_i) rd_ptr_q <= rd_ptr_q + 1'b1;
    end
  end

  // The two oldest groups
  assign nxt_ptr     = rd_ptr_q + 1'b1;
  assign cur_slot    = rd_ptr_q[SlotW-1:0];
  assign nxt_slot    = nxt_ptr[SlotW-1:0];
  assign cur_valid_o = rd_ptr_q != wr_ptr_q;
  assign nxt_valid_o = cur_valid_o && (nxt_ptr != wr_ptr_q);
  assign cur_meta_o  = meta_q[cur_slot];
  assign nxt_meta_o  = meta_q[nxt_slot];
  assign cur_items_o = items_q[cur_slot];
  assign nxt_items_o = items_q[nxt_slot];

  for (genvar i = 0; i < NumOps; i++) begin : gen_read
    logic [SlotW-1:0] slot;
    logic [ItemA-1:0] item;
    assign slot         = rd_next_i[i] ? nxt_slot : cur_slot;
    assign item         = rd_item_i[i*ItemA +: ItemA];
    assign rd_high_o[i] = item >= low_q[slot];
    assign {rd_k_o[i*PosW +: PosW], rd_vec_o[i*VecW +: VecW]} =
        item_mem[item_addr(slot, int'(item))];
  end

  `PANACEA_ASSERT(!release_i || cur_valid_o, "a group is released that is not there")

endmodule

`default_nettype wire
