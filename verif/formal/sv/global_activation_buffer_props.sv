// SPDX-License-Identifier: Apache-2.0
// Every column group of every K-tile is broadcast once, in order, beat by beat, as it came: LO
// vectors, which HO vectors are kept and their values, and what the PEAs need to know of it. Seen
// at one position; all of a beat are alike. Which entries a list has is idxd_props'.
`default_nettype none
`include "formal.svh"

module global_activation_buffer_props
  import panacea_pkg::*;
#(
  parameter int K = 6,                    // position looked at, of the second beat
  localparam int TileK   = 8,
  localparam int BeatLen = 4,
  localparam int CmdW    = $bits(cmd_t),
  localparam int MetaW   = $bits(group_meta_t),
  localparam int PosW    = $clog2(TileK)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             cmd_valid_i,
  input logic [CmdW-1:0]  cmd_i,
  input logic             valid_i,
  input logic [BeatW-1:0] data_i,
  input logic             ready_i
);

  logic cmd_ready, ready, valid, last, error;
  group_meta_t             meta;
  logic [MetaW-1:0]        meta_bits;
  logic [BeatLen-1:0]      stored;
  logic [BeatLen*VecW-1:0] lo, ho;
  cmd_t cmd;

  global_activation_buffer #(
    .TileK(TileK),
    .BeatLen(BeatLen)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o(cmd_ready),
    .cmd_i,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .valid_o(valid),
    .ready_i,
    .last_o(last),
    .meta_o(meta_bits),
    .stored_o(stored),
    .lo_o(lo),
    .ho_o(ho),
    .error_o(error)
  );
  assign cmd  = cmd_i;
  assign meta = meta_bits;

  `FORMAL_RESET

  // A command waits unchanged until it is taken, and is a legal one.
  logic            waits_q;
  logic [CmdW-1:0] cmd_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && cmd_valid_i && !cmd_ready;
    cmd_q   <= cmd_i;
  end
  always_comb begin
    if (waits_q) assume (cmd_valid_i && cmd_i == cmd_q);
    assume (cmd.k_len != '0 && cmd.groups != '0 && cmd.dbs != '0);
    assume (!cmd.act_up || cmd.dbs == 2'd1);
  end

  // Where the stream is: command, K before this K-tile, group, beat; in the list or before it.
  logic open_q, list_q, more_q, bank_q;
  logic [1:0] number_q;  // of the command's outputs
  logic [15:0] before_q, left;
  logic [7:0] group_q;
  logic [2:0] beat_q, beats;
  logic [3:0] kt;
  logic take, ends, ends_tile, ends_cmd;
  assign left      = cmd.k_len - before_q;
  assign kt        = left > 16'(TileK) ? 4'(TileK) : left[3:0];
  assign beats     = kt > 4'(BeatLen) ? 3'd2 : 3'd1;
  assign take      = valid_i && ready;
  assign ends      = take && list_q && data_i[BeatEntries*EntryW+4];
  assign ends_tile = ends && group_q + 8'd1 == cmd.groups;
  assign ends_cmd  = ends_tile && left <= 16'(TileK);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {open_q, list_q, more_q, bank_q, number_q, before_q, group_q, beat_q} <= '0;
    end else begin
      if (!open_q) open_q <= cmd_valid_i;
      else if (ends_cmd) open_q <= 1'b0;
      if (take && !list_q) begin
        beat_q <= beat_q + 1'b1;
        list_q <= beat_q + 1'b1 == beats;
      end
      if (ends) begin
        list_q  <= 1'b0;
        beat_q  <= '0;
        group_q <= ends_tile ? '0 : group_q + 1'b1;
      end
      if (ends_tile) begin
        before_q <= ends_cmd ? '0 : before_q + 16'(TileK);
        bank_q   <= !bank_q;
      end
      if (ends_cmd) begin
        more_q   <= cmd.more;
        number_q <= number_q + 2'(!cmd.more);
      end
    end
  end

  // What the PEAs need to know of the group that comes.
  group_meta_t described;
  always_comb begin
    described            = '0;
    described.group      = group_q;
    described.quads      = kt > 4'd4 ? 8'd2 : 8'd1;
    described.bank       = bank_q;
    described.cmd_id     = number_q;
    described.first_tile = !more_q && before_q == '0;
    described.last_tile  = !cmd.more && left <= 16'(TileK);
    described.last_group = group_q + 8'd1 == cmd.groups;
    described.shift      = ShiftW'(cmd.dbs) - 3'd1 + (cmd.act_up ? 3'd4 : 3'd0)
                           + (cmd.wgt_up ? 3'd3 : 3'd0);
    described.wgt_up     = cmd.wgt_up;
    described.dtp        = cmd.dtp;
  end

  // The position that is looked at, and what was sent for it, for the two groups that may be held.
  logic wr_q, rd_q, there;
  logic [1:0] held_q, at, known_q, kept_q;
  logic            send_beat_q;
  logic [VecW-1:0] lo_q [2];
  logic [VecW-1:0] ho_q [2];
  group_meta_t     described_q [2];
  logic [1:0]      two_q;           // beats to send
  logic send, sent;

  // The entry of the list that is for the position, if one is kept.
  logic            hit;
  logic [VecW-1:0] hit_vec;
  always_comb begin
    hit     = 1'b0;
    hit_vec = '0;
    for (int e = 0; e < BeatEntries; e++)
    if (i_dut.listed[e] && i_dut.ho_pos[e*PosW +: PosW] == PosW'(K)
          && data_i[e*EntryW +: VecW] != {VecLen{cmd.r}}) begin
      hit     = 1'b1;
      hit_vec = data_i[e*EntryW +: VecW];
    end
  end

  assign at    = 2'(K % BeatLen);
  assign send  = valid && ready_i;
  assign sent  = send && (send_beat_q || !two_q[rd_q]);
  assign there = send_beat_q == 1'(K / BeatLen);
  always_ff @(posedge clk_i) begin
    if (take && !list_q) begin
      if (beat_q[0] == 1'(K / BeatLen)) lo_q[wr_q] <= data_i[at*VecW+:VecW];
      known_q[wr_q] <= beat_q[0] == 1'(K / BeatLen) || (known_q[wr_q] && beat_q != '0);
      kept_q[wr_q]  <= 1'b0;
    end
    if (take && list_q && hit) begin
      ho_q[wr_q]   <= hit_vec;
      kept_q[wr_q] <= 1'b1;
    end
    if (ends) begin
      described_q[wr_q] <= described;
      two_q[wr_q]       <= beats == 3'd2;
    end
    if (!rst_ni) begin
      {wr_q, rd_q, held_q, send_beat_q} <= '0;
    end else begin
      held_q <= held_q + 2'(ends) - 2'(sent);
      if (ends) wr_q <= !wr_q;
      if (send) send_beat_q <= !sent;
      if (sent) rd_q <= !rd_q;
    end
  end

  always_comb
    if (rst_ni) begin
      a_room : assert (ready == (open_q && held_q != 2'd2));
      a_end : assert (cmd_ready == ends_cmd);
      a_all : assert (valid == (held_q != '0));
      a_last : assert (!valid || last == (send_beat_q || !two_q[rd_q]));
      a_meta : assert (!valid || meta == described_q[rd_q]);
      a_lo : assert (!valid || !there || !known_q[rd_q] || lo[at*VecW+:VecW] == lo_q[rd_q]);
      a_kept : assert (!valid || !there || stored[at] == kept_q[rd_q]);
      a_ho : assert (!valid || !there || !kept_q[rd_q] || ho[at*VecW+:VecW] == ho_q[rd_q]);
      inv_state :
      assert (i_dut.state_q == (!open_q ? 2'd0 : list_q ? 2'd2 : 2'd1) && (!open_q || waits_q));
      inv_left :
      assert (!open_q
              || (i_dut.left_q == left && before_q < cmd.k_len && i_dut.group_q == group_q
                  && group_q < cmd.groups && i_dut.first_q == (!more_q && before_q == '0)
                  && (list_q ? beat_q == beats : beat_q < beats)));
      inv_beat : assert (!open_q || list_q || 3'(i_dut.beat_q) == beat_q);
      inv_idle : assert (open_q || {list_q, before_q, group_q, beat_q} == '0);
      inv_flags :
      assert (i_dut.open_q == more_q && i_dut.bank_q == bank_q && i_dut.cmd_id_q == number_q);
      inv_held :
      assert (held_q <= 2'd2 && i_dut.fill_q == wr_q && i_dut.send_q == rd_q
              && wr_q == (rd_q ^ held_q[0]));
      inv_full :
      assert (i_dut.full_q == (held_q == 2'd2 ? 2'b11 : held_q == '0 ? 2'b00 : 2'b01 << rd_q));
      inv_send :
      assert (i_dut.send_beat_q == send_beat_q && (!send_beat_q || (held_q != '0 && two_q[rd_q])));
      c_two :
      cover (valid && there && kept_q[rd_q] && known_q[rd_q]
                     && meta.group == 8'd1 && !meta.first_tile && meta.last_tile);
      c_full : cover (held_q == 2'd2 && valid_i && two_q == 2'b11);
      c_short : cover (valid && !known_q[rd_q] && last && meta.last_group && number_q != '0);
      c_error : cover (error);
    end

  // Memories: a group that is held is complete, the one that comes is there as far as it came.
  logic [1:0] lo_fits, ho_fits, kept_fits, meta_fits;
  for (genvar g = 0; g < 2; g++) begin : gen_group
    logic full, comes;
    logic [BeatLen*VecW-1:0] lo_beat;
    logic [VecW-1:0]         ho_word;
    assign full    = held_q == 2'd2 || (held_q == 2'd1 && rd_q == 1'(g));
    assign comes   = !full && wr_q == 1'(g) && (beat_q != '0 || list_q);
    assign lo_beat = i_dut.lo_mem[2*g+K/BeatLen];
    assign lo_fits[g]   = !(full || comes) || !known_q[g] || lo_beat[at*VecW+:VecW] == lo_q[g];
    assign ho_word      = i_dut.ho_mem[g*TileK+K];
    assign ho_fits[g]   = !(full || comes) || !kept_q[g] || ho_word == ho_q[g];
    assign kept_fits[g] = !(full || comes) || i_dut.stored_q[g][K] == kept_q[g];
    assign meta_fits[g] = !full || (i_dut.meta_q[g] == described_q[g]
                                    && i_dut.beats_q[g] == (two_q[g] ? 2'd2 : 2'd1));
  end
  always_comb
    if (rst_ni) begin
      inv_lo : assert (&lo_fits);
      inv_ho : assert (&ho_fits);
      inv_kept : assert (&kept_fits);
      inv_meta : assert (&meta_fits);
    end

endmodule

`default_nettype wire
