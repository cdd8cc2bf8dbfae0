// SPDX-License-Identifier: Apache-2.0
// Output-stationary systolic array: weights enter at the left, activations at the top, each lane a
// cycle after the one before. A step is one position of K; a word of weights holds four. In each
// row one cell after the other ends its sum, so that a row has one result a cycle; rows are put
// straight at the right. Column c of a tile leaves 1 + Rows + c cycles after its last operands.
`default_nettype none

module os_array
  import dense_pkg::*;
#(
  parameter int Rows = 24,
  parameter int Cols = 32
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       valid_i,
  input  logic                       first_i,
  input  logic                       last_i,
  input  logic [WordK*Rows*WeightW-1:0] w_i,   // by {k, row}
  input  logic [Cols*ActW-1:0]          x_i,
  output logic                       valid_o,
  output logic                       last_o,
  output logic [Rows*AccW-1:0]       data_o
);

  localparam int LaneW = WeightW + 3;

  logic [Rows*LaneW-1:0] w_in, w_lane;
  logic [Cols*ActW-1:0]  x_lane;
  logic [Rows*AccW-1:0]  result;
  logic [Cols-1:0]       ends;      // of the last row
  logic [1:0] phase, phase_q;

  // Which of the word's four positions this step is.
  assign phase = first_i ? '0 : phase_q;
  always_ff @(posedge clk_i) begin
    if (valid_i) phase_q <= phase + 1'b1;
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_lane
    assign w_in[r*LaneW+:LaneW] = {
      valid_i, first_i, last_i, w_i[(int'(phase)*Rows+r)*WeightW+:WeightW]
    };
  end

  skew #(
    .Lanes(Rows),
    .Width(LaneW)
  ) i_w_skew (
    .clk_i,
    .rst_ni,
    .data_i(w_in),
    .data_o(w_lane)
  );
  skew #(
    .Lanes(Cols),
    .Width(ActW)
  ) i_x_skew (
    .clk_i,
    .rst_ni,
    .data_i(x_i),
    .data_o(x_lane)
  );

  logic [ActW-1:0] x_at[Rows+1][Cols];
  for (genvar c = 0; c < Cols; c++) begin : gen_top
    assign x_at[0][c] = x_lane[c*ActW+:ActW];
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [LaneW-1:0]     w_at [Cols+1];
    logic [Cols*AccW-1:0] sums;       // at most one is not zero
    logic [AccW-1:0]      any;
    assign w_at[0] = w_lane[r*LaneW+:LaneW];
    for (genvar c = 0; c < Cols; c++) begin : gen_col
      os_pe i_pe (
        .clk_i,
        .rst_ni,
        .valid_i (w_at[c][LaneW-1]),
        .first_i (w_at[c][LaneW-2]),
        .last_i  (w_at[c][LaneW-3]),
        .w_i     (w_at[c][WeightW-1:0]),
        .x_i     (x_at[r][c]),
        .valid_o (w_at[c+1][LaneW-1]),
        .first_o (w_at[c+1][LaneW-2]),
        .last_o  (w_at[c+1][LaneW-3]),
        .w_o     (w_at[c+1][WeightW-1:0]),
        .x_o     (x_at[r+1][c]),
        .sum_o   (sums[c*AccW +: AccW])
      );
      if (r == Rows - 1) begin : gen_end
        assign ends[c] = w_at[c+1][LaneW-3];
      end
    end
    always_comb begin
      any = '0;
      for (int c = 0; c < Cols; c++) any = any | sums[c*AccW+:AccW];
    end
    assign result[r*AccW+:AccW] = any;
  end

  skew #(
    .Lanes(Rows),
    .Width(AccW),
    .Reverse(1'b1)
  ) i_result_skew (
    .clk_i,
    .rst_ni,
    .data_i(result),
    .data_o(data_o)
  );

  assign valid_o = ends != '0;
  assign last_o  = ends[Cols-1];

endmodule

`default_nettype wire
