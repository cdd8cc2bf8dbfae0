// SPDX-License-Identifier: Apache-2.0
// End to end on a small core: whatever the slices, r and the bias are, the result of one
// command is bias + w x~, equation (6) included, and it comes. Which HO vectors are stored is given,
// so the schedule is one; all values are free, but for the DBS type. One element of the second PEA is looked at; all are
// alike. Of its row the weights are nonzero at one k: that sums over several k are exact is proven of
// the operators, S-ACC and the partial-sum buffer.
`default_nettype none
`include "formal.svh"

module core_props import panacea_pkg::*; #(
  parameter int Latency = 30,    // cycles from the command to the last result, at most
  parameter int Pea     = 1,     // of the element that is looked at
  parameter int Row     = 2,
  parameter int Col     = 1,
  parameter logic [1:0] Dbs = 2'd2,
  parameter int K       = 2,     // where the weights of the row are not zero
  parameter logic [3:0] WStored = 4'b0101,   // k whose HO weights, activations are stored
  parameter logic [3:0] XStored = 4'b0110
) (
  input logic clk_i,
  input logic rst_ni
);

  localparam int NumPea = 2;
  localparam int TileK  = 4;

  `FORMAL_ONE_RESET

  // What is sent, any, the same through the run: vectors by k.
  logic [NumPea-1:0][3:0][VecW-1:0]         w_lo_q, w_ho_q;
  logic [3:0][VecW-1:0]                     x_lo_q, x_ho_q;
  logic [NumPea-1:0][VecLen-1:0][PsumW-1:0] bias_q;
  logic [3:0]                               r_q;
  always_ff @(posedge clk_i) begin
    {w_lo_q, w_ho_q, x_lo_q, x_ho_q} <= {w_lo_q, w_ho_q, x_lo_q, x_ho_q};
    {bias_q, r_q}                    <= {bias_q, r_q};
  end

  // As they are sent.
  logic [NumPea-1:0][3:0][VecW-1:0] w_lo, w_ho;
  always_comb begin
    {w_lo, w_ho} = {w_lo_q, w_ho_q};
    for (int k = 0; k < 4; k++)
      if (k != K) {w_lo[Pea][k][Row*4 +: 4], w_ho[Pea][k][Row*4 +: 4]} = '0;
  end

  // The list of the stored vectors, and how many they are.
  function automatic logic [4*EntryW-1:0] list(input logic [3:0] stored, input logic [QuadW-1:0] ho);
    logic [IndexW-1:0] run;
    list = '0;
    run  = '0;
    for (int k = 3; k >= 0; k--) begin
      // From the last to the first: the run before an entry is what lies between it and the next.
      run = '0;
      for (int j = k - 1; j >= 0 && !stored[j]; j--) run = run + 1'b1;
      if (stored[k]) list = {list[3*EntryW-1:0], run, ho[k*VecW +: VecW]};
    end
  endfunction

  function automatic logic [2:0] count(input logic [3:0] stored);
    return 3'(stored[0]) + 3'(stored[1]) + 3'(stored[2]) + 3'(stored[3]);
  endfunction

  // Streams that never pause.
  logic                         cmd_ready, x_ready, b_ready, y_valid, y_last, cmd_sent_q;
  logic [NumPea-1:0]            w_ready, w_valid;
  logic [NumPea-1:0][1:0]       w_word_q;
  logic [NumPea-1:0][WordW-1:0] w_data;
  logic [1:0]                   x_beat_q, b_beat_q, y_count_q;
  logic [BeatW-1:0]             x_data;
  logic [BlockLen*PsumW-1:0]    y_data;
  core_err_t                    err;
  cmd_t                         cmd;

  always_comb begin
    cmd        = '0;
    cmd.k_len  = 16'(TileK);
    cmd.groups = 8'd1;
    cmd.dbs    = Dbs;
    cmd.r      = r_q;
  end
  // The PEA that is not looked at has everything stored: the two are not in step.
  for (genvar p = 0; p < NumPea; p++) begin : gen_words
    localparam logic [3:0] Stored = p == Pea ? WStored : '1;
    localparam logic [2:0] Entries = count(Stored);
    localparam logic       Two     = Entries == 3'd4;   // words
    logic [3:0][EntryW-1:0] entry;
    assign entry     = list(Stored, w_ho[p]);
    assign w_data[p] = w_word_q[p] == 2'd0 ? w_lo[p]
                     : w_word_q[p] == 2'd1 ? {1'b0, !Two, Two ? 2'd3 : 2'(Entries), entry[2:0]}
                     : {1'b0, 1'b1, 2'd1, 40'd0, entry[3]};
    assign w_valid[p] = w_word_q[p] <= 2'd1 + 2'(Two);
  end
  assign x_data = x_beat_q == '0 ? BeatW'(x_lo_q)
                                 : {11'd0, 1'b1, 1'b0, count(XStored), 160'd0,
                                    list(XStored, x_ho_q)};

  aqs_gemm_core #(
    .NumPea(NumPea), .NumDwo(4), .NumSwo(4), .TileK(TileK), .TileN(4), .GroupDepth(2)
  ) i_dut (
    .clk_i, .rst_ni,
    .cmd_valid_i(!cmd_sent_q), .cmd_ready_o(cmd_ready), .cmd_i(cmd),
    .w_valid_i(w_valid), .w_ready_o(w_ready), .w_data_i(w_data),
    .w_tile_end_o(), .w_cmd_end_o(),
    .x_valid_i(x_beat_q != 2'd2), .x_ready_o(x_ready), .x_data_i(x_data), .x_cmd_end_o(),
    .b_valid_i(b_beat_q != 2'd2), .b_ready_o(b_ready), .b_data_i(bias_q[b_beat_q[0]]),
    .y_valid_o(y_valid), .y_ready_i(1'b1), .y_last_o(y_last), .y_data_o(y_data),
    .event_o(), .err_o(err)
  );

  logic [5:0] cycle_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cmd_sent_q <= 1'b0;
      {w_word_q, x_beat_q, b_beat_q, y_count_q, cycle_q} <= '0;
    end else begin
      if (cmd_ready) cmd_sent_q <= 1'b1;
      for (int p = 0; p < NumPea; p++)
        if (w_ready[p] && w_valid[p]) w_word_q[p] <= w_word_q[p] + 1'b1;
      if (x_ready && x_beat_q != 2'd2) x_beat_q <= x_beat_q + 1'b1;
      if (b_ready && b_beat_q != 2'd2) b_beat_q <= b_beat_q + 1'b1;
      y_count_q <= y_count_q + 2'(y_valid);
      if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    end
  end

  // The slices of the row and column looked at; those that are not stored count as zero.
  logic [3:0] w_h, w_l, x_h, x_l;
  assign w_h = WStored[K] ? w_ho_q[Pea][K][Row*4 +: 4] : '0;
  assign x_h = XStored[K] ? x_ho_q[K][Col*4 +: 4] : '0;
  assign w_l = w_lo_q[Pea][K][Row*4 +: 4];
  assign x_l = x_lo_q[K][Col*4 +: 4];

  // Equation (6) at that k: products, bias, compensation, in the order in which the core adds them.
  logic signed [7:0]  hh, hl, lh, ll;
  logic signed [31:0] dynamic, products, weight, compensation, expected;
  logic [31:0]        got;
  logic [1:0]         up;
  assign hh       = 8'($signed(w_h)) * 8'($signed({1'b0, x_h}));
  assign hl       = 8'($signed(w_h)) * 8'($signed({1'b0, x_l}));
  assign lh       = 8'($signed(w_l)) * 8'($signed({1'b0, x_h}));
  assign ll       = 8'($signed(w_l)) * 8'($signed({1'b0, x_l}));
  assign up       = Dbs - 2'd1;                      // l - 4
  assign dynamic  = (32'(hh) <<< 7) + (32'(hl) <<< 3) + (32'(lh) <<< 4);
  assign products = (dynamic <<< up) + (32'(ll) <<< up);
  assign weight   = XStored[K] ? (32'($signed(w_h)) <<< 3) + 32'($signed(w_l)) : '0;
  assign compensation = weight * 32'(r_q);
  assign expected = products + $signed(bias_q[Pea][Row]) - (compensation <<< (3 + Dbs));
  assign got      = y_data[(Row*4+Col)*PsumW +: PsumW];

  logic looked;
  assign looked = y_valid && y_count_q == 2'(Pea);

  always_comb if (rst_ni) begin
    a_result: assert (!looked || got == expected);
    a_comes:  assert (int'(cycle_q) <= Latency || y_count_q == 2'd2);
    a_last:   assert (!y_valid || y_last == (y_count_q == 2'd1));
    a_legal:  assert (err == '0);
    c_result: cover (looked && w_l == 4'd8 && x_l == 4'd5 && r_q == 4'd9);
    c_comes:  cover (int'(cycle_q) > Latency);
  end

endmodule

`default_nettype wire
