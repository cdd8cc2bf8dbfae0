// SPDX-License-Identifier: Apache-2.0
// SIMD: Rows x Cols lanes, each with its own output of the tile; lanes of a row share weights,
// those of a column activations. A step is four positions of K. A tile's results leave a column
// a cycle while the next tile runs; the first four cycles after its last operands.
`default_nettype none

module simd_array
  import dense_pkg::*;
#(
  parameter int Rows = 24,
  parameter int Cols = 8
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       valid_i,
  input  logic                       first_i,
  input  logic                       last_i,
  input  logic [WordK*Rows*WeightW-1:0] w_i,   // by {k, row}
  input  logic [WordK*Cols*ActW-1:0]    x_i,   // by {k, column}
  output logic                       valid_o,
  output logic                       last_o,
  output logic [Rows*AccW-1:0]       data_o
);

  localparam int CountW = $clog2(Cols + 1);

  logic valid_q, first_q;
  logic [1:0] last_q;
  logic [Cols*Rows*AccW-1:0] sum, out_q;
  logic [CountW-1:0] left_q;

  for (genvar c = 0; c < Cols; c++) begin : gen_col
    for (genvar r = 0; r < Rows; r++) begin : gen_row
      logic [WordK*WeightW-1:0] w;
      logic [WordK*ActW-1:0]    x;
      for (genvar k = 0; k < WordK; k++) begin : gen_k
        assign w[k*WeightW +: WeightW] = w_i[(k*Rows+r)*WeightW +: WeightW];
        assign x[k*ActW +: ActW]       = x_i[(k*Cols+c)*ActW +: ActW];
      end
      simd_lane i_lane (
        .clk_i,
        .valid_i (valid_q),
        .first_i (first_q),
        .w_i     (w),
        .x_i     (x),
        .sum_o   (sum[(c*Rows+r)*AccW +: AccW])
      );
    end
  end

  assign valid_o = left_q != '0;
  assign last_o  = left_q == CountW'(1);
  assign data_o  = out_q[Rows*AccW-1:0];

  always_ff @(posedge clk_i) begin
    first_q <= first_i;
    if (last_q[1]) out_q <= sum;
    else if (valid_o) out_q <= out_q >> (Rows * AccW);
    if (!rst_ni) begin
      valid_q <= 1'b0;
      last_q  <= '0;
      left_q  <= '0;
    end else begin
      valid_q <= valid_i;
      last_q  <= {last_q[0], last_i};
      if (last_q[1]) left_q <= CountW'(Cols);
      else if (valid_o) left_q <= left_q - 1'b1;
    end
  end

endmodule

`default_nettype wire
