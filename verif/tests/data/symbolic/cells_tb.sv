// SPDX-License-Identifier: Apache-2.0
// Plays rows of numbers on `cells` and prints what comes out in each cycle.
`default_nettype none

module cells_tb;

  logic clk;
  logic [31:0] rows [64];
  logic [319:0] y;
  logic [31:0] row;

  cells i_cells (
    .clk_i(clk),
    .a_i  (row[7:0]),
    .b_i  (row[15:8]),
    .c_i  (row[19:16]),
    .s_i  (row[22:20]),
    .on_i (row[23]),
    .y_o  (y)
  );

  initial begin
    $readmemh("rows.hex", rows);
    clk = 0;
    for (int i = 0; i < 64; i++) begin
      row = rows[i];
      #1 $display("%b", y);
      clk = 1;
      #1 clk = 0;
    end
  end

endmodule

`default_nettype wire
