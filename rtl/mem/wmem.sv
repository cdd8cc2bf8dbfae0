// SPDX-License-Identifier: Apache-2.0
// WMEM, the weight memory: a bank of 256-bit words for every PEA, which holds blocks of its weight
// stream and plays them to the core a 64-bit word at a time. A K-tile begins with a new memory
// word; what the K-tile before left of its last one is padding and dropped.
//
// `end_error_o`: a block ends elsewhere than a command does, so its stream is corrupt.
`default_nettype none

module wmem
  import panacea_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int Depth  = 256,             // memory words of a bank
  localparam int MemW  = 4 * WordW,
  localparam int UsedW = $clog2(Depth) + 1
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic [NumPea-1:0]       valid_i,
  output logic [NumPea-1:0]       ready_o,
  input  logic                    last_i,       // of the block
  input  logic [MemW-1:0]         data_i,
  input  logic                    play_valid_i, // all banks play their front block
  output logic                    play_ready_o,
  input  logic                    play_keep_i,
  output logic [NumPea-1:0]       w_valid_o,    // to the core
  input  logic [NumPea-1:0]       w_ready_i,
  output logic [NumPea*WordW-1:0] w_data_o,
  input  logic [NumPea-1:0]       w_tile_end_i, // the word that is taken ends a K-tile
  input  logic [NumPea-1:0]       w_cmd_end_i,  // and the command
  output logic [NumPea*UsedW-1:0] used_o,
  output logic [NumPea-1:0]       held_o,
  output logic                    playing_o,
  output logic [NumPea-1:0]       wr_o,         // a word is written, done with
  output logic [NumPea-1:0]       rd_o,
  output logic                    end_error_o
);

  logic [NumPea-1:0] play_ready, playing, end_error, unused_error;

  assign play_ready_o = play_ready == '1;
  assign playing_o    = playing != '0;
  assign end_error_o  = end_error != '0;

  for (genvar p = 0; p < NumPea; p++) begin : gen_bank
    logic last, take, pop;
    logic [MemW-1:0] data;
    logic [1:0]      word_q;

    replay_fifo #(
      .Width(MemW),
      .Depth(Depth)
    ) i_bank (
      .clk_i,
      .rst_ni,
      .valid_i      (valid_i[p]),
      .ready_o      (ready_o[p]),
      .last_i,
      .data_i,
      .pass_valid_i (play_valid_i && play_ready_o),
      .pass_ready_o (play_ready[p]),
      .pass_keep_i  (play_keep_i),
      .valid_o      (w_valid_o[p]),
      .ready_i      (pop),
      .last_o       (last),
      .data_o       (data),
      .used_o       (used_o[p*UsedW +: UsedW]),
      .held_o       (held_o[p]),
      .playing_o    (playing[p]),
      .error_o      (unused_error[p])
    );

    assign take = w_valid_o[p] && w_ready_i[p];
    assign pop  = take && (word_q == 2'd3 || w_tile_end_i[p]);
    assign wr_o[p]      = valid_i[p] && ready_o[p];
    assign rd_o[p]      = pop;
    assign end_error[p] = pop && last && !w_cmd_end_i[p];
    assign w_data_o[p*WordW +: WordW] = data[word_q*WordW +: WordW];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) word_q <= '0;
      else if (pop) word_q <= '0;
      else if (take) word_q <= word_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
