// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite slave: turns bus accesses into single-cycle register accesses, which the register
// file answers at once, with an error flag for SLVERR. One write and one read at a time; address
// and data of a write may come in either order. A write takes two cycles, a read one, and then
// the answer waits as long as the master likes.
`default_nettype none

module axil_slave #(
  parameter int AddrW = 12
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             s_axil_awvalid_i,
  output logic             s_axil_awready_o,
  input  logic [AddrW-1:0] s_axil_awaddr_i,
  input  logic             s_axil_wvalid_i,
  output logic             s_axil_wready_o,
  input  logic [31:0]      s_axil_wdata_i,
  input  logic [3:0]       s_axil_wstrb_i,
  output logic             s_axil_bvalid_o,
  input  logic             s_axil_bready_i,
  output logic [1:0]       s_axil_bresp_o,
  input  logic             s_axil_arvalid_i,
  output logic             s_axil_arready_o,
  input  logic [AddrW-1:0] s_axil_araddr_i,
  output logic             s_axil_rvalid_o,
  input  logic             s_axil_rready_i,
  output logic [31:0]      s_axil_rdata_o,
  output logic [1:0]       s_axil_rresp_o,
  output logic             wr_valid_o,     // for one cycle
  output logic [AddrW-1:0] wr_addr_o,
  output logic [31:0]      wr_data_o,
  output logic [31:0]      wr_mask_o,      // bits of the bytes that are written
  input  logic             wr_error_i,     // in the same cycle
  output logic             rd_valid_o,
  output logic [AddrW-1:0] rd_addr_o,
  input  logic [31:0]      rd_data_i,      // in the same cycle
  input  logic             rd_error_i
);

  localparam logic [1:0] RespOkay = 2'b00;
  localparam logic [1:0] RespSlverr = 2'b10;

  logic aw_full_q, w_full_q, b_valid_q, b_error_q, r_valid_q, r_error_q;
  logic [AddrW-1:0] addr_q;
  logic [31:0] data_q, r_data_q;
  logic [3:0] strb_q;

  assign s_axil_awready_o = !aw_full_q;
  assign s_axil_wready_o  = !w_full_q;
  assign wr_valid_o       = aw_full_q && w_full_q && !b_valid_q;
  assign wr_addr_o        = addr_q;
  assign wr_data_o        = data_q;
  for (genvar b = 0; b < 4; b++) begin : gen_mask
    assign wr_mask_o[8*b+:8] = {8{strb_q[b]}};
  end

  assign s_axil_bvalid_o = b_valid_q;
  assign s_axil_bresp_o  = b_error_q ? RespSlverr : RespOkay;

  assign s_axil_arready_o = !r_valid_q;
  assign rd_valid_o       = s_axil_arvalid_i && s_axil_arready_o;
  assign rd_addr_o        = s_axil_araddr_i;
  assign s_axil_rvalid_o  = r_valid_q;
  assign s_axil_rdata_o   = r_data_q;
  assign s_axil_rresp_o   = r_error_q ? RespSlverr : RespOkay;

  always_ff @(posedge clk_i) begin
    if (s_axil_awvalid_i && s_axil_awready_o) addr_q <= s_axil_awaddr_i;
    if (s_axil_wvalid_i && s_axil_wready_o) begin
      data_q <= s_axil_wdata_i;
      strb_q <= s_axil_wstrb_i;
    end
    if (wr_valid_o) b_error_q <= wr_error_i;
    if (rd_valid_o) begin
      r_data_q  <= rd_error_i ? '0 : rd_data_i;
      r_error_q <= rd_error_i;
    end
    if (!rst_ni) begin
      aw_full_q <= 1'b0;
      w_full_q  <= 1'b0;
      b_valid_q <= 1'b0;
      r_valid_q <= 1'b0;
    end else begin
      if (aw_full_q ? wr_valid_o : s_axil_awvalid_i) aw_full_q <= !aw_full_q;
      if (w_full_q ? wr_valid_o : s_axil_wvalid_i) w_full_q <= !w_full_q;
      if (b_valid_q ? s_axil_bready_i : wr_valid_o) b_valid_q <= !b_valid_q;
      if (r_valid_q ? s_axil_rready_i : rd_valid_o) r_valid_q <= !r_valid_q;
    end
  end

  payload_check #(
    .Width(2)
  ) i_check_b (
    .clk_i,
    .rst_ni,
    .valid_i(s_axil_bvalid_o),
    .ready_i(s_axil_bready_i),
    .data_i(s_axil_bresp_o)
  );
  payload_check #(
    .Width(34)
  ) i_check_r (
    .clk_i,
    .rst_ni,
    .valid_i(s_axil_rvalid_o),
    .ready_i(s_axil_rready_i),
    .data_i({s_axil_rdata_o, s_axil_rresp_o})
  );

endmodule

`default_nettype wire
