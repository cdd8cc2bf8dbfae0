// SPDX-License-Identifier: Apache-2.0
// Testbench top of the chip at the level of protocols: cocotbext-axi's models are the memory on the
// bus `bus` and the host on `reg`, clocked as in tb_axi; monitors and checkers are tb_chip's.
`default_nettype none

module tb_protocol
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
  parameter int OmemBeats = 1024
);

  localparam int EventsW = NumPea * $bits(pea_event_t);

  logic clk, bus_clk, rst_n, reset, flush, flush_q, running, irq;
  logic [39:0] cycle;
  logic [31:0] open;

  initial begin
    {clk, bus_clk, reset, flush, flush_q, running, cycle, rst_n} = '0;
    forever begin
      #5{clk, bus_clk} = 2'b10;
      #5{clk, bus_clk} = 2'b01;
    end
  end

  always_ff @(posedge clk) begin
    cycle <= cycle + 40'd1;
    rst_n <= cycle >= 40'd10 && !reset;
    flush_q <= flush;
  end

  // What the chip drives; the models see it as it was at the rising edge.
  logic arvalid, rready, awvalid, wvalid, wlast, bready, arid, awid;
  logic [39:0] araddr, awaddr;
  logic [7:0] arlen, awlen;
  logic [2:0] arsize, awsize;
  logic [1:0] arburst, awburst;
  logic [255:0] wdata;
  logic [31:0] wstrb;
  logic s_awready, s_wready, s_bvalid, s_arready, s_rvalid;
  logic [1:0] s_bresp, s_rresp;
  logic [31:0] s_rdata;

  logic bus_arvalid, bus_arready, bus_rvalid, bus_rready, bus_rlast, bus_arid, bus_rid;
  logic bus_awvalid, bus_awready, bus_wvalid, bus_wready, bus_wlast, bus_awid, bus_bid;
  logic bus_bvalid, bus_bready;
  logic [39:0] bus_araddr, bus_awaddr;
  logic [7:0] bus_arlen, bus_awlen;
  logic [2:0] bus_arsize, bus_awsize;
  logic [1:0] bus_arburst, bus_awburst, bus_rresp, bus_bresp;
  logic [255:0] bus_rdata, bus_wdata;
  logic [31:0] bus_wstrb;

  logic reg_awvalid, reg_awready, reg_wvalid, reg_wready, reg_bvalid, reg_bready;
  logic reg_arvalid, reg_arready, reg_rvalid, reg_rready;
  logic [11:0] reg_awaddr, reg_araddr;
  logic [31:0] reg_wdata, reg_rdata;
  logic [3:0] reg_wstrb;
  logic [1:0] reg_bresp, reg_rresp;

  initial begin
    {bus_arvalid, bus_rready, bus_awvalid, bus_wvalid, bus_bready} = '0;
    {reg_awready, reg_wready, reg_bvalid, reg_arready, reg_rvalid} = '0;
  end
  always @(posedge clk) begin
    {bus_arvalid, bus_rready, bus_awvalid, bus_wvalid, bus_bready} <=
        rst_n ? {arvalid, rready, awvalid, wvalid, bready} : '0;
    {bus_arid, bus_araddr, bus_arlen, bus_arsize, bus_arburst} <=
        {arid, araddr, arlen, arsize, arburst};
    {bus_awid, bus_awaddr, bus_awlen, bus_awsize, bus_awburst} <=
        {awid, awaddr, awlen, awsize, awburst};
    {bus_wdata, bus_wstrb, bus_wlast} <= {wdata, wstrb, wlast};
    {reg_awready, reg_wready, reg_bvalid, reg_arready, reg_rvalid} <=
        rst_n ? {s_awready, s_wready, s_bvalid, s_arready, s_rvalid} : '0;
    {reg_bresp, reg_rresp, reg_rdata} <= {s_bresp, s_rresp, s_rdata};
  end

  logic [EventsW-1:0] event_bits;
  logic [9*40-1:0] sums;

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
    .clk_i(clk),
    .rst_ni(rst_n),
    .s_axil_awvalid_i(reg_awvalid),
    .s_axil_awready_o(s_awready),
    .s_axil_awaddr_i(reg_awaddr),
    .s_axil_wvalid_i(reg_wvalid),
    .s_axil_wready_o(s_wready),
    .s_axil_wdata_i(reg_wdata),
    .s_axil_wstrb_i(reg_wstrb),
    .s_axil_bvalid_o(s_bvalid),
    .s_axil_bready_i(reg_bready),
    .s_axil_bresp_o(s_bresp),
    .s_axil_arvalid_i(reg_arvalid),
    .s_axil_arready_o(s_arready),
    .s_axil_araddr_i(reg_araddr),
    .s_axil_rvalid_o(s_rvalid),
    .s_axil_rready_i(reg_rready),
    .s_axil_rdata_o(s_rdata),
    .s_axil_rresp_o(s_rresp),
    .irq_o(irq),
    .m_axi_arvalid_o(arvalid),
    .m_axi_arready_i(bus_arready),
    .m_axi_arid_o(arid),
    .m_axi_araddr_o(araddr),
    .m_axi_arlen_o(arlen),
    .m_axi_arsize_o(arsize),
    .m_axi_arburst_o(arburst),
    .m_axi_rvalid_i(bus_rvalid),
    .m_axi_rready_o(rready),
    .m_axi_rid_i(bus_rid),
    .m_axi_rdata_i(bus_rdata),
    .m_axi_rresp_i(bus_rresp),
    .m_axi_rlast_i(bus_rlast),
    .m_axi_awvalid_o(awvalid),
    .m_axi_awready_i(bus_awready),
    .m_axi_awid_o(awid),
    .m_axi_awaddr_o(awaddr),
    .m_axi_awlen_o(awlen),
    .m_axi_awsize_o(awsize),
    .m_axi_awburst_o(awburst),
    .m_axi_wvalid_o(wvalid),
    .m_axi_wready_i(bus_wready),
    .m_axi_wdata_o(wdata),
    .m_axi_wstrb_o(wstrb),
    .m_axi_wlast_o(wlast),
    .m_axi_bvalid_i(bus_bvalid),
    .m_axi_bready_o(bready),
    .m_axi_bid_i(bus_bid),
    .m_axi_bresp_i(bus_bresp),
    .event_o(event_bits)
  );

  axil_monitor i_register_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush != flush_q),
    .cycle_i(cycle),
    .irq_i(irq),
    .sums_i(sums),
    .awvalid_i(reg_awvalid),
    .awready_i(s_awready),
    .awaddr_i(reg_awaddr),
    .wvalid_i(reg_wvalid),
    .wready_i(s_wready),
    .wdata_i(reg_wdata),
    .wstrb_i(reg_wstrb),
    .bvalid_i(s_bvalid),
    .bready_i(reg_bready),
    .bresp_i(s_bresp),
    .arvalid_i(reg_arvalid),
    .arready_i(s_arready),
    .araddr_i(reg_araddr),
    .rvalid_i(s_rvalid),
    .rready_i(reg_rready),
    .rdata_i(s_rdata),
    .rresp_i(s_rresp)
  );

  axi_checker i_checker (
    .clk_i(clk),
    .rst_ni(rst_n),
    .arvalid_i(arvalid),
    .arready_i(bus_arready),
    .arid_i(arid),
    .araddr_i(araddr),
    .arlen_i(arlen),
    .arsize_i(arsize),
    .arburst_i(arburst),
    .rvalid_i(bus_rvalid),
    .rready_i(rready),
    .rdata_i(bus_rdata),
    .rresp_i(bus_rresp),
    .rlast_i(bus_rlast),
    .awvalid_i(awvalid),
    .awready_i(bus_awready),
    .awid_i(awid),
    .awaddr_i(awaddr),
    .awlen_i(awlen),
    .awsize_i(awsize),
    .awburst_i(awburst),
    .wvalid_i(wvalid),
    .wready_i(bus_wready),
    .wdata_i(wdata),
    .wstrb_i(wstrb),
    .wlast_i(wlast),
    .bvalid_i(bus_bvalid),
    .bready_i(bready),
    .bresp_i(bus_bresp),
    .open_o(open)
  );

  axi_monitor i_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush != flush_q),
    .cycle_i(cycle),
    .ar_i(arvalid && bus_arready),
    .araddr_i(araddr),
    .arlen_i(arlen),
    .r_i(bus_rvalid && rready),
    .rdata_i(bus_rdata),
    .rresp_i(bus_rresp),
    .rlast_i(bus_rlast),
    .aw_i(awvalid && bus_awready),
    .awaddr_i(awaddr),
    .awlen_i(awlen),
    .w_i(wvalid && bus_wready),
    .wdata_i(wdata),
    .wstrb_i(wstrb),
    .wlast_i(wlast),
    .b_i(bus_bvalid && bready),
    .bresp_i(bus_bresp)
  );

  event_counter #(
    .NumPea(NumPea)
  ) i_events (
    .clk_i(clk),
    .rst_ni(rst_n),
    .event_i(event_bits),
    .sums_o(sums[0 +: 8*40])
  );

  refusal_counter i_refusals (
    .clk_i(clk),
    .rst_ni(rst_n),
    .arvalid_i(arvalid),
    .arready_i(bus_arready),
    .awvalid_i(awvalid),
    .awready_i(bus_awready),
    .wvalid_i(wvalid),
    .wready_i(bus_wready),
    .sum_o(sums[8*40 +: 40])
  );

  watchdog i_watchdog (
    .clk_i(clk),
    .rst_ni(rst_n),
    .pending_i(running || open != 32'd0),
    .progress_i((arvalid && bus_arready) || (bus_rvalid && rready) || (awvalid && bus_awready) ||
                (wvalid && bus_wready) || (bus_bvalid && bready) || event_bits != '0),
    .open_i(open)
  );

endmodule

`default_nettype wire
