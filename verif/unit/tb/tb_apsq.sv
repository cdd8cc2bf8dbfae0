// SPDX-License-Identifier: Apache-2.0
// Unit top of APSQ: apsq_path with its steps, and an apsq_engine alone, for two sums.
`default_nettype none

module tb_apsq
  import panacea_pkg::*;
();

  localparam int BlockW = BlockLen * PsumW;
  localparam int Words = 20;
  localparam int Sums = 2;

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // {apsq, last, block} in, {last, block} out.
  logic q_valid, q_ready, y_valid, y_ready, y_last;
  logic [ApsqW+BlockW:0] q_data;
  logic [BlockW-1:0]     y_block;
  logic [BlockW:0]       y_data;

  apsq_path #(
    .Words(Words)
  ) i_path (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(q_valid),
    .ready_o(q_ready),
    .last_i(q_data[BlockW]),
    .apsq_i(q_data[BlockW+1 +: ApsqW]),
    .data_i(q_data[BlockW-1:0]),
    .y_valid_o(y_valid),
    .y_ready_i(y_ready),
    .y_last_o(y_last),
    .y_data_o(y_block)
  );
  assign y_data = {y_last, y_block};

  // For benches that count cycles.
  logic              q_out_valid;
  logic [BlockW:0]   q_out;
  assign q_out_valid = y_valid;
  assign q_out       = y_data;

  logic [Sums*PsumW-1:0] e_psum, e_value;
  logic [MaxGs*Sums*QsumW-1:0] e_codes;
  logic [MaxGs*ExpW-1:0]       e_exponents;
  logic [MaxGs-1:0]            e_used;
  logic [ExpW-1:0]             e_exponent;
  logic [Sums*QsumW-1:0]       e_code;
  apsq_engine #(
    .W(Sums)
  ) i_engine (
    .psum_i(e_psum),
    .codes_i(e_codes),
    .exponents_i(e_exponents),
    .used_i(e_used),
    .exponent_i(e_exponent),
    .code_o(e_code),
    .value_o(e_value)
  );

endmodule

`default_nettype wire
