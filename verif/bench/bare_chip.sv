// SPDX-License-Identifier: Apache-2.0
// The chip with the testbench's memory and register driver, and nothing that watches: what the
// bare harness bare_chip.cpp drives. The memory is ideal.
`default_nettype none

module bare_chip
  import panacea_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int NumDwo = 4,
  parameter int NumSwo = 8,
  parameter int TileK = 64,
  parameter int TileN = 64,
  parameter int GroupDepth = 4,
  parameter int WmemBeats = 256,
  parameter int AmemBeats = 1024,
  parameter int OmemBeats = 1024,
  parameter int Lines = 2**18
) (
  input  wire logic        clk_i,
  input  wire logic        rst_ni,
  input  wire logic        load_i,      // mem.bin to memory, memory to mem.out: lines_i lines
  input  wire logic        store_i,
  input  wire logic [31:0] lines_i,
  input  wire logic        go_i,        // a register access
  input  wire logic        write_i,
  input  wire logic [11:0] addr_i,
  input  wire logic [31:0] data_i,
  output logic [31:0]      done_o,
  output logic [31:0]      data_o,
  output logic             irq_o
);

  logic awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [11:0] awaddr, araddr;
  logic [31:0] wdata, rdata;
  logic [3:0] wstrb;
  logic [1:0] bresp, rresp;
  logic m_arvalid, m_arready, m_rvalid, m_rready, m_rlast, m_awvalid, m_awready, m_wvalid;
  logic m_wready, m_bvalid, m_bready;
  logic [39:0] m_araddr, m_awaddr;
  logic [7:0] m_arlen, m_awlen;
  logic [1:0] m_rresp, m_bresp;
  logic [255:0] m_rdata, m_wdata;
  logic [31:0] m_wstrb;

  axil_driver i_registers (
    .clk_i,
    .rst_ni,
    .go_i,
    .write_i,
    .addr_i,
    .data_i,
    .strb_i('1),
    .done_o,
    .data_o,
    .resp_o(),
    .start_i(1'b0),
    .seed_i('0),
    .stall_i('0),
    .burst_i(1'b0),
    .awvalid_o(awvalid),
    .awready_i(awready),
    .awaddr_o(awaddr),
    .wvalid_o(wvalid),
    .wready_i(wready),
    .wdata_o(wdata),
    .wstrb_o(wstrb),
    .bvalid_i(bvalid),
    .bready_o(bready),
    .bresp_i(bresp),
    .arvalid_o(arvalid),
    .arready_i(arready),
    .araddr_o(araddr),
    .rvalid_i(rvalid),
    .rready_o(rready),
    .rdata_i(rdata),
    .rresp_i(rresp)
  );

  axi_memory #(
    .Lines(Lines)
  ) i_memory (
    .clk_i,
    .rst_ni,
    .base_i('0),
    .load_i,
    .store_i,
    .line_i('0),
    .lines_i,
    .done_o(),
    .latency_i(16'd20),
    .start_i(1'b0),
    .seed_i('0),
    .burst_i(1'b0),
    .garbage_i(1'b0),
    .stalls_i('0),
    .bad_read_i('0),
    .bad_read_addr_i('0),
    .bad_write_i('0),
    .bad_write_addr_i('0),
    .arvalid_i(m_arvalid),
    .arready_o(m_arready),
    .araddr_i(m_araddr),
    .arlen_i(m_arlen),
    .rvalid_o(m_rvalid),
    .rready_i(m_rready),
    .rdata_o(m_rdata),
    .rresp_o(m_rresp),
    .rlast_o(m_rlast),
    .awvalid_i(m_awvalid),
    .awready_o(m_awready),
    .awaddr_i(m_awaddr),
    .awlen_i(m_awlen),
    .wvalid_i(m_wvalid),
    .wready_o(m_wready),
    .wdata_i(m_wdata),
    .wstrb_i(m_wstrb),
    .bvalid_o(m_bvalid),
    .bready_i(m_bready),
    .bresp_o(m_bresp)
  );

  panacea_top #(
    .NumPea(NumPea),
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .TileN(TileN),
    .GroupDepth(GroupDepth),
    .WmemBeats(WmemBeats),
    .AmemBeats(AmemBeats),
    .OmemBeats(OmemBeats)
  ) i_chip (
    .clk_i,
    .rst_ni,
    .s_axil_awvalid_i(awvalid),
    .s_axil_awready_o(awready),
    .s_axil_awaddr_i(awaddr),
    .s_axil_wvalid_i(wvalid),
    .s_axil_wready_o(wready),
    .s_axil_wdata_i(wdata),
    .s_axil_wstrb_i(wstrb),
    .s_axil_bvalid_o(bvalid),
    .s_axil_bready_i(bready),
    .s_axil_bresp_o(bresp),
    .s_axil_arvalid_i(arvalid),
    .s_axil_arready_o(arready),
    .s_axil_araddr_i(araddr),
    .s_axil_rvalid_o(rvalid),
    .s_axil_rready_i(rready),
    .s_axil_rdata_o(rdata),
    .s_axil_rresp_o(rresp),
    .irq_o,
    .m_axi_arvalid_o(m_arvalid),
    .m_axi_arready_i(m_arready),
    .m_axi_arid_o(),
    .m_axi_araddr_o(m_araddr),
    .m_axi_arlen_o(m_arlen),
    .m_axi_arsize_o(),
    .m_axi_arburst_o(),
    .m_axi_rvalid_i(m_rvalid),
    .m_axi_rready_o(m_rready),
    .m_axi_rid_i(1'b0),
    .m_axi_rdata_i(m_rdata),
    .m_axi_rresp_i(m_rresp),
    .m_axi_rlast_i(m_rlast),
    .m_axi_awvalid_o(m_awvalid),
    .m_axi_awready_i(m_awready),
    .m_axi_awid_o(),
    .m_axi_awaddr_o(m_awaddr),
    .m_axi_awlen_o(m_awlen),
    .m_axi_awsize_o(),
    .m_axi_awburst_o(),
    .m_axi_wvalid_o(m_wvalid),
    .m_axi_wready_i(m_wready),
    .m_axi_wdata_o(m_wdata),
    .m_axi_wstrb_o(m_wstrb),
    .m_axi_wlast_o(),
    .m_axi_bvalid_i(m_bvalid),
    .m_axi_bready_o(m_bready),
    .m_axi_bid_i(1'b0),
    .m_axi_bresp_i(m_bresp),
    .event_o()
  );

endmodule

`default_nettype wire
