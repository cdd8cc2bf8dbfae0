// SPDX-License-Identifier: Apache-2.0
// Walks the weight stream of one PEA: for every command and K-tile, and under DTP for each of
// the two sub-tiles, dense LO words and then the HO list: entries that the IDXD decodes or, if the
// command says so, dense words like the LO ones.
// Fills one WBUF bank while the other computes; a bank is free again when both schedulers have
// released it. One word a cycle; one idle cycle between K-tiles, two between commands.
// A listed HO vector that is zero, such as a placeholder, is dropped: for the PEA it is skipped.
`default_nettype none

module weight_loader
  import panacea_pkg::*;
#(
  parameter int TileK = 64,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = (TileK > 4) ? $clog2(TileK / 4) : 1
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        cmd_valid_i,
  output logic                        cmd_ready_o,
  input  logic [15:0]                 k_len_i,
  input  logic                        dtp_i,
  input  logic                        dense_i,
  input  logic                        valid_i,
  output logic                        ready_o,
  input  logic [WordW-1:0]            data_i,
  input  logic [1:0]                  bank_full_i,
  output logic                        bank_done_o,   // the word completes the bank's K-tile
  output logic                        bank_o,
  output logic                        tile_o,
  output logic                        lo_valid_o,    // an LO quad
  output logic [QuadA-1:0]            quad_o,        // of the word: an LO or a dense HO quad
  output logic                        ho_clear_o,    // a new HO list: forget the old one
  output logic [WordVecs-1:0]         ho_valid_o,    // HO vectors that are not zero
  output logic [WordEntries*PosW-1:0] ho_pos_o,      // the last vector always ends its quad
  output logic [WordVecs*VecW-1:0]    ho_vec_o,
  output logic                        error_o
);

  typedef enum logic [1:0] {
    StIdle,
    StWait,
    StLo,
    StHo
  } state_e;

  state_e state_d, state_q;
  logic [15:0] left_d, left_q;  // K not yet loaded
  logic [QuadA-1:0] quad_d, quad_q;
  logic bank_d, bank_q, tile_d, tile_q;
  logic [PosW:0] kt, quads;
  logic ho_word, quad_end, list_end, tile_end, cmd_end, last;

  assign kt       = (left_q > 16'(TileK)) ? (PosW+1)'(TileK) : left_q[PosW:0];
  assign quads    = (kt + (PosW+1)'(3)) >> 2;
  assign last     = data_i[WordW-2];
  assign ho_word  = (state_q == StHo) && valid_i;
  assign quad_end = (PosW + 1)'(quad_q) + 1'b1 == quads;
  assign list_end = ho_word && (dense_i ? quad_end : last);
  assign tile_end = list_end && (tile_q == dtp_i);
  assign cmd_end  = tile_end && (left_q == 16'(kt));

  assign ready_o     = (state_q == StLo) || (state_q == StHo);
  assign cmd_ready_o = cmd_end;
  assign bank_done_o = tile_end;
  assign bank_o      = bank_q;
  assign tile_o      = tile_q;
  assign lo_valid_o  = (state_q == StLo) && valid_i;
  assign quad_o      = quad_q;
  assign ho_clear_o  = lo_valid_o && (quad_q == '0);

  logic [WordEntries-1:0]        listed;
  logic [WordEntries*IndexW-1:0] index;
  logic [WordEntries*PosW-1:0]   listed_pos;
  logic [WordVecs-1:0]           there;
  for (genvar v = 0; v < WordVecs; v++) begin : gen_vec
    if (v < WordEntries) begin : gen_entry
      assign index[v*IndexW+:IndexW] = data_i[v*EntryW+VecW+:IndexW];
      assign there[v]                = dense_i ? ho_word : listed[v];
      assign ho_vec_o[v*VecW+:VecW]  = dense_i ? data_i[v*VecW+:VecW] : data_i[v*EntryW+:VecW];
      assign ho_pos_o[v*PosW+:PosW]  = dense_i ? PosW'({quad_q, 2'(v)}) : listed_pos[v*PosW+:PosW];
    end else begin : gen_dense
      assign there[v]                = dense_i && ho_word;
      assign ho_vec_o[v*VecW+:VecW]  = data_i[v*VecW+:VecW];
    end
    assign ho_valid_o[v] = there[v] && (ho_vec_o[v*VecW+:VecW] != '0);
  end

  idxd #(
    .NumEntries(WordEntries),
    .TileK(TileK)
  ) i_idxd (
    .clk_i,
    .rst_ni,
    .valid_i   (ho_word && !dense_i),
    .last_i    (last),
    .count_i   ({1'b0, data_i[WordW-3 -: 2]}),
    .index_i   (index),
    .k_len_i   (kt),
    .valid_o   (listed),
    .pos_o     (listed_pos),
    .error_o
  );

  always_comb begin
    state_d = state_q;
    left_d  = left_q;
    quad_d  = quad_q;
    bank_d  = bank_q;
    tile_d  = tile_q;
    unique case (state_q)
      StIdle: begin  // no command
        left_d = k_len_i;
        if (cmd_valid_i) state_d = StWait;
      end
      StWait: begin  // the bank may still be in use
        tile_d = 1'b0;
        quad_d = '0;
        if (!bank_full_i[bank_q]) state_d = StLo;
      end
      StLo:
      if (valid_i) begin  // dense LO quads
        quad_d = quad_q + 1'b1;
        if (quad_end) begin
          quad_d  = '0;
          state_d = StHo;
        end
      end
      StHo:
      if (valid_i) begin  // HO list; a quad counts if it is dense
        quad_d = quad_q + 1'b1;
        if (list_end) quad_d = '0;
        if (tile_end) begin
          bank_d  = !bank_q;
          left_d  = left_q - 16'(kt);
          if (cmd_end) state_d = StIdle;
          else state_d = StWait;
        end else if (list_end) begin
          tile_d  = 1'b1;
          state_d = StLo;
        end
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      left_q  <= '0;
      quad_q  <= '0;
      bank_q  <= 1'b0;
      tile_q  <= 1'b0;
    end else begin
      state_q <= state_d;
      left_q  <= left_d;
      quad_q  <= quad_d;
      bank_q  <= bank_d;
      tile_q  <= tile_d;
    end
  end

endmodule

`default_nettype wire
