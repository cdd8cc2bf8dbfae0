// SPDX-License-Identifier: Apache-2.0
// Testbench top of the chip: clock, reset, memory on the AXI bus, register accesses, monitors and
// checkers on both, watchdog. Python toggles mem_load, mem_store, reg_go or arm (seeds all
// pauses) and sleeps until mem_done, reg_done or irq changes; it touches nothing else while a
// program runs.
// Plusargs: +watchdog=N; +latency=N of reads; faults that the environment must detect:
// +flip_w=N hides from the monitor that bit 0 of the N-th write beat is what it is, +flip_r=N
// gives the chip another bit 0 of the N-th read beat than memory and monitor have (N from 1).
`default_nettype none

module tb_chip
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
);

  localparam int EventsW = NumPea * $bits(pea_event_t);

  // Written by Python.
  logic reset, flush, arm, running, burst, garbage;
  logic [31:0] stall_seed;
  logic [39:0] stalls, mem_base, bad_read_addr, bad_write_addr;
  logic [7:0] stall_reg;
  logic [15:0] latency;
  logic [1:0] bad_read, bad_write;
  logic mem_load, mem_store, reg_go, reg_write;
  logic [31:0] mem_line, mem_lines, reg_data;
  logic [11:0] reg_addr;
  logic [3:0] reg_strb;
  // Read by Python.
  logic irq;
  logic [31:0] mem_done, reg_done, reg_rdata, open;
  logic [1:0] reg_resp;

  logic clk, rst_n;
  logic [39:0] cycle;
  logic flush_q, arm_q, mem_load_q, mem_store_q, reg_go_q;

  logic awvalid, awready, wvalid, wready, bvalid, bready, arvalid, arready, rvalid, rready;
  logic [11:0] awaddr, araddr;
  logic [31:0] wdata, rdata;
  logic [3:0] wstrb;
  logic [1:0] bresp, rresp;

  logic m_arvalid, m_arready, m_arid, m_rvalid, m_rready, m_rlast, m_awvalid, m_awready, m_awid;
  logic m_wvalid, m_wready, m_wlast, m_bvalid, m_bready;
  logic [39:0] m_araddr, m_awaddr;
  logic [7:0] m_arlen, m_awlen;
  logic [2:0] m_arsize, m_awsize;
  logic [1:0] m_arburst, m_awburst, m_rresp, m_bresp;
  logic [255:0] m_rdata, m_wdata, given_rdata, seen_wdata;
  logic [31:0] m_wstrb;
  logic [EventsW-1:0] event_bits;
  logic [9*40-1:0] sums;
  logic [39:0] flip_w, flip_r, w_beats, r_beats;

  // Clock and reset. Ten cycles of reset at the start, more when Python asks.
  initial begin
    {reset, flush, arm, running, burst, garbage, stall_seed, stalls, stall_reg} = '0;
    {mem_base, bad_read, bad_read_addr, bad_write, bad_write_addr} = '0;
    {mem_load, mem_store, mem_line, mem_lines} = '0;
    {reg_go, reg_write, reg_data, reg_addr, reg_strb} = '0;
    {flush_q, arm_q, mem_load_q, mem_store_q, reg_go_q, cycle, rst_n, w_beats, r_beats} = '0;
    if (!$value$plusargs("latency=%d", latency)) latency = 16'd20;
    if (!$value$plusargs("flip_w=%d", flip_w)) flip_w = 40'd0;
    if (!$value$plusargs("flip_r=%d", flip_r)) flip_r = 40'd0;
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  always_ff @(posedge clk) begin
    cycle <= cycle + 40'd1;
    rst_n <= cycle >= 40'd10 && !reset;
    {flush_q, arm_q, mem_load_q, mem_store_q} <= {flush, arm, mem_load, mem_store};
    reg_go_q <= reg_go;
    w_beats <= w_beats + 40'(m_wvalid && m_wready);
    r_beats <= r_beats + 40'(m_rvalid && m_rready);
  end

  axil_driver i_registers (
    .clk_i(clk),
    .rst_ni(rst_n),
    .go_i(reg_go != reg_go_q),
    .write_i(reg_write),
    .addr_i(reg_addr),
    .data_i(reg_data),
    .strb_i(reg_strb),
    .done_o(reg_done),
    .data_o(reg_rdata),
    .resp_o(reg_resp),
    .start_i(arm != arm_q),
    .seed_i(stall_seed),
    .stall_i(stall_reg),
    .burst_i(burst),
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

  axil_monitor i_register_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush != flush_q),
    .cycle_i(cycle),
    .irq_i(irq),
    .sums_i(sums),
    .awvalid_i(awvalid),
    .awready_i(awready),
    .awaddr_i(awaddr),
    .wvalid_i(wvalid),
    .wready_i(wready),
    .wdata_i(wdata),
    .wstrb_i(wstrb),
    .bvalid_i(bvalid),
    .bready_i(bready),
    .bresp_i(bresp),
    .arvalid_i(arvalid),
    .arready_i(arready),
    .araddr_i(araddr),
    .rvalid_i(rvalid),
    .rready_i(rready),
    .rdata_i(rdata),
    .rresp_i(rresp)
  );

  axi_memory #(
    .Lines(Lines)
  ) i_memory (
    .clk_i(clk),
    .rst_ni(rst_n),
    .base_i(mem_base),
    .load_i(mem_load != mem_load_q),
    .store_i(mem_store != mem_store_q),
    .line_i(mem_line),
    .lines_i(mem_lines),
    .done_o(mem_done),
    .latency_i(latency),
    .start_i(arm != arm_q),
    .seed_i(stall_seed),
    .burst_i(burst),
    .garbage_i(garbage),
    .stalls_i(stalls),
    .bad_read_i(bad_read),
    .bad_read_addr_i(bad_read_addr),
    .bad_write_i(bad_write),
    .bad_write_addr_i(bad_write_addr),
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

  axi_checker i_checker (
    .clk_i(clk),
    .rst_ni(rst_n),
    .arvalid_i(m_arvalid),
    .arready_i(m_arready),
    .arid_i(m_arid),
    .araddr_i(m_araddr),
    .arlen_i(m_arlen),
    .arsize_i(m_arsize),
    .arburst_i(m_arburst),
    .rvalid_i(m_rvalid),
    .rready_i(m_rready),
    .rdata_i(m_rdata),
    .rresp_i(m_rresp),
    .rlast_i(m_rlast),
    .awvalid_i(m_awvalid),
    .awready_i(m_awready),
    .awid_i(m_awid),
    .awaddr_i(m_awaddr),
    .awlen_i(m_awlen),
    .awsize_i(m_awsize),
    .awburst_i(m_awburst),
    .wvalid_i(m_wvalid),
    .wready_i(m_wready),
    .wdata_i(m_wdata),
    .wstrb_i(m_wstrb),
    .wlast_i(m_wlast),
    .bvalid_i(m_bvalid),
    .bready_i(m_bready),
    .bresp_i(m_bresp),
    .open_o(open)
  );

  axi_monitor i_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush != flush_q),
    .cycle_i(cycle),
    .ar_i(m_arvalid && m_arready),
    .araddr_i(m_araddr),
    .arlen_i(m_arlen),
    .r_i(m_rvalid && m_rready),
    .rdata_i(m_rdata),
    .rresp_i(m_rresp),
    .rlast_i(m_rlast),
    .aw_i(m_awvalid && m_awready),
    .awaddr_i(m_awaddr),
    .awlen_i(m_awlen),
    .w_i(m_wvalid && m_wready),
    .wdata_i(seen_wdata),
    .wstrb_i(m_wstrb),
    .wlast_i(m_wlast),
    .b_i(m_bvalid && m_bready),
    .bresp_i(m_bresp)
  );

  // The planted faults.
  assign seen_wdata  = m_wdata ^ 256'(flip_w != 40'd0 && w_beats == flip_w - 40'd1);
  assign given_rdata = m_rdata ^ 256'(flip_r != 40'd0 && r_beats == flip_r - 40'd1);

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
    .irq_o(irq),
    .m_axi_arvalid_o(m_arvalid),
    .m_axi_arready_i(m_arready),
    .m_axi_arid_o(m_arid),
    .m_axi_araddr_o(m_araddr),
    .m_axi_arlen_o(m_arlen),
    .m_axi_arsize_o(m_arsize),
    .m_axi_arburst_o(m_arburst),
    .m_axi_rvalid_i(m_rvalid),
    .m_axi_rready_o(m_rready),
    .m_axi_rid_i(1'b0),
    .m_axi_rdata_i(given_rdata),
    .m_axi_rresp_i(m_rresp),
    .m_axi_rlast_i(m_rlast),
    .m_axi_awvalid_o(m_awvalid),
    .m_axi_awready_i(m_awready),
    .m_axi_awid_o(m_awid),
    .m_axi_awaddr_o(m_awaddr),
    .m_axi_awlen_o(m_awlen),
    .m_axi_awsize_o(m_awsize),
    .m_axi_awburst_o(m_awburst),
    .m_axi_wvalid_o(m_wvalid),
    .m_axi_wready_i(m_wready),
    .m_axi_wdata_o(m_wdata),
    .m_axi_wstrb_o(m_wstrb),
    .m_axi_wlast_o(m_wlast),
    .m_axi_bvalid_i(m_bvalid),
    .m_axi_bready_o(m_bready),
    .m_axi_bid_i(1'b0),
    .m_axi_bresp_i(m_bresp),
    .event_o(event_bits)
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
    .arvalid_i(m_arvalid),
    .arready_i(m_arready),
    .awvalid_i(m_awvalid),
    .awready_i(m_awready),
    .wvalid_i(m_wvalid),
    .wready_i(m_wready),
    .sum_o(sums[8*40 +: 40])
  );

  watchdog i_watchdog (
    .clk_i(clk),
    .rst_ni(rst_n),
    .pending_i(running || open != 32'd0),
    .progress_i((m_arvalid && m_arready) || (m_rvalid && m_rready) || (m_awvalid && m_awready) ||
                (m_wvalid && m_wready) || (m_bvalid && m_bready) || event_bits != '0),
    .open_i(open)
  );

endmodule

`default_nettype wire
