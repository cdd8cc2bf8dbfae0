// SPDX-License-Identifier: Apache-2.0
// Multiplier and shift of every output row, two banks: one is read, four rows at once, while the
// other is written row by row. Reads are combinational.
`default_nettype none

module scale_table
  import ppu_pkg::*;
#(
  parameter int Blocks = 32,                // four rows each
  localparam int AddrW = (Blocks > 1) ? $clog2(Blocks) : 1
) (
  input  logic                clk_i,
  input  logic                wr_valid_i,
  input  logic                wr_bank_i,
  input  logic [AddrW+1:0]    wr_row_i,
  input  logic [ScaleW-1:0]   wr_data_i,
  input  logic                rd_bank_i,
  input  logic [AddrW-1:0]    rd_block_i,
  output logic [4*ScaleW-1:0] scale_o       // row i of the block at ScaleW i
);

  for (genvar i = 0; i < 4; i++) begin : gen_row
    logic [ScaleW-1:0] mem[2*Blocks];

    assign scale_o[i*ScaleW+:ScaleW] = mem[int'(rd_bank_i)*Blocks+int'(rd_block_i)];

    always_ff @(posedge clk_i)
      if (wr_valid_i && wr_row_i[1:0] == 2'(i) && int'(wr_row_i[AddrW+1:2]) < Blocks)
        mem[int'(wr_bank_i)*Blocks+int'(wr_row_i[AddrW+1:2])] <= wr_data_i;
  end

endmodule

`default_nettype wire
