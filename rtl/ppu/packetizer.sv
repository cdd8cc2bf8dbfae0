// SPDX-License-Identifier: Apache-2.0
// Puts sliced blocks of four rows into packets of the activation stream: LO beats of 16 vectors,
// then HO beats of 12 entries; for three slices a second packet with the lowest slices and an
// empty HO list. A packet begins with the block after the last one of the packet before.
//
// LO beats leave as they fill, HO beats wait in a FIFO for the packet's last LO beat, lo0 beats
// for its last HO beat; the next packet is collected meanwhile. One block a cycle as long as the
// output takes a beat a cycle and packets have 16 blocks.
`default_nettype none

module packetizer
  import panacea_pkg::*;
  import ppu_pkg::*;
#(
  parameter int NumPea = 16,
  localparam int MetaW = $bits(ppu_meta_t)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              valid_i,
  output logic              ready_o,
  input  logic [MetaW-1:0]  meta_i,
  input  logic [VecLen-1:0] skip_i,
  input  logic [QuadW-1:0]  ho_i,
  input  logic [QuadW-1:0]  lo_i,
  input  logic [QuadW-1:0]  lo0_i,
  output logic              valid_o,
  input  logic              ready_i,
  output logic [BeatW-1:0]  data_o,
  output logic              last_o,    // of the packet
  output logic              end_o,     // of the group and tile: last, and no second part follows
  output logic              tile_o,
  output logic              part_o
);

  localparam int LoBeats = (VecLen * NumPea + BeatVecs - 1) / BeatVecs;
  localparam int HoBeats = (VecLen * NumPea + BeatEntries - 1) / BeatEntries;
  localparam int Slots = BeatVecs / VecLen;  // blocks in an LO beat

  typedef enum logic [1:0] {
    StLo,
    StHo,
    StLo0,
    StHo0
  } state_e;

  ppu_meta_t meta;
  logic last, tile, wide, fire, beat_end;
  logic [1:0] slices;

  assign meta   = meta_i;
  assign last   = meta.last;
  assign tile   = meta.tile;
  assign slices = meta.slices;
  assign wide   = slices == 2'd3;

  // LO beats under construction, zero from the current slot on; lo0 in step. The last slot ends its
  // beat, and is never held.
  localparam int HeldW = (Slots - 1) * QuadW;
  logic [HeldW-1:0] lo_q, lo0_q;
  logic [Slots*QuadW-1:0] lo_d, lo0_d;
  logic [1:0] slot_q;
  logic [QuadW-1:0] lo, lo0;
  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    assign lo[i*VecW +: VecW]  = meta.rows[i] ? lo_i[i*VecW +: VecW]  : '0;
    assign lo0[i*VecW +: VecW] = meta.rows[i] ? lo0_i[i*VecW +: VecW] : '0;
  end
  for (genvar s = 0; s < Slots; s++) begin : gen_slot
    if (s < Slots - 1) begin : gen_held
      assign lo_d[s*QuadW +: QuadW]  = (slot_q == 2'(s)) ? lo  : lo_q[s*QuadW +: QuadW];
      assign lo0_d[s*QuadW +: QuadW] = (slot_q == 2'(s)) ? lo0 : lo0_q[s*QuadW +: QuadW];
    end else begin : gen_last
      assign lo_d[s*QuadW +: QuadW]  = (slot_q == 2'(s)) ? lo  : '0;
      assign lo0_d[s*QuadW +: QuadW] = (slot_q == 2'(s)) ? lo0 : '0;
    end
  end

  logic lo_space, lo0_space, rle_space;

  assign ready_o  = lo_space && lo0_space && rle_space;
  assign fire     = valid_i && ready_o;
  assign beat_end = fire && (last || slot_q == 2'(Slots - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slot_q <= '0;
      lo_q   <= '0;
      lo0_q  <= '0;
    end else if (fire) begin
      slot_q <= beat_end ? '0 : slot_q + 1'b1;
      lo_q   <= beat_end ? '0 : lo_d[HeldW-1:0];
      lo0_q  <= beat_end ? '0 : lo0_d[HeldW-1:0];
    end
  end

  // The three kinds of beats.
  state_e state_d, state_q;
  logic lo_valid, lo_last, lo_tile, lo_wide, lo0_valid, lo0_last;
  logic [BeatW-1:0] lo_data, lo0_data, ho_data;
  logic ho_valid, ho_last, tile_q, wide_q;

  stream_fifo #(
    .Width(BeatW + 3),
    .Depth(4)
  ) i_lo_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (beat_end),
    .ready_o (lo_space),
    .data_i  ({wide, tile, last, lo_d}),
    .valid_o (lo_valid),
    .ready_i (state_q == StLo && ready_i),
    .data_o  ({lo_wide, lo_tile, lo_last, lo_data})
  );

  stream_fifo #(
    .Width(BeatW + 1),
    .Depth(LoBeats + 2)
  ) i_lo0_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (beat_end && wide),
    .ready_o (lo0_space),
    .data_i  ({last, lo0_d}),
    .valid_o (lo0_valid),
    .ready_i (state_q == StLo0 && ready_i),
    .data_o  ({lo0_last, lo0_data})
  );

  logic run_valid, run_ready, run_last, beat_valid, beat_ready;
  logic [2:0]               run_count;
  logic [VecLen*EntryW-1:0] run_entries;
  logic [BeatW-1:0]         beat_data;

  rle_encoder i_rle (
    .clk_i,
    .rst_ni,
    .valid_i   (fire),
    .ready_o   (rle_space),
    .list_i    (slices != 2'd1),
    .rows_i    (meta.rows),
    .skip_i,
    .ho_i,
    .last_i    (last),
    .valid_o   (run_valid),
    .ready_i   (run_ready),
    .last_o    (run_last),
    .count_o   (run_count),
    .entries_o (run_entries)
  );

  entry_packer i_packer (
    .clk_i,
    .rst_ni,
    .valid_i   (run_valid),
    .ready_o   (run_ready),
    .last_i    (run_last),
    .count_i   (run_count),
    .entries_i (run_entries),
    .valid_o   (beat_valid),
    .ready_i   (beat_ready),
    .data_o    (beat_data)
  );

  // Deep enough for all of a packet: it may not stop the LO beats that it waits for.
  stream_fifo #(
    .Width(BeatW),
    .Depth(HoBeats + 2)
  ) i_ho_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (beat_valid),
    .ready_o (beat_ready),
    .data_i  (beat_data),
    .valid_o (ho_valid),
    .ready_i (state_q == StHo && ready_i),
    .data_o  (ho_data)
  );

  assign ho_last = ho_data[BeatEntries*EntryW+4];

  // Output in packet order.
  always_comb begin
    state_d = state_q;
    valid_o = 1'b0;
    data_o  = lo_data;
    last_o  = 1'b0;
    end_o   = 1'b0;
    case (state_q)
      StLo: begin  // LO beats
        valid_o = lo_valid;
        if (lo_last) state_d = StHo;
      end
      StHo: begin  // HO beats
        valid_o = ho_valid;
        data_o  = ho_data;
        last_o  = ho_last;
        end_o   = ho_last && !wide_q;
        if (ho_last && wide_q) state_d = StLo0;
        else if (ho_last) state_d = StLo;
      end
      StLo0: begin  // lowest slices
        valid_o = lo0_valid;
        data_o  = lo0_data;
        if (lo0_last) state_d = StHo0;
      end
      default: begin  // the empty list of the second packet
        valid_o = 1'b1;
        data_o  = BeatW'(1) << (BeatEntries*EntryW + 4);
        last_o  = 1'b1;
        end_o   = 1'b1;
        state_d = StLo;
      end
    endcase
  end

  assign tile_o = (state_q == StLo) ? lo_tile : tile_q;
  assign part_o = (state_q == StLo0) || (state_q == StHo0);

  always_ff @(posedge clk_i) begin
    if (state_q == StLo && lo_valid) begin
      tile_q <= lo_tile;
      wide_q <= lo_wide;
    end
    if (!rst_ni) state_q <= StLo;
    else if (valid_o && ready_i) state_q <= state_d;
  end

endmodule

`default_nettype wire
