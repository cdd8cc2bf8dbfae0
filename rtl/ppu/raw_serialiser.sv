// SPDX-License-Identifier: Apache-2.0
// Cuts a block of 16 results of 32 bits into two beats, elements 0 to 7 first. One block every
// second cycle, one cycle of latency.
`default_nettype none

module raw_serialiser
  import panacea_pkg::*;
#(
  localparam int BlockW = BlockLen * PsumW
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              valid_i,
  output logic              ready_o,
  input  logic              last_i,    // last block of its packet
  input  logic              tile_i,
  input  logic [BlockW-1:0] data_i,
  output logic              valid_o,
  input  logic              ready_i,
  output logic              last_o,
  output logic              tile_o,
  output logic [BeatW-1:0]  data_o
);

  logic [BlockW-1:0] block_q;
  logic half_q, last_q;

  assign ready_o = !valid_o || (half_q && ready_i);
  assign last_o  = last_q && half_q;
  assign data_o  = half_q ? block_q[BeatW +: BeatW] : block_q[BeatW-1:0];

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o) begin
      block_q <= data_i;
      tile_o  <= tile_i;
      last_q  <= last_i;
    end
    if (!rst_ni) begin
      valid_o <= 1'b0;
      half_q  <= 1'b0;
    end else begin
      valid_o <= (valid_i && ready_o) || (valid_o && !(half_q && ready_i));
      if (valid_o && ready_i) half_q <= !half_q;
    end
  end

endmodule

`default_nettype wire
