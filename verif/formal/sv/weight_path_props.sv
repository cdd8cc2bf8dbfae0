// SPDX-License-Identifier: Apache-2.0
// Every K-tile's weights are taken once, in order, into the bank that is free, and are read there as
// they were sent until the bank is given back: LO vectors, which HO vectors are kept, and their
// values, of either form of list. Seen at one position of one sub-tile, which may be either, in
// both banks. Which entries a list has is idxd_props'.
`default_nettype none
`include "formal.svh"

module weight_path_props
  import panacea_pkg::*;
#(
  parameter int K = 6,                    // position looked at, of the second quad
  localparam int TileK = 8,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = $clog2(TileK / 4)
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             cmd_valid_i,
  input logic [15:0]      k_len_i,
  input logic             dtp_i,
  input logic             dense_i,
  input logic             valid_i,
  input logic [WordW-1:0] data_i,
  input logic [1:0]       release_i,      // a bank is given back, if it is full
  input logic             rd_bank_i,
  input logic             rd_tile_i,
  input logic             rd_high_i
);

  logic cmd_ready, ready, bank_done, bank, tile, lo_valid, ho_clear, error;
  logic [1:0]                  full_q;
  logic [QuadA-1:0]            quad;
  logic [WordVecs-1:0]         ho_valid;
  logic [WordEntries*PosW-1:0] ho_pos;
  logic [WordVecs*VecW-1:0]    ho_vec;
  logic [TileK-1:0]            mask;
  logic [VecW-1:0]             vec;
  logic [QuadW-1:0] quad_lo, quad_ho;

  weight_loader #(
    .TileK(TileK)
  ) i_loader (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o(cmd_ready),
    .k_len_i,
    .dtp_i,
    .dense_i,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .bank_full_i(full_q),
    .bank_done_o(bank_done),
    .bank_o(bank),
    .tile_o(tile),
    .lo_valid_o(lo_valid),
    .quad_o(quad),
    .ho_clear_o(ho_clear),
    .ho_valid_o(ho_valid),
    .ho_pos_o(ho_pos),
    .ho_vec_o(ho_vec),
    .error_o(error)
  );

  wbuf #(
    .NumVecs(1),
    .NumQuads(1),
    .TileK(TileK)
  ) i_wbuf (
    .clk_i,
    .rst_ni,
    .bank_i(bank),
    .tile_i(tile),
    .lo_valid_i(lo_valid),
    .wr_quad_i(quad),
    .ho_clear_i(ho_clear),
    .ho_valid_i(ho_valid),
    .ho_pos_i(ho_pos),
    .ho_vec_i(ho_vec),
    .data_i,
    .mask_bank_i(rd_bank_i),
    .mask_tile_i(rd_tile_i),
    .mask_o(mask),
    .vec_bank_i(rd_bank_i),
    .vec_tile_i(rd_tile_i),
    .vec_high_i(rd_high_i),
    .vec_k_i(PosW'(K)),
    .vec_o(vec),
    .quad_bank_i(rd_bank_i),
    .quad_tile_i(rd_tile_i),
    .quad_i(QuadA'(K / 4)),
    .quad_lo_o(quad_lo),
    .quad_ho_o(quad_ho)
  );

  `FORMAL_RESET

  // A command waits unchanged until it is taken.
  logic waits_q, dtp_q, dense_q;
  logic [15:0] k_len_q;
  always_ff @(posedge clk_i) begin
    waits_q                   <= rst_ni && cmd_valid_i && !cmd_ready;
    {k_len_q, dtp_q, dense_q} <= {k_len_i, dtp_i, dense_i};
  end
  always_comb begin
    assume (k_len_i != '0);
    if (waits_q) assume (cmd_valid_i && k_len_i == k_len_q && dtp_i == dtp_q && dense_i == dense_q);
  end

  // Where the stream is: command, K before this K-tile, sub-tile, words of the LO part or the list.
  logic open_q, begun_tile_q, list_q, second_q, fill_q;
  logic [15:0] before_q, left;
  logic [1:0] words_q, quads;
  logic take, ends_list, ends_tile, ends_cmd;
  assign left      = k_len_i - before_q;
  assign quads     = left > 16'd4 ? 2'd2 : 2'd1;
  assign take      = valid_i && ready;
  assign ends_list = take && list_q && (dense_i ? words_q + 1'b1 == quads : data_i[WordW-2]);
  assign ends_tile = ends_list && second_q == dtp_i;
  assign ends_cmd  = ends_tile && left <= 16'(TileK);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {open_q, begun_tile_q, list_q, second_q, fill_q, before_q, words_q, full_q} <= '0;
    end else begin
      full_q <= (full_q & ~release_i) | (2'(ends_tile) << fill_q);
      if (!open_q) open_q <= cmd_valid_i;
      else if (ends_cmd) open_q <= 1'b0;
      if (open_q && !begun_tile_q) begun_tile_q <= !full_q[fill_q];
      if (take) words_q <= words_q + 1'b1;
      if (take && !list_q && words_q + 1'b1 == quads) {list_q, words_q} <= 3'b100;
      if (ends_list) {list_q, words_q, second_q} <= {3'b000, !ends_tile};
      if (ends_tile) begin
        begun_tile_q <= 1'b0;
        fill_q       <= !fill_q;
        before_q     <= ends_cmd ? '0 : before_q + 16'(TileK);
      end
    end
  end

  // What was sent for the position, by bank; whether the K-tile has the sub-tile.
  logic tile_q, ours;
  logic [1:0] known_q, kept_q, has_q, seen_q;
  logic [VecW-1:0] lo_q [2];
  logic [VecW-1:0] ho_q [2];
  assign ours = take && second_q == tile_q;

  // The HO vector of this word that is for the position, if one is kept.
  logic            hit;
  logic [VecW-1:0] hit_vec;
  always_comb begin
    hit     = 1'b0;
    hit_vec = '0;
    if (dense_i) begin
      hit_vec = data_i[K%4*VecW+:VecW];
      hit     = words_q == 2'(K / 4) && hit_vec != '0;
    end else begin
      for (int e = 0; e < WordEntries; e++)
      if (i_loader.listed[e] && i_loader.listed_pos[e*PosW +: PosW] == PosW'(K)
            && data_i[e*EntryW +: VecW] != '0) begin
        hit     = 1'b1;
        hit_vec = data_i[e*EntryW +: VecW];
      end
    end
  end

  always_ff @(posedge clk_i) begin
    tile_q <= tile_q;
    if (ours && !list_q) begin
      if (words_q == 2'(K / 4)) lo_q[fill_q] <= data_i[K%4*VecW+:VecW];
      known_q[fill_q] <= words_q == 2'(K / 4) || (known_q[fill_q] && words_q != '0);
      if (words_q == '0) kept_q[fill_q] <= 1'b0;
    end
    if (ours && list_q && hit) begin
      ho_q[fill_q]   <= hit_vec;
      kept_q[fill_q] <= 1'b1;
    end
    if (take) has_q[fill_q] <= second_q == tile_q || (has_q[fill_q] && second_q);
    if (!rst_ni) seen_q <= '0;
    else if (ours) seen_q[fill_q] <= 1'b1;
  end

  // Read in a full bank.
  logic live;
  assign live = full_q[rd_bank_i] && has_q[rd_bank_i] && rd_tile_i == tile_q;

  logic [VecW-1:0] lo_sent, ho_sent;
  logic known, kept;
  assign lo_sent = lo_q[rd_bank_i];
  assign ho_sent = ho_q[rd_bank_i];
  assign known   = live && known_q[rd_bank_i];
  assign kept    = live && kept_q[rd_bank_i];

  always_comb
    if (rst_ni) begin
      a_ready : assert (ready == begun_tile_q);
      a_bank : assert (!take || !full_q[fill_q]);
      a_done : assert (bank_done == ends_tile && (!bank_done || bank == fill_q));
      a_end : assert (cmd_ready == ends_cmd);
      a_lo : assert (!known || rd_high_i || vec == lo_sent);
      a_ho : assert (!kept || !rd_high_i || vec == ho_sent);
      a_quad_lo : assert (!known || quad_lo[K%4*VecW+:VecW] == lo_sent);
      a_quad_ho : assert (!kept || quad_ho[K%4*VecW+:VecW] == ho_sent);
      a_mask : assert (!live || mask[K] == kept);
      inv_state :
      assert (i_loader.state_q == (!open_q ? 2'd0 : !begun_tile_q ? 2'd1 : list_q ? 2'd3 : 2'd2));
      inv_open : assert (open_q ? waits_q : {begun_tile_q, before_q} == '0);
      inv_idle : assert (begun_tile_q || {list_q, second_q, words_q} == '0);
      inv_left : assert (!open_q || (i_loader.left_q == left && before_q < k_len_i));
      inv_place :
      assert (!begun_tile_q || (i_loader.tile_q == second_q && (!second_q || dtp_i)
              && ((list_q && !dense_i) || (2'(i_loader.quad_q) == words_q && words_q < quads))));
      inv_bank : assert (i_loader.bank_q == fill_q && !(begun_tile_q && full_q[fill_q]));
      inv_second : assert (!begun_tile_q || !second_q || !has_q[fill_q] || seen_q[fill_q]);
      inv_seen : assert (!has_q[0] || !full_q[0] || seen_q[0]);
      inv_seen_1 : assert (!has_q[1] || !full_q[1] || seen_q[1]);
      c_list : cover (kept && known && rd_high_i && !rd_tile_i && full_q == 2'b11 && !dense_q);
      c_dense : cover (kept && known && rd_tile_i && dense_i && waits_q);
      c_dropped : cover (known && !kept && before_q != '0);
      c_error : cover (error);
    end

  // The buffers hold what was sent, since the first word of the sub-tile came.
  logic [1:0] lo_fits, ho_fits, mask_fits, comes_fits;
  for (genvar b = 0; b < 2; b++) begin : gen_bank
    logic [QuadW-1:0] lo_word;
    logic [VecW-1:0]  ho_word;
    logic comes;
    assign comes         = begun_tile_q && fill_q == 1'(b) && second_q == tile_q
                           && (words_q != '0 || list_q);
    assign lo_word       = i_wbuf.lo_mem[{1'(b), tile_q, 1'(K / 4)}];
    assign ho_word       = i_wbuf.ho_mem[{1'(b), tile_q, PosW'(K)}];
    assign lo_fits[b]    = !seen_q[b] || !known_q[b] || lo_word[K%4*VecW+:VecW] == lo_q[b];
    assign ho_fits[b]    = !seen_q[b] || !kept_q[b] || ho_word == ho_q[b];
    assign mask_fits[b]  = !seen_q[b] || i_wbuf.mask_q[{1'(b), tile_q}][K] == kept_q[b];
    assign comes_fits[b] = !comes || seen_q[b];
  end
  always_comb
    if (rst_ni) begin
      inv_lo : assert (&lo_fits);
      inv_ho : assert (&ho_fits);
      inv_mask : assert (&mask_fits);
      inv_comes : assert (&comes_fits);
    end

endmodule

`default_nettype wire
