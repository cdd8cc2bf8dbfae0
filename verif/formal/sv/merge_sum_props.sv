// SPDX-License-Identifier: Apache-2.0
// What leaves result merge is y = products + bias - (r comp) 2^l modulo 2^32 of the block put
// together a cycle before, with l = 3 + dbs, or 8 for the upper part of activations.
`default_nettype none
`include "formal.svh"

module merge_sum_props
  import panacea_pkg::*;
#(
  parameter int Element = 6,           // row 1, column 2
  localparam int NumPea = 2,
  localparam int CmdW   = $bits(cmd_t),
  localparam int BlockW = BlockLen * PsumW,
  localparam int Row    = Element / VecLen
) (
  input logic                               clk_i,
  input logic                               rst_ni,
  input logic                               cmd_valid_i,
  input logic [CmdW-1:0]                    cmd_i,
  input logic                               b_valid_i,
  input logic [VecLen*PsumW-1:0]            b_data_i,
  input logic [NumPea-1:0]                  valid_i,
  input logic [NumPea-1:0][BlockW-1:0]      psum_i,
  input logic [NumPea-1:0][VecLen*CompW-1:0] comp_i,
  input logic                               y_ready_i
);

  logic cmd_ready, b_ready, y_valid, y_last;
  logic [NumPea-1:0] ready;
  logic [ApsqW-1:0]  y_apsq;
  logic [BlockW-1:0] y_data;

  result_merge #(
    .NumPea(NumPea)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o(cmd_ready),
    .cmd_i,
    .b_valid_i,
    .b_ready_o(b_ready),
    .b_data_i,
    .valid_i,
    .ready_o(ready),
    .psum_i(psum_i),
    .comp_i(comp_i),
    .y_valid_o(y_valid),
    .y_ready_i,
    .y_last_o(y_last),
    .y_apsq_o(y_apsq),
    .y_data_o(y_data)
  );

  `FORMAL_RESET

  // The block that was put together the cycle before, when the result was free.
  logic [PsumW-1:0] psum_q, bias_q;
  logic [CompW-1:0] comp_q;
  logic [3:0] r_q, l_q;
  logic new_q, legal_q;
  always_ff @(posedge clk_i) begin
    new_q   <= rst_ni && i_dut.sel_valid_q && (!y_valid || y_ready_i);
    psum_q  <= i_dut.sel_psum_q[Element*PsumW +: PsumW];
    bias_q  <= i_dut.sel_bias_q[Row*PsumW +: PsumW];
    comp_q  <= i_dut.sel_comp_q[Row*CompW +: CompW];
    r_q     <= i_dut.sel_r_q;
    l_q     <= i_dut.sel_act_up_q ? 4'd8 : 4'd3 + 4'(i_dut.sel_dbs_q);
    legal_q <= i_dut.sel_dbs_q != '0;
  end

  // For each l.
  logic [PsumW-1:0] y, r_comp;
  logic [8:4] exact;
  assign y      = y_data[Element*PsumW +: PsumW];
  assign r_comp = PsumW'($signed(comp_q)) * PsumW'(r_q);
  for (genvar l = 4; l <= 8; l++) begin : gen_l
    assign exact[l] = l_q != 4'(l) || y == psum_q + bias_q - (r_comp << l);
  end

  always_comb
    if (rst_ni && new_q) begin
      a_valid : assert (y_valid);
      a_sum : assert (!legal_q || &exact);
      c_upper : cover (legal_q && l_q == 4'd8 && r_q == 4'd5 && comp_q[CompW-1]);
      c_type : cover (legal_q && l_q == 4'd6 && r_q == '1 && y == '1);
    end

  // Until it is taken it stays.
  payload_check #(
    .Width(PsumW)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(y_valid),
    .ready_i(y_ready_i),
    .data_i(y)
  );

endmodule

`default_nettype wire
