// SPDX-License-Identifier: Apache-2.0
// Unit top of csr, on an AXI4-Lite bus called `bus` (clocked as in tb_axi). Counters add up to
// 2^32 - 1 a cycle here, so that they reach their upper halves.
`default_nettype none

module tb_csr
  import csr_pkg::*;
();

  localparam int IncW = 58;  // so that a counter is full within a test

  logic clk, rst_n, bus_clk;
  initial begin
    {clk, bus_clk} = 2'b00;
    forever begin
      #5{clk, bus_clk} = 2'b10;
      #5{clk, bus_clk} = 2'b01;
    end
  end

  logic awready, wready, bvalid, arready, rvalid;
  logic [1:0] bresp, rresp;
  logic [31:0] rdata;

  logic bus_awvalid, bus_awready, bus_wvalid, bus_wready, bus_bvalid, bus_bready;
  logic bus_arvalid, bus_arready, bus_rvalid, bus_rready;
  logic [11:0] bus_awaddr, bus_araddr;
  logic [31:0] bus_wdata, bus_rdata;
  logic [3:0] bus_wstrb;
  logic [1:0] bus_bresp, bus_rresp;

  logic c_irq, c_start, c_abort, c_busy, c_end;
  logic [39:0] c_prog_addr, c_end_addr;
  logic [31:0] c_prog_count, c_end_desc;
  logic [7:0]  c_end_code;
  logic [15:0] c_end_detail;
  logic [NumCounters*IncW-1:0] c_count_inc;

  csr #(
    .IncW(IncW)
  ) i_csr (
    .clk_i(clk),
    .rst_ni(rst_n),
    .s_axil_awvalid_i(bus_awvalid),
    .s_axil_awready_o(awready),
    .s_axil_awaddr_i(bus_awaddr),
    .s_axil_wvalid_i(bus_wvalid),
    .s_axil_wready_o(wready),
    .s_axil_wdata_i(bus_wdata),
    .s_axil_wstrb_i(bus_wstrb),
    .s_axil_bvalid_o(bvalid),
    .s_axil_bready_i(bus_bready),
    .s_axil_bresp_o(bresp),
    .s_axil_arvalid_i(bus_arvalid),
    .s_axil_arready_o(arready),
    .s_axil_araddr_i(bus_araddr),
    .s_axil_rvalid_o(rvalid),
    .s_axil_rready_i(bus_rready),
    .s_axil_rdata_o(rdata),
    .s_axil_rresp_o(rresp),
    .irq_o(c_irq),
    .start_o(c_start),
    .abort_o(c_abort),
    .busy_o(c_busy),
    .prog_addr_o(c_prog_addr),
    .prog_count_o(c_prog_count),
    .end_i(c_end),
    .end_code_i(c_end_code),
    .end_detail_i(c_end_detail),
    .end_desc_i(c_end_desc),
    .end_addr_i(c_end_addr),
    .count_inc_i(c_count_inc)
  );

  initial {bus_awready, bus_wready, bus_bvalid, bus_arready, bus_rvalid} = '0;
  always @(posedge clk) begin
    {bus_awready, bus_wready, bus_bvalid, bus_arready, bus_rvalid} <=
        rst_n ? {awready, wready, bvalid, arready, rvalid} : '0;
    {bus_bresp, bus_rresp, bus_rdata} <= {bresp, rresp, rdata};
  end

  // Starts, and cycles in which a run ends while a register is written.
  logic [7:0] starts, meetings;
  always @(posedge clk) begin
    starts   <= rst_n ? starts + 8'(c_start) : '0;
    meetings <= rst_n ? meetings + 8'(c_end && i_csr.wr_valid) : '0;
  end

endmodule

`default_nettype wire
