// SPDX-License-Identifier: Apache-2.0
// IDXD, the index decoder: turns the run-length indices of one word of a compressed list into
// positions along K. Combinational for the word; the position reached is kept between words and
// starts again after the word marked last. An entry at or past k_len_i is dropped and reported,
// so a corrupt list can neither write outside its tile nor stop the stream.
`default_nettype none

module idxd
  import panacea_pkg::*;
#(
  parameter int NumEntries = WordEntries,
  parameter int TileK      = 64,
  localparam int CountW    = $clog2(NumEntries + 1) + 1,
  localparam int PosW      = $clog2(TileK)
) (
  input  logic                         clk_i,
  input  logic                         rst_ni,
  input  logic                         valid_i,    // a word of the list is taken
  input  logic                         last_i,     // it ends the list
  input  logic [CountW-1:0]            count_i,    // entries in it
  input  logic [NumEntries*IndexW-1:0] index_i,    // vectors skipped before each
  input  logic [PosW:0]                k_len_i,    // length of the K-tile
  output logic [NumEntries-1:0]        valid_o,
  output logic [NumEntries*PosW-1:0]   pos_o,
  output logic                         error_o
);

  // Wide enough for TileK plus the longest step of one word.
  localparam int SumW = $clog2(TileK + 1 + NumEntries * (1 << IndexW));

  logic [SumW-1:0]       next_q;                  // first position not yet described
  logic [SumW-1:0]       at    [NumEntries];  // position of each entry
  logic [SumW-1:0]       after [NumEntries+1];
  logic [NumEntries-1:0] used, over;

  assign after[0] = next_q;
  for (genvar e = 0; e < NumEntries; e++) begin : gen_entry
    assign used[e]    = valid_i && (CountW'(e) < count_i);
    assign at[e]      = after[e] + SumW'(index_i[e*IndexW +: IndexW]);
    assign after[e+1] = used[e] ? at[e] + SumW'(1) : after[e];
    assign over[e]    = used[e] && (at[e] >= SumW'(k_len_i));
    assign valid_o[e] = used[e] && !over[e];
    assign pos_o[e*PosW +: PosW] = at[e][PosW-1:0];
  end

  assign error_o = (|over) || (valid_i && count_i > CountW'(NumEntries));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) next_q <= '0;
    else if (valid_i) begin
      if (last_i) next_q <= '0;
      else if (|over) next_q <= SumW'(k_len_i);
      else next_q <= after[NumEntries];
    end
  end

endmodule

`default_nettype wire
