// SPDX-License-Identifier: Apache-2.0
// Global activation buffer: takes the compressed activation stream, decodes its run lengths once
// for all PEAs, and broadcasts every column group by position, BeatLen positions a cycle. A listed
// HO vector that holds nothing but r, a placeholder, is dropped: for the PEAs it is skipped.
//
// Two groups are held: one is filled while the other is sent. A group is sent beat by beat when
// all PEAs take it. The buffer walks a command's K-tiles and groups, and sends along what the
// PEAs need to know of them: to them, the passes of one output are one long command.
// Rate: the larger of the group's input beats and its kt / BeatLen.
`default_nettype none
`include "assert.svh"

module global_activation_buffer
  import panacea_pkg::*;
#(
  parameter int TileK   = 64,
  parameter int BeatLen = 16,
  localparam int CmdW  = $bits(cmd_t),
  localparam int MetaW = $bits(group_meta_t),
  localparam int PosW  = $clog2(TileK)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    cmd_valid_i,
  output logic                    cmd_ready_o,
  input  logic [CmdW-1:0]         cmd_i,
  input  logic                    valid_i,
  output logic                    ready_o,
  input  logic [BeatW-1:0]        data_i,
  output logic                    valid_o,
  input  logic                    ready_i,     // all PEAs are ready
  output logic                    last_o,
  output logic [MetaW-1:0]        meta_o,
  output logic [BeatLen-1:0]      stored_o,
  output logic [BeatLen*VecW-1:0] lo_o,
  output logic [BeatLen*VecW-1:0] ho_o,
  output logic                    error_o      // a list runs past its K-tile
);

  localparam int Beats = TileK / BeatLen;
  localparam int BeatA = (Beats > 1) ? $clog2(Beats) : 1;
  localparam int LastBit = BeatEntries * EntryW + 4;

  typedef enum logic [1:0] {
    StIdle,
    StLo,
    StHo
  } state_e;

  cmd_t              cmd;
  group_meta_t       meta;
  state_e state_d, state_q;
  logic [15:0] left_d, left_q;  // K of this and later K-tiles
  logic [7:0] group_d, group_q;
  logic [BeatA-1:0] beat_d, beat_q;
  logic first_d, first_q, bank_d, bank_q, fill_q, send_q;
  logic open_q;  // the command before was a pass of the same outputs
  logic [1:0] cmd_id_q, full_q;
  logic [PosW:0]     kt;
  logic [BeatA:0]    kt_beats;
  logic take, last, group_end, tile_end, send_end, last_group, last_tile;
  logic dtp, more, wgt_up;
  logic [ShiftW-1:0] shift;
  logic [15:0]       k_len;
  logic [VecW-1:0]   frequent;  // what a skipped HO vector holds
  logic [BeatA-1:0]  send_beat_q;

  // Contents of the two groups, by {group, beat} or {group, position}.
  logic [BeatLen*VecW-1:0] lo_mem   [2*Beats];
  logic [VecW-1:0]         ho_mem   [2*TileK];
  logic [TileK-1:0]        stored_q [2];
  logic [MetaW-1:0]        meta_q   [2];
  logic [BeatA:0]          beats_q  [2];

  assign cmd       = cmd_i;
  assign kt        = (left_q > 16'(TileK)) ? (PosW+1)'(TileK) : left_q[PosW:0];
  assign kt_beats  = (BeatA+1)'((kt + (PosW+1)'(BeatLen - 1)) / (PosW+1)'(BeatLen));
  assign ready_o   = (state_q != StIdle) && !full_q[fill_q];
  assign take      = valid_i && ready_o;
  assign last      = data_i[LastBit];
  assign group_end = take && (state_q == StHo) && last;
  assign last_group = group_q + 8'd1 == cmd.groups;
  assign last_tile  = left_q == 16'(kt);
  assign shift     = {cmd.act_up, cmd.dbs - 2'd1} + {1'b0, {2{cmd.wgt_up}}};
  assign dtp       = cmd.dtp;
  assign more      = cmd.more;
  assign wgt_up    = cmd.wgt_up;
  assign k_len     = cmd.k_len;
  assign frequent  = {VecLen{cmd.r}};
  assign tile_end  = group_end && last_group;
  assign cmd_ready_o = tile_end && last_tile;

  always_comb begin
    meta            = '0;
    meta.group      = group_q;
    meta.quads      = 8'((16'(kt) + 16'd3) >> 2);
    meta.bank       = bank_q;
    meta.cmd_id     = cmd_id_q;
    meta.first_tile = first_q;
    meta.last_tile  = last_tile && !more;
    meta.last_group = last_group;
    meta.shift      = shift;
    meta.wgt_up     = wgt_up;
    meta.dtp        = dtp;
  end

  always_comb begin
    state_d = state_q;
    left_d  = left_q;
    group_d = group_q;
    beat_d  = beat_q;
    first_d = first_q;
    bank_d  = bank_q;
    case (state_q)
      StIdle: begin  // no command
        left_d  = k_len;
        group_d = '0;
        beat_d  = '0;
        first_d = !open_q;
        if (cmd_valid_i) state_d = StLo;
      end
      StLo:
      if (take) begin  // dense LO vectors
        beat_d = beat_q + 1'b1;
        if ((BeatA + 1)'(beat_q) + 1'b1 == kt_beats) state_d = StHo;
      end
      StHo:
      if (group_end) begin  // compressed HO list
        if (cmd_ready_o) state_d = StIdle;
        else state_d = StLo;
        beat_d  = '0;
        group_d = tile_end ? '0 : group_q + 1'b1;
        if (tile_end) begin
          left_d  = left_q - 16'(kt);
          first_d = 1'b0;
          bank_d  = !bank_q;
        end
      end
      default: state_d = StIdle;
    endcase
  end

  logic [BeatEntries-1:0] listed, ho_valid;
  logic [BeatEntries*PosW-1:0] ho_pos;

  logic [BeatEntries*IndexW-1:0] index;
  for (genvar e = 0; e < BeatEntries; e++) begin : gen_index
    assign index[e*IndexW+:IndexW] = data_i[e*EntryW+VecW+:IndexW];
    assign ho_valid[e] = listed[e] && (data_i[e*EntryW+:VecW] != frequent);
  end

  idxd #(
    .NumEntries(BeatEntries),
    .TileK(TileK)
  ) i_idxd (
    .clk_i,
    .rst_ni,
    .valid_i   (take && state_q == StHo),
    .last_i    (last),
    .count_i   ({1'b0, data_i[LastBit-1 -: 4]}),
    .index_i   (index),
    .k_len_i   (kt),
    .valid_o   (listed),
    .pos_o     (ho_pos),
    .error_o
  );

  always_ff @(posedge clk_i) begin
    if (take && state_q == StLo) begin
      lo_mem[int'(fill_q) * Beats + int'(beat_q)] <= data_i[BeatLen*VecW-1:0];
      stored_q[fill_q] <= '0;
    end
    for (int e = 0; e < BeatEntries; e++)
    if (ho_valid[e]) begin
      ho_mem[int'(fill_q) * TileK + int'(ho_pos[e*PosW +: PosW])] <= data_i[e*EntryW +: VecW];
      stored_q[fill_q][ho_pos[e*PosW +: PosW]] <= 1'b1;
    end
    if (group_end) begin
      meta_q[fill_q]  <= meta;
      beats_q[fill_q] <= kt_beats;
    end
  end

  assign valid_o  = full_q[send_q];
  assign last_o   = (BeatA+1)'(send_beat_q) + 1'b1 == beats_q[send_q];
  assign meta_o   = meta_q[send_q];
  assign lo_o     = lo_mem[int'(send_q) * Beats + int'(send_beat_q)];
  assign stored_o = stored_q[send_q][int'(send_beat_q) * BeatLen +: BeatLen];
  assign send_end = valid_o && ready_i && last_o;
  for (genvar i = 0; i < BeatLen; i++) begin : gen_ho
    assign ho_o[i*VecW+:VecW] = ho_mem[int'(send_q)*TileK+int'(send_beat_q)*BeatLen+i];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q     <= StIdle;
      left_q      <= '0;
      group_q     <= '0;
      beat_q      <= '0;
      first_q     <= 1'b0;
      open_q      <= 1'b0;
      bank_q      <= 1'b0;
      cmd_id_q    <= '0;
      fill_q      <= 1'b0;
      send_q      <= 1'b0;
      full_q      <= '0;
      send_beat_q <= '0;
    end else begin
      state_q <= state_d;
      left_q  <= left_d;
      group_q <= group_d;
      beat_q  <= beat_d;
      first_q <= first_d;
      bank_q  <= bank_d;
      if (cmd_ready_o) begin
        open_q   <= more;
        cmd_id_q <= cmd_id_q + 2'(!more);
      end
      if (group_end) begin
        fill_q         <= !fill_q;
        full_q[fill_q] <= 1'b1;
      end
      if (valid_o && ready_i) send_beat_q <= last_o ? '0 : send_beat_q + 1'b1;
      if (send_end) begin
        send_q         <= !send_q;
        full_q[send_q] <= 1'b0;
      end
    end
  end

  // r is the command's, which has to stay while its lists are read.
  `PANACEA_ASSERT(state_q == StIdle || cmd_valid_i, "activations without their command")

endmodule

`default_nettype wire
