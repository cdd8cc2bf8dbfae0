// SPDX-License-Identifier: Apache-2.0
// RAM with one write port and one synchronous read port, one clock. The only place where memory
// macros go: everything that is too deep for registers is built on it.
//
// Read data appears one cycle after `rd_en_i` and stays until the next read. Contents and read
// data are unknown after power-up; there is no reset. Reading the word that is being written in
// the same cycle is not allowed (macros differ in what they return), and checked.
`default_nettype none
`include "assert.svh"

module ram_1r1w #(
  parameter int Width = 64,
  parameter int Depth = 1024,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic             clk_i,
  input  logic             wr_en_i,
  input  logic [AddrW-1:0] wr_addr_i,
  input  logic [Width-1:0] wr_data_i,
  input  logic             rd_en_i,
  input  logic [AddrW-1:0] rd_addr_i,
  output logic [Width-1:0] rd_data_o
);

  logic [Width-1:0] mem[Depth];

  always_ff @(posedge clk_i) begin
    if (wr_en_i) mem[wr_addr_i] <= wr_data_i;
    if (rd_en_i) rd_data_o <= mem[rd_addr_i];
  end

  `PANACEA_ALWAYS(!(wr_en_i && rd_en_i && wr_addr_i == rd_addr_i),
                  "a word is read while it is written")

endmodule

`default_nettype wire
