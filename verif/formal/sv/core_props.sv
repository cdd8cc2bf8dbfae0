// SPDX-License-Identifier: Apache-2.0
// End to end on a small core: whatever the compressed streams hold, the result of one command is
// bias + w x~, equation (6) included, and it comes. One element of the second PEA is looked at; all
// are alike. Of its row the weights are nonzero at one k, which may be any: that sums over several
// k are exact is proven of the operator array, S-ACC and partial-sum buffer. All other rows, all
// activations and both lists are free.
`default_nettype none
`include "formal.svh"

module core_props import panacea_pkg::*; #(
  parameter int Latency = 30,    // cycles from the command to the last result, at most
  parameter int Pea     = 1,     // of the element that is looked at
  parameter int Row     = 2,
  parameter int Col     = 1
) (
  input logic clk_i,
  input logic rst_ni
);

  localparam int NumPea = 2;
  localparam int TileK  = 4;

  `FORMAL_ONE_RESET

  // What is sent, any, the same through the run. Lists: up to four entries, in words of three.
  logic [NumPea-1:0][QuadW-1:0]          w_lo_q;
  logic [NumPea-1:0][3:0][EntryW-1:0]    w_entry_q;
  logic [NumPea-1:0][1:0]                w_first_q;    // entries in the first word
  logic [NumPea-1:0]                     w_second_q;   // and in the second
  logic [QuadW-1:0]                      x_lo_q;
  logic [3:0][EntryW-1:0]                x_entry_q;
  logic [2:0]                            x_count_q;
  logic [NumPea-1:0][VecLen-1:0][PsumW-1:0] bias_q;
  logic [3:0]                            r_q;
  logic [1:0]                            dbs_q;
  logic [1:0]                            k_q;
  always_ff @(posedge clk_i) begin
    {w_lo_q, w_entry_q, w_first_q, w_second_q} <= {w_lo_q, w_entry_q, w_first_q, w_second_q};
    {x_lo_q, x_entry_q, x_count_q, bias_q}     <= {x_lo_q, x_entry_q, x_count_q, bias_q};
    {r_q, dbs_q, k_q}                          <= {r_q, dbs_q, k_q};
  end
  always_comb assume (dbs_q != '0 && x_count_q <= 3'd4);

  // Streams that never pause.
  logic                         cmd_ready, x_ready, b_ready, y_valid, y_last, cmd_sent_q;
  logic [NumPea-1:0]            w_ready;
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
    cmd.dbs    = dbs_q;
    cmd.r      = r_q;
  end
  for (genvar p = 0; p < NumPea; p++) begin : gen_words
    assign w_data[p] = w_word_q[p] == 2'd0 ? w_lo_q[p]
                     : w_word_q[p] == 2'd1 ? {1'b0, 1'b0, w_first_q[p], w_entry_q[p][2:0]}
                     : {1'b0, 1'b1, 1'b0, w_second_q[p], 40'd0, w_entry_q[p][3]};
  end
  assign x_data = x_beat_q == '0 ? BeatW'(x_lo_q)
                                 : {11'd0, 1'b1, 1'b0, x_count_q, 160'd0, x_entry_q};

  aqs_gemm_core #(
    .NumPea(NumPea), .NumDwo(4), .NumSwo(4), .TileK(TileK), .TileN(4), .GroupDepth(2)
  ) i_dut (
    .clk_i, .rst_ni,
    .cmd_valid_i(!cmd_sent_q), .cmd_ready_o(cmd_ready), .cmd_i(cmd),
    .w_valid_i({w_word_q[1] != 2'd3, w_word_q[0] != 2'd3}), .w_ready_o(w_ready), .w_data_i(w_data),
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
        if (w_ready[p] && w_word_q[p] != 2'd3) w_word_q[p] <= w_word_q[p] + 1'b1;
      if (x_ready && x_beat_q != 2'd2) x_beat_q <= x_beat_q + 1'b1;
      if (b_ready && b_beat_q != 2'd2) b_beat_q <= b_beat_q + 1'b1;
      y_count_q <= y_count_q + 2'(y_valid);
      if (cycle_q != '1) cycle_q <= cycle_q + 1'b1;
    end
  end

  // What the lists say: by k, the HO slices of the row and column looked at, and what is stored.
  logic [3:0][3:0]        w_h, w_l, x_h, x_l;
  logic [3:0]             stored;
  logic [3:0][EntryW-1:0] w_list;
  logic [2:0]             w_count;
  logic [7:0]             w_at [0:3];
  logic [7:0]             x_at [0:3];
  assign w_list  = w_entry_q[Pea];
  assign w_count = 3'(w_first_q[Pea]) + 3'(w_second_q[Pea]);

  for (genvar p = 0; p < NumPea; p++) begin : gen_legal
    logic [7:0] at [0:3];
    for (genvar e = 0; e < 4; e++) begin : gen_entry
      if (e == 0) begin : gen_first
        assign at[e] = 8'(w_entry_q[p][e][VecW +: IndexW]);
      end else begin : gen_more
        assign at[e] = at[e-1] + 8'd1 + 8'(w_entry_q[p][e][VecW +: IndexW]);
      end
      always_comb if (3'(e) < 3'(w_first_q[p]) + 3'(w_second_q[p])) assume (at[e] < 8'd4);
    end
    // The second word's entry follows a full first one.
    always_comb if (w_second_q[p]) assume (w_first_q[p] == 2'd3);
  end
  for (genvar e = 0; e < 4; e++) begin : gen_place
    assign w_at[e] = gen_legal[Pea].at[e];
    if (e == 0) begin : gen_first
      assign x_at[e] = 8'(x_entry_q[e][VecW +: IndexW]);
    end else begin : gen_more
      assign x_at[e] = x_at[e-1] + 8'd1 + 8'(x_entry_q[e][VecW +: IndexW]);
    end
    always_comb if (3'(e) < x_count_q) assume (x_at[e] < 8'd4);
  end
  always_comb begin
    w_h    = '0;
    x_h    = '0;
    stored = '0;
    for (int e = 0; e < 4; e++) begin
      if (3'(e) < w_count) w_h[w_at[e][1:0]] = w_list[e][Row*4 +: 4];
      if (3'(e) < x_count_q) begin
        x_h[x_at[e][1:0]]    = x_entry_q[e][Col*4 +: 4];
        stored[x_at[e][1:0]] = 1'b1;
      end
    end
    for (int k = 0; k < 4; k++) begin
      w_l[k] = w_lo_q[Pea][k*VecW+Row*4 +: 4];
      x_l[k] = x_lo_q[k*VecW+Col*4 +: 4];
      if (2'(k) != k_q) assume (w_h[k] == '0 && w_l[k] == '0);
    end
  end

  // Equation (6) at that k: products, bias, compensation, in the order in which the core adds them.
  logic signed [7:0]  hh, hl, lh, ll;
  logic signed [31:0] dynamic, products, weight, compensation, expected;
  logic [31:0]        got;
  logic [1:0]         up;
  assign hh       = 8'($signed(w_h[k_q])) * 8'($signed({1'b0, x_h[k_q]}));
  assign hl       = 8'($signed(w_h[k_q])) * 8'($signed({1'b0, x_l[k_q]}));
  assign lh       = 8'($signed(w_l[k_q])) * 8'($signed({1'b0, x_h[k_q]}));
  assign ll       = 8'($signed(w_l[k_q])) * 8'($signed({1'b0, x_l[k_q]}));
  assign up       = dbs_q - 2'd1;                      // l - 4
  assign dynamic  = (32'(hh) <<< 7) + (32'(hl) <<< 3) + (32'(lh) <<< 4);
  assign products = (dynamic <<< up) + (32'(ll) <<< up);
  assign weight   = stored[k_q] ? (32'($signed(w_h[k_q])) <<< 3) + 32'($signed(w_l[k_q])) : '0;
  assign compensation = weight * 32'(r_q);
  assign expected = products + $signed(bias_q[Pea][Row]) - (compensation <<< (3 + dbs_q));
  assign got      = y_data[(Row*4+Col)*PsumW +: PsumW];

  logic looked;
  assign looked = y_valid && y_count_q == 2'(Pea);

  always_comb if (rst_ni) begin
    a_result: assert (!looked || got == expected);
    a_comes:  assert (int'(cycle_q) <= Latency || y_count_q == 2'd2);
    a_last:   assert (!y_valid || y_last == (y_count_q == 2'd1));
    a_legal:  assert (err == '0);
    c_result: cover (looked && w_count == 3'd4 && x_count_q == 3'd3 && weight == -72);
    c_other:  cover (looked && !stored[k_q] && w_h[k_q] == 4'd13 && dbs_q == 2'd2);
    c_comes:  cover (int'(cycle_q) > Latency);
  end

endmodule

`default_nettype wire
