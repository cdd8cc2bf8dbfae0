// SPDX-License-Identifier: Apache-2.0
// Partial sums of Rows rows, by address: the accumulate path and its memory. A word is written as
// it is (`acc_first_i`) or added to what is there, modulo 2^32; the second step follows a cycle
// later. An address must not be used again in the next cycle, which no dataflow does.
//
// Two halves, a memory each: the highest address bit. While one accumulates, finished outputs
// are read from the other. Read data comes a cycle later and stays until that half is read again.
//
// The place for other ways to hold partial sums, such as APSQ: nothing outside sees a word between
// its accumulates.
`default_nettype none
`include "assert.svh"

module psum_path import dense_pkg::*; #(
  parameter int Rows = 24,
  localparam int AddrW = $clog2(2 * PsumDepth),
  localparam int DataW = Rows * AccW
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             acc_valid_i,
  input  logic             acc_first_i,
  input  logic [AddrW-1:0] acc_addr_i,
  input  logic [DataW-1:0] acc_data_i,
  input  logic             rd_valid_i,
  input  logic [AddrW-1:0] rd_addr_i,
  output logic [DataW-1:0] rd_data_o
);

  logic             wr_valid_q, wr_first_q, rd_half_q;
  logic [AddrW-1:0] wr_addr_q;
  logic [DataW-1:0] wr_data_q, wr_data, old;
  logic [DataW-1:0] ram_data [0:1];

  assign old = ram_data[wr_addr_q[AddrW-1]];
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    assign wr_data[r*AccW +: AccW] =
        wr_data_q[r*AccW +: AccW] + (wr_first_q ? '0 : old[r*AccW +: AccW]);
  end

  for (genvar h = 0; h < 2; h++) begin : gen_half
    logic acc, read;
    assign acc  = acc_valid_i && acc_addr_i[AddrW-1] == 1'(h);
    assign read = rd_valid_i && rd_addr_i[AddrW-1] == 1'(h);
    ram_1r1w #(.Width(DataW), .Depth(PsumDepth)) i_ram (
      .clk_i,
      .wr_en_i   (wr_valid_q && wr_addr_q[AddrW-1] == 1'(h)),
      .wr_addr_i (wr_addr_q[AddrW-2:0]),
      .wr_data_i (wr_data),
      .rd_en_i   ((acc && !acc_first_i) || read),
      .rd_addr_i (read ? rd_addr_i[AddrW-2:0] : acc_addr_i[AddrW-2:0]),
      .rd_data_o (ram_data[h])
    );
    `PANACEA_ASSERT(!(acc && read), "a half is read while it accumulates")
  end

  assign rd_data_o = ram_data[rd_half_q];

  always_ff @(posedge clk_i) begin
    wr_first_q <= acc_first_i;
    wr_addr_q  <= acc_addr_i;
    wr_data_q  <= acc_data_i;
    if (rd_valid_i) rd_half_q <= rd_addr_i[AddrW-1];
    if (!rst_ni) wr_valid_q <= 1'b0;
    else         wr_valid_q <= acc_valid_i;
  end

endmodule

`default_nettype wire
