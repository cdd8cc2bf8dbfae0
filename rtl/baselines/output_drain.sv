// SPDX-License-Identifier: Apache-2.0
// Sends finished outputs: row tile by row tile, column by column, a word of partial sums in Parts
// beats, each with its rows' bias added, modulo 2^32. A beat a cycle; the first two cycles after
// `done_i`. The outputs' place is free when the last beat has its sums.
`default_nettype none
`include "assert.svh"

module output_drain
  import dense_pkg::*;
#(
  parameter int Rows    = 24,
  parameter int StreamW = 256,
  localparam int OutputW = $bits(output_t),
  localparam int PAddrW  = $clog2(2 * PsumDepth),
  localparam int BAddrW  = $clog2(4 * BiasDepth),
  localparam int DataW   = Rows * AccW
) (
  input  logic               clk_i,
  input  logic               rst_ni,
  input  logic               out_valid_i,
  input  logic [OutputW-1:0] out_i,
  input  logic               done_i,     // the oldest output's last partial sums are written
  output logic               free_o,
  output logic               p_rd_o,
  output logic [PAddrW-1:0]  p_addr_o,
  input  logic [DataW-1:0]   p_data_i,
  output logic               b_rd_o,
  output logic [BAddrW-1:0]  b_addr_o,
  input  logic [StreamW-1:0] b_data_i,
  output logic               y_valid_o,
  input  logic               y_ready_i,
  output logic               y_last_o,
  output logic [StreamW-1:0] y_data_o
);

  localparam int Parts = DataW / StreamW;
  localparam int PartW = $clog2(Parts);

  output_t            cur;
  logic [OutputW-1:0] cur_bits;
  logic cur_valid, issue, col_end, row_end, out_end, sum_space, y_space, out_space;
  logic [1:0] done_q;
  logic [PartW-1:0] part_q, sum_part_q;
  logic [7:0] col_q, base_q;
  logic [2:0]         row_q;
  logic [4:0]         bias_q;
  logic sum_valid_q, sum_last_q;
  logic [StreamW-1:0] sum;

  stream_fifo #(
    .Width(OutputW),
    .Depth(2)
  ) i_outputs (
    .clk_i,
    .rst_ni,
    .valid_i (out_valid_i),
    .ready_o (out_space),
    .data_i  (out_i),
    .valid_o (cur_valid),
    .ready_i (out_end),
    .data_o  (cur_bits)
  );
  assign cur = cur_bits;

  assign y_space   = !y_valid_o || y_ready_i;
  assign sum_space = !sum_valid_q || y_space;
  assign issue     = cur_valid && done_q != '0 && sum_space;
  assign col_end   = issue && part_q == PartW'(Parts - 1);
  assign row_end   = col_end && col_q + 8'd1 == cur.cols;
  assign out_end   = row_end && {1'b0, row_q} + 4'd1 == cur.rows;

  assign p_rd_o   = issue && part_q == '0;
  assign p_addr_o = {cur.half, base_q + col_q};
  assign b_rd_o   = issue;
  assign b_addr_o = {cur.b_bank, bias_q + 5'(part_q)};
  assign free_o   = sum_valid_q && sum_last_q && y_space;

  for (genvar i = 0; i < StreamW / AccW; i++) begin : gen_element
    assign sum[i*AccW +: AccW] =
        p_data_i[int'(sum_part_q)*StreamW + i*AccW +: AccW] + b_data_i[i*AccW +: AccW];
  end

  always_ff @(posedge clk_i) begin
    if (issue) begin
      sum_part_q <= part_q;
      sum_last_q <= out_end;
    end
    if (y_space) begin
      y_data_o <= sum;
      y_last_o <= sum_last_q;
    end
    if (!rst_ni) begin
      done_q      <= '0;
      part_q      <= '0;
      col_q       <= '0;
      row_q       <= '0;
      base_q      <= '0;
      bias_q      <= '0;
      sum_valid_q <= 1'b0;
      y_valid_o   <= 1'b0;
    end else begin
      done_q <= done_q + 2'(done_i) - 2'(out_end);
      if (issue) part_q <= col_end ? '0 : part_q + 1'b1;
      if (col_end) col_q <= row_end ? '0 : col_q + 1'b1;
      if (row_end) begin
        row_q  <= out_end ? '0 : row_q + 1'b1;
        base_q <= out_end ? '0 : base_q + cur.stride + 8'd1;
        bias_q <= out_end ? '0 : bias_q + 5'(Parts);
      end
      if (sum_space) sum_valid_q <= issue;
      if (y_space) y_valid_o <= sum_valid_q;
    end
  end

  `PANACEA_ASSERT(!out_valid_i || out_space, "an output is lost")

endmodule

`default_nettype wire
