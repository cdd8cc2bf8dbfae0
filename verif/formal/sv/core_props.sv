// SPDX-License-Identifier: Apache-2.0
// End to end on a small core: whatever the slices, r and the bias are, the result of a command is
// bias + products - (r comp) 2^l, summed over all k of the K-tile, and it comes. What decides about
// the schedule is given, one value after the other: which HO vectors are listed and which of these
// are no placeholders, the DBS type, when streams pause. All values are free. One element of one
// PEA is looked at; all are alike.
`default_nettype none

module core_props
  import panacea_pkg::*;
#(
  parameter int NumDwo  = 12,
  parameter int NumSwo  = 0,
  parameter int Latency = 40,   // cycles from the command to the last result, at most
  parameter int Pea     = 1,    // of the element that is looked at
  parameter int Row     = 2,
  parameter int Col     = 1
) (
  input logic clk_i
);

  localparam int NumPea = 2;
  localparam int TileK  = 4;

  logic begun_q;
  initial begun_q = 1'b0;
  always_ff @(posedge clk_i) begun_q <= 1'b1;

  // Given: HO vectors listed, and kept, by k; in which of eight cycles a stream moves.
  logic [TileK-1:0] w_listed_q, w_kept_q, x_listed_q, x_kept_q;
  logic [1:0]       dbs_q;
  logic [7:0]       w_moves_q, x_moves_q, y_moves_q;
  // Free: vectors by k, bias by PEA, r.
  logic [NumPea-1:0][TileK-1:0][VecW-1:0]   w_lo_q, w_ho_q;
  logic [TileK-1:0][VecW-1:0]               x_lo_q, x_ho_q;
  logic [NumPea-1:0][VecLen-1:0][PsumW-1:0] bias_q;
  logic [3:0]                               r_q;
  always_ff @(posedge clk_i) begin
    {w_listed_q, w_kept_q, x_listed_q, x_kept_q} <= {w_listed_q, w_kept_q, x_listed_q, x_kept_q};
    {dbs_q, w_moves_q, x_moves_q, y_moves_q}     <= {dbs_q, w_moves_q, x_moves_q, y_moves_q};
    {w_lo_q, w_ho_q, x_lo_q, x_ho_q, bias_q, r_q} <= {w_lo_q, w_ho_q, x_lo_q, x_ho_q, bias_q, r_q};
  end

  // As they are sent. A vector that is kept is no placeholder, whatever the slice that is looked
  // at: the one beside it sees to that. The other PEA keeps all of its vectors.
  logic [NumPea-1:0][TileK-1:0][VecW-1:0] w_ho;
  logic [TileK-1:0][VecW-1:0]             x_ho;
  logic [NumPea-1:0][TileK-1:0]           w_listed;
  always_comb begin
    for (int k = 0; k < TileK; k++) begin
      for (int p = 0; p < NumPea; p++) begin
        w_ho[p][k] = w_ho_q[p][k];
        w_ho[p][k][(Row+1)%4*SliceW +: SliceW] = SliceW'(1);
        w_listed[p][k] = p != Pea || w_listed_q[k];
      end
      if (!w_kept_q[k]) w_ho[Pea][k] = '0;
      x_ho[k] = x_ho_q[k];
      x_ho[k][(Col+1)%4*SliceW +: SliceW] = ~r_q;
      if (!x_kept_q[k]) x_ho[k] = {VecLen{r_q}};
    end
  end

  // The list of some vectors: entries in order, each with the vectors that it skips.
  function automatic logic [TileK*EntryW-1:0] list(input logic [TileK-1:0] listed,
                                                   input logic [TileK*VecW-1:0] ho);
    logic [IndexW-1:0] run;
    list = '0;
    for (int k = TileK - 1; k >= 0; k--) begin
      run = '0;
      for (int j = 0; j < k; j++) run = listed[j] ? '0 : run + 1'b1;
      if (listed[k]) list = {list[(TileK-1)*EntryW-1:0], run, ho[k*VecW +: VecW]};
    end
  endfunction

  function automatic logic [2:0] count(input logic [TileK-1:0] listed);
    return 3'(listed[0]) + 3'(listed[1]) + 3'(listed[2]) + 3'(listed[3]);
  endfunction

  // Streams: LO, then the list; bias.
  logic cmd_ready, x_ready, b_ready, y_valid, y_ready, y_last, cmd_sent_q;
  logic [NumPea-1:0] w_ready, w_valid;
  logic [NumPea-1:0][1:0]       w_word_q;
  logic [NumPea-1:0][WordW-1:0] w_data;
  logic [1:0] x_beat_q, b_beat_q, y_count_q;
  logic [5:0] cycle_q;
  logic [2:0] at;
  logic       x_valid;
  logic [BeatW-1:0]          x_data;
  logic [BlockLen*PsumW-1:0] y_data;
  core_err_t                 err;
  cmd_t                      cmd;

  always_comb begin
    cmd        = '0;
    cmd.k_len  = 16'(TileK);
    cmd.groups = 8'd1;
    cmd.dbs    = dbs_q;
    cmd.r      = r_q;
  end
  assign at = cycle_q[2:0];
  for (genvar p = 0; p < NumPea; p++) begin : gen_words
    logic [TileK-1:0][EntryW-1:0] entry;
    logic [2:0] entries;
    logic       two;    // words for the list
    assign entry     = list(w_listed[p], w_ho[p]);
    assign entries   = count(w_listed[p]);
    assign two       = entries == 3'd4;
    assign w_data[p] = w_word_q[p] == 2'd0 ? w_lo_q[p]
                     : w_word_q[p] == 2'd1 ? {1'b0, !two, two ? 2'd3 : entries[1:0], entry[2:0]}
                     : {1'b0, 1'b1, 2'd1, 40'd0, entry[3]};
    assign w_valid[p] = w_word_q[p] <= 2'd1 + 2'(two) && (p != Pea || w_moves_q[at]);
  end
  assign x_data  = x_beat_q == '0 ? BeatW'(x_lo_q) : {11'd0, 1'b1, 1'b0, count(x_listed_q),
                                                      160'd0, list(x_listed_q, x_ho)};
  assign x_valid = x_beat_q != 2'd2 && x_moves_q[at];
  assign y_ready = y_moves_q[at];

  aqs_gemm_core #(
    .NumPea(NumPea),
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .TileN(4),
    .GroupDepth(2)
  ) i_dut (
    .clk_i,
    .rst_ni       (begun_q),
    .cmd_valid_i  (!cmd_sent_q),
    .cmd_ready_o  (cmd_ready),
    .cmd_i        (cmd),
    .w_valid_i    (w_valid),
    .w_ready_o    (w_ready),
    .w_data_i     (w_data),
    .w_tile_end_o (),
    .w_cmd_end_o  (),
    .x_valid_i    (x_valid),
    .x_ready_o    (x_ready),
    .x_data_i     (x_data),
    .x_cmd_end_o  (),
    .b_valid_i    (b_beat_q != 2'd2),
    .b_ready_o    (b_ready),
    .b_data_i     (bias_q[b_beat_q[0]]),
    .y_valid_o    (y_valid),
    .y_ready_i    (y_ready),
    .y_last_o     (y_last),
    .y_data_o     (y_data),
    .event_o      (),
    .err_o        (err)
  );

  always_ff @(posedge clk_i) begin
    if (!begun_q) begin
      cmd_sent_q <= 1'b0;
      {w_word_q, x_beat_q, b_beat_q, y_count_q, cycle_q} <= '0;
    end else begin
      if (cmd_ready) cmd_sent_q <= 1'b1;
      for (int p = 0; p < NumPea; p++)
      if (w_ready[p] && w_valid[p]) w_word_q[p] <= w_word_q[p] + 1'b1;
      if (x_ready && x_valid) x_beat_q <= x_beat_q + 1'b1;
      if (b_ready && b_beat_q != 2'd2) b_beat_q <= b_beat_q + 1'b1;
      y_count_q <= y_count_q + 2'(y_valid && y_ready);
      if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    end
  end

  // The product of the row and the column, slice by slice; what the row's weights sum up to where
  // the activation's HO vector is kept.
  typedef logic signed [PsumW-1:0] sum_t;
  sum_t products, comp, expected;
  always_comb begin
    products = '0;
    comp     = '0;
    for (int k = 0; k < TileK; k++) begin
      logic signed [ProdW-1:0] w_h, w_l, x_h, x_l, hh, hl, lh, ll;
      w_h = w_kept_q[k] ? ProdW'($signed(w_ho_q[Pea][k][Row*SliceW +: SliceW])) : '0;
      w_l = ProdW'($signed(w_lo_q[Pea][k][Row*SliceW +: SliceW]));
      x_h = x_kept_q[k] ? ProdW'(x_ho_q[k][Col*SliceW +: SliceW]) : '0;
      x_l = ProdW'(x_lo_q[k][Col*SliceW +: SliceW]);
      ll  = w_l * x_l;
      hl  = w_h * x_l;
      lh  = w_l * x_h;
      hh  = w_h * x_h;
      products = products + sum_t'(ll) + (sum_t'(hl) <<< 3) + (sum_t'(lh) <<< 4)
                 + (sum_t'(hh) <<< 7);
      if (x_kept_q[k]) comp = comp + sum_t'(w_l) + (sum_t'(w_h) <<< 3);
    end
    expected = (products <<< (dbs_q - 2'd1)) + sum_t'(bias_q[Pea][Row])
               - ((comp * sum_t'({1'b0, r_q})) <<< (3'd3 + 3'(dbs_q)));
  end

  logic             looked;
  logic [PsumW-1:0] got;
  assign looked = begun_q && y_valid && y_count_q == 2'(Pea);
  assign got    = y_data[(Row*VecLen+Col)*PsumW +: PsumW];

  always_comb begin
    a_result : assert (!looked || got == expected);
    a_comes : assert (!begun_q || int'(cycle_q) <= Latency || y_count_q == 2'd2);
    a_last : assert (!begun_q || !y_valid || y_last == (y_count_q == 2'd1));
    a_legal : assert (!begun_q || err == '0);
    c_result : cover (looked && y_ready);
    c_comes : cover (begun_q && int'(cycle_q) > Latency);
  end

endmodule

`default_nettype wire
