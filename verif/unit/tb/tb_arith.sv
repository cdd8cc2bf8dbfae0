// SPDX-License-Identifier: Apache-2.0
// Unit top of the arithmetic blocks: opc, dwo, swo, s_acc, compensator, psum_buffer.
`default_nettype none

module tb_arith
  import panacea_pkg::*;
();

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  logic [VecW-1:0] opc_w, opc_x;
  logic [BlockLen*ProdW-1:0] opc_p;
  opc i_opc (
    .w_i(opc_w),
    .x_i(opc_x),
    .p_o(opc_p)
  );

  // As the Sibia-style core uses it.
  logic [VecW-1:0] opc_signed_w, opc_signed_x;
  logic [BlockLen*ProdW-1:0] opc_signed_p;
  opc #(
    .SignedX(1'b1)
  ) i_opc_signed (
    .w_i(opc_signed_w),
    .x_i(opc_signed_x),
    .p_o(opc_signed_p)
  );

  logic dwo_w_high, dwo_x_high;
  logic [VecW-1:0] dwo_w, dwo_x;
  logic [BlockLen*(ProdW+7)-1:0] dwo_p;
  dwo i_dwo (
    .w_high_i(dwo_w_high),
    .x_high_i(dwo_x_high),
    .w_i(dwo_w),
    .x_i(dwo_x),
    .p_o(dwo_p)
  );

  logic [QuadW-1:0] swo_w, swo_x;
  logic [BlockLen*(ProdW+2)-1:0] swo_sum;
  swo i_swo (
    .w_i(swo_w),
    .x_i(swo_x),
    .sum_o(swo_sum)
  );

  // As the PEA uses it for the dynamic products.
  logic [BlockLen*17-1:0] acc_cur, acc_nxt;
  logic                   acc_flush;
  logic [2:0]             acc_shift;
  logic [BlockLen*29-1:0] acc_sum;
  s_acc #(
    .Len(BlockLen),
    .InW(17),
    .AccW(22)
  ) i_s_acc (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cur_i(acc_cur),
    .nxt_i(acc_nxt),
    .flush_i(acc_flush),
    .shift_i(acc_shift),
    .sum_o(acc_sum)
  );

  logic [3:0] comp_cur, comp_nxt, comp_w_high, comp_x_high;
  logic [4*VecW-1:0] comp_w;
  logic comp_flush, comp_up;
  logic [VecLen*17-1:0] comp_sum;
  compensator #(
    .NumOps(4),
    .TileK(64)
  ) i_compensator (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cur_i(comp_cur),
    .nxt_i(comp_nxt),
    .w_high_i(comp_w_high),
    .x_high_i(comp_x_high),
    .w_i(comp_w),
    .flush_i(comp_flush),
    .up_i(comp_up),
    .sum_o(comp_sum)
  );

  logic psum_upd_valid, psum_rd_valid, psum_rd_ready;
  logic [3:0] psum_upd_addr, psum_rd_addr;
  logic [4*24-1:0]     psum_upd_data;
  logic [4*PsumW-1:0]  psum_rd_data;
  psum_buffer #(
    .Depth(16),
    .Len(4),
    .InW(24),
    .OutW(PsumW)
  ) i_psum_buffer (
    .clk_i(clk),
    .rst_ni(rst_n),
    .upd_valid_i(psum_upd_valid),
    .upd_addr_i(psum_upd_addr),
    .upd_data_i(psum_upd_data),
    .rd_valid_i(psum_rd_valid),
    .rd_ready_o(psum_rd_ready),
    .rd_addr_i(psum_rd_addr),
    .rd_data_o(psum_rd_data)
  );

endmodule

`default_nettype wire
