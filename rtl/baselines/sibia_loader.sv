// SPDX-License-Identifier: Apache-2.0
// Walks the stream of the dense operand, one beat of a word for every PEA: for each quad of
// four k in a K-tile an LO word and, unless the operand has a single slice, an HO word. Fills one
// bank of all PEAs' operand buffers while the other is in use. A beat a cycle, without gaps.
`default_nettype none

module sibia_loader
  import panacea_pkg::*;
#(
  parameter int TileK = 64,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = PosW - 2
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             cmd_valid_i,
  output logic             cmd_ready_o,
  input  logic [15:0]      k_len_i,
  input  logic             single_i,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [1:0]       bank_full_i,
  output logic             take_o,       // a beat is taken; it goes to:
  output logic             bank_o,
  output logic             high_o,
  output logic [QuadA-1:0] quad_o,
  output logic             tile_end_o    // it completes the bank's K-tile
);

  logic [13:0]      last_at;         // K-tile and quad of the last k
  logic [15-PosW:0] tile_q;          // K-tile
  logic [QuadA-1:0] quad_q;
  logic high_q, bank_q, word_end, last_tile, last_quad;

  assign last_at     = 14'((k_len_i - 16'd1) >> 2);
  assign last_tile   = tile_q == last_at[13:QuadA];
  assign last_quad   = quad_q == (last_tile ? last_at[QuadA-1:0] : '1);
  assign word_end    = take_o && (high_q || single_i);
  assign ready_o     = cmd_valid_i && !bank_full_i[bank_q];
  assign take_o      = valid_i && ready_o;
  assign bank_o      = bank_q;
  assign high_o      = high_q;
  assign quad_o      = quad_q;
  assign tile_end_o  = word_end && last_quad;
  assign cmd_ready_o = tile_end_o && last_tile;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      tile_q <= '0;
      quad_q <= '0;
      high_q <= 1'b0;
      bank_q <= 1'b0;
    end else if (take_o) begin
      high_q <= !word_end;
      if (word_end) quad_q <= last_quad ? '0 : quad_q + 1'b1;
      if (tile_end_o) begin
        bank_q <= !bank_q;
        tile_q <= last_tile ? '0 : tile_q + 1'b1;
      end
    end
  end

endmodule

`default_nettype wire
