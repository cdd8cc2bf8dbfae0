// SPDX-License-Identifier: Apache-2.0
// Weight-stationary systolic array: Depth positions of K down, Rows output rows across. A step is
// one column of activations; it enters at the left, position k a cycle after position k - 1, and
// its partial sums leave at the bottom, Depth + Rows - 1 cycles after it came.
//
// New weights run in front of a tile like a wave: the four positions of a word are used from
// the word's own step on, each cell taking its weight in the cycle in which the tile's first
// activation reaches it. Hence a tile takes Depth steps at least, and no weight is held twice.
`default_nettype none

module ws_array
  import dense_pkg::*;
#(
  parameter int Depth = 32,
  parameter int Rows  = 24
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       valid_i,
  input  logic                       first_i,
  input  logic                       last_i,
  input  logic [WordK*Rows*WeightW-1:0] w_i,   // by {k, row}
  input  logic [Depth*ActW-1:0]         x_i,
  output logic                       valid_o,
  output logic                       last_o,
  output logic [Rows*AccW-1:0]       data_o
);

  localparam int SumW = ProdW + $clog2(Depth);
  localparam int LaneW = ActW + 1;
  localparam int Delay = Depth + Rows - 1;

  logic [Depth*LaneW-1:0] x_in, x_lane;
  logic [WordK*Rows*WeightW-1:0] w_lane, w_in, w_bus;  // by {k, row}, {row, k}, {row, k}
  logic [Rows*SumW-1:0] bottom, result;
  logic [Delay-1:0] valid_q, last_q;

  for (genvar k = 0; k < Depth; k++) begin : gen_lane
    assign x_in[k*LaneW+:LaneW] = {first_i, x_i[k*ActW+:ActW]};
  end
  skew #(
    .Lanes(Depth),
    .Width(LaneW)
  ) i_x_skew (
    .clk_i,
    .rst_ni,
    .data_i(x_in),
    .data_o(x_lane)
  );

  // The weight of position k of a word and row r is needed k + r cycles after the word came.
  skew #(
    .Lanes(WordK),
    .Width(Rows*WeightW)
  ) i_k_skew (
    .clk_i,
    .rst_ni,
    .data_i(w_i),
    .data_o(w_lane)
  );
  skew #(
    .Lanes(Rows),
    .Width(WordK*WeightW)
  ) i_row_skew (
    .clk_i,
    .rst_ni,
    .data_i(w_in),
    .data_o(w_bus)
  );
  for (genvar r = 0; r < Rows; r++) begin : gen_turn
    for (genvar k = 0; k < WordK; k++) begin : gen_k
      assign w_in[(r*WordK+k)*WeightW+:WeightW] = w_lane[(k*Rows+r)*WeightW+:WeightW];
    end
  end

  logic [LaneW-1:0] x_at[Depth][Rows+1];
  for (genvar k = 0; k < Depth; k++) begin : gen_left
    assign x_at[k][0] = x_lane[k*LaneW+:LaneW];
  end

  for (genvar r = 0; r < Rows; r++) begin : gen_row
    logic [SumW-1:0] sum_at[Depth];
    for (genvar k = 0; k < Depth; k++) begin : gen_k
      localparam int Above = (k == 0) ? 0 : k - 1;  // the first cell has none and adds to zero
      ws_pe #(
        .SumW(SumW)
      ) i_pe (
        .clk_i,
        .first_i (x_at[k][r][LaneW-1]),
        .bus_i   (w_bus[(r*WordK+k%WordK)*WeightW +: WeightW]),
        .x_i     (x_at[k][r][ActW-1:0]),
        .sum_i   (sum_at[Above] & {SumW{k != 0}}),
        .first_o (x_at[k][r+1][LaneW-1]),
        .x_o     (x_at[k][r+1][ActW-1:0]),
        .sum_o   (sum_at[k])
      );
    end
    assign bottom[r*SumW +: SumW]  = sum_at[Depth-1];
    assign data_o[r*AccW +: AccW] = AccW'($signed(result[r*SumW +: SumW]));
  end

  skew #(
    .Lanes(Rows),
    .Width(SumW),
    .Reverse(1'b1)
  ) i_result_skew (
    .clk_i,
    .rst_ni,
    .data_i(bottom),
    .data_o(result)
  );

  assign valid_o = valid_q[Delay-1];
  assign last_o  = last_q[Delay-1];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= '0;
      last_q  <= '0;
    end else begin
      valid_q <= Delay'({valid_q, valid_i});
      last_q  <= Delay'({last_q, last_i});
    end
  end

endmodule

`default_nettype wire
