// SPDX-License-Identifier: Apache-2.0
// Unit top of the testbench's own bus blocks: axi_memory with its checker and monitor on an AXI
// bus called `bus` that cocotbext-axi drives (clocked as in tb_axi), and axil_driver with its
// monitor on a register bus that ends in the chip's csr.
`default_nettype none

module tb_bus
  import csr_pkg::*;
();

  logic clk, rst_n, bus_clk;
  logic [39:0] cycle;
  initial begin
    {clk, bus_clk, cycle} = '0;
    forever begin
      #5{clk, bus_clk} = 2'b10;
      #5{clk, bus_clk} = 2'b01;
    end
  end
  always_ff @(posedge clk) cycle <= cycle + 40'd1;

  // The memory.
  logic flush, m_load, m_store, m_start, m_burst, m_garbage;
  logic [39:0] m_base, m_stalls, m_bad_read_addr, m_bad_write_addr;
  logic [31:0] m_line, m_lines, m_done, m_seed, open;
  logic [15:0] m_latency;
  logic [1:0] m_bad_read, m_bad_write;

  logic arready, rvalid, rlast, awready, wready, bvalid;
  logic [255:0] rdata;
  logic [1:0] rresp, bresp;

  logic bus_arvalid, bus_arready, bus_rvalid, bus_rready, bus_rlast;
  logic bus_awvalid, bus_awready, bus_wvalid, bus_wready, bus_wlast;
  logic bus_bvalid, bus_bready, bus_arid, bus_rid, bus_awid, bus_bid;
  logic [39:0] bus_araddr, bus_awaddr;
  logic [7:0] bus_arlen, bus_awlen;
  logic [2:0] bus_arsize, bus_awsize;
  logic [1:0] bus_arburst, bus_awburst, bus_rresp, bus_bresp;
  logic [255:0] bus_rdata, bus_wdata;
  logic [31:0] bus_wstrb;

  // The master's bursts of some bytes become bursts of beats with strobes.
  logic [39:0] awaddr;
  assign awaddr = {bus_awaddr[39:5], 5'd0};

  axi_memory #(
    .Lines(1024)
  ) i_memory (
    .clk_i(clk),
    .rst_ni(rst_n),
    .base_i(m_base),
    .load_i(m_load),
    .store_i(m_store),
    .line_i(m_line),
    .lines_i(m_lines),
    .done_o(m_done),
    .latency_i(m_latency),
    .start_i(m_start),
    .seed_i(m_seed),
    .burst_i(m_burst),
    .garbage_i(m_garbage),
    .stalls_i(m_stalls),
    .bad_read_i(m_bad_read),
    .bad_read_addr_i(m_bad_read_addr),
    .bad_write_i(m_bad_write),
    .bad_write_addr_i(m_bad_write_addr),
    .arvalid_i(bus_arvalid),
    .arready_o(arready),
    .araddr_i(bus_araddr),
    .arlen_i(bus_arlen),
    .rvalid_o(rvalid),
    .rready_i(bus_rready),
    .rdata_o(rdata),
    .rresp_o(rresp),
    .rlast_o(rlast),
    .awvalid_i(bus_awvalid),
    .awready_o(awready),
    .awaddr_i(awaddr),
    .awlen_i(bus_awlen),
    .wvalid_i(bus_wvalid),
    .wready_o(wready),
    .wdata_i(bus_wdata),
    .wstrb_i(bus_wstrb),
    .bvalid_o(bvalid),
    .bready_i(bus_bready),
    .bresp_o(bresp)
  );
  // Faults that only the checker sees.
  logic f_rvalid, f_rlast, f_bvalid;
  initial {f_rvalid, f_rlast, f_bvalid} = '0;

  axi_checker i_checker (
    .clk_i(clk),
    .rst_ni(rst_n),
    .arvalid_i(bus_arvalid),
    .arready_i(arready),
    .arid_i(bus_arid),
    .araddr_i(bus_araddr),
    .arlen_i(bus_arlen),
    .arsize_i(bus_arsize),
    .arburst_i(bus_arburst),
    .rvalid_i(rvalid ^ f_rvalid),
    .rready_i(bus_rready),
    .rdata_i(rdata),
    .rresp_i(rresp),
    .rlast_i(rlast ^ f_rlast),
    .awvalid_i(bus_awvalid),
    .awready_i(awready),
    .awid_i(bus_awid),
    .awaddr_i(awaddr),
    .awlen_i(bus_awlen),
    .awsize_i(bus_awsize),
    .awburst_i(bus_awburst),
    .wvalid_i(bus_wvalid),
    .wready_i(wready),
    .wdata_i(bus_wdata),
    .wstrb_i(bus_wstrb),
    .wlast_i(bus_wlast),
    .bvalid_i(bvalid ^ f_bvalid),
    .bready_i(bus_bready),
    .bresp_i(bresp),
    .open_o(open)
  );
  axi_monitor i_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush),
    .cycle_i(cycle),
    .ar_i(bus_arvalid && arready),
    .araddr_i(bus_araddr),
    .arlen_i(bus_arlen),
    .r_i(rvalid && bus_rready),
    .rdata_i(rdata),
    .rresp_i(rresp),
    .rlast_i(rlast),
    .aw_i(bus_awvalid && awready),
    .awaddr_i(awaddr),
    .awlen_i(bus_awlen),
    .w_i(bus_wvalid && wready),
    .wdata_i(bus_wdata),
    .wstrb_i(bus_wstrb),
    .wlast_i(bus_wlast),
    .b_i(bvalid && bus_bready),
    .bresp_i(bresp)
  );

  // cocotbext-axi works at the falling edge, on what was there at the rising edge before.
  assign {bus_rid, bus_bid} = '0;
  initial {bus_arvalid, bus_rready, bus_awvalid, bus_wvalid, bus_bready} = '0;
  initial {bus_arready, bus_rvalid, bus_awready, bus_wready, bus_bvalid} = '0;
  always @(posedge clk) begin
    {bus_arready, bus_rvalid, bus_awready, bus_wready, bus_bvalid} <=
        rst_n ? {arready, rvalid, awready, wready, bvalid} : '0;
    {bus_rdata, bus_rresp, bus_rlast, bus_bresp} <= {rdata, rresp, rlast, bresp};
  end

  // The register bus.
  logic g_go, g_write, g_start, g_burst, irq;
  logic [11:0] g_addr;
  logic [31:0] g_data, g_done, g_rdata, g_seed;
  logic [3:0] g_strb;
  logic [1:0] g_resp;
  logic [7:0] g_stall;

  logic s_awvalid, s_awready, s_wvalid, s_wready, s_bvalid, s_bready;
  logic s_arvalid, s_arready, s_rvalid, s_rready, started, ended;
  logic [11:0] s_awaddr, s_araddr;
  logic [31:0] s_wdata, s_rdata;
  logic [3:0] s_wstrb;
  logic [1:0] s_bresp, s_rresp;

  axil_driver i_driver (
    .clk_i(clk),
    .rst_ni(rst_n),
    .go_i(g_go),
    .write_i(g_write),
    .addr_i(g_addr),
    .data_i(g_data),
    .strb_i(g_strb),
    .done_o(g_done),
    .data_o(g_rdata),
    .resp_o(g_resp),
    .start_i(g_start),
    .seed_i(g_seed),
    .stall_i(g_stall),
    .burst_i(g_burst),
    .awvalid_o(s_awvalid),
    .awready_i(s_awready),
    .awaddr_o(s_awaddr),
    .wvalid_o(s_wvalid),
    .wready_i(s_wready),
    .wdata_o(s_wdata),
    .wstrb_o(s_wstrb),
    .bvalid_i(s_bvalid),
    .bready_o(s_bready),
    .bresp_i(s_bresp),
    .arvalid_o(s_arvalid),
    .arready_i(s_arready),
    .araddr_o(s_araddr),
    .rvalid_i(s_rvalid),
    .rready_o(s_rready),
    .rdata_i(s_rdata),
    .rresp_i(s_rresp)
  );
  axil_monitor i_register_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush),
    .cycle_i(cycle),
    .irq_i(irq),
    .sums_i('0),
    .awvalid_i(s_awvalid),
    .awready_i(s_awready),
    .awaddr_i(s_awaddr),
    .wvalid_i(s_wvalid),
    .wready_i(s_wready),
    .wdata_i(s_wdata),
    .wstrb_i(s_wstrb),
    .bvalid_i(s_bvalid),
    .bready_i(s_bready),
    .bresp_i(s_bresp),
    .arvalid_i(s_arvalid),
    .arready_i(s_arready),
    .araddr_i(s_araddr),
    .rvalid_i(s_rvalid),
    .rready_i(s_rready),
    .rdata_i(s_rdata),
    .rresp_i(s_rresp)
  );
  csr i_csr (
    .clk_i(clk),
    .rst_ni(rst_n),
    .s_axil_awvalid_i(s_awvalid),
    .s_axil_awready_o(s_awready),
    .s_axil_awaddr_i(s_awaddr),
    .s_axil_wvalid_i(s_wvalid),
    .s_axil_wready_o(s_wready),
    .s_axil_wdata_i(s_wdata),
    .s_axil_wstrb_i(s_wstrb),
    .s_axil_bvalid_o(s_bvalid),
    .s_axil_bready_i(s_bready),
    .s_axil_bresp_o(s_bresp),
    .s_axil_arvalid_i(s_arvalid),
    .s_axil_arready_o(s_arready),
    .s_axil_araddr_i(s_araddr),
    .s_axil_rvalid_o(s_rvalid),
    .s_axil_rready_i(s_rready),
    .s_axil_rdata_o(s_rdata),
    .s_axil_rresp_o(s_rresp),
    .irq_o(irq),
    .start_o(started),
    .abort_o(),
    .busy_o(),
    .prog_addr_o(),
    .prog_count_o(),
    .end_i(ended),
    .end_code_i(ErrNone),
    .end_detail_i('0),
    .end_desc_i('0),
    .end_addr_i('0),
    .count_inc_i('0)
  );
  always_ff @(posedge clk) ended <= rst_n && started;

endmodule

`default_nettype wire
