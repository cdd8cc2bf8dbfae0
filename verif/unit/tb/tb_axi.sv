// SPDX-License-Identifier: Apache-2.0
// Unit top of axi_reader and axi_writer, each on half of an AXI bus called `bus`.
//
// The bus models work at the falling edge, `bus_clk`. They see what the design drove at the
// rising edge before it (`sample`), which is when the handshake they answer took place; what they
// drive is looked at by the next rising edge. So it does not matter in which order a simulator
// runs Python and the design at an edge.
`default_nettype none

module tb_axi #(
  parameter int MaxBurst    = 16,
  parameter int Outstanding = 8
) ();

  localparam int AddrW = 40;

  logic clk, rst_n, bus_clk;
  initial begin
    {clk, bus_clk} = 2'b00;  // no rising edge of bus_clk before anything is driven
    forever begin
      #5{clk, bus_clk} = 2'b10;
      #5{clk, bus_clk} = 2'b01;
    end
  end

  // Requests, data and events of the reader.
  logic r_valid, r_ready, r_dead, r_last, r_abort, r_idle, r_error, rq_valid, rq_ready;
  logic [AddrW-1:0] r_error_addr;
  logic [3:0]       r_tag;
  logic [255:0]     r_beat;
  logic [260:0]     r_data;
  logic [59:0]      rq_data;
  assign r_data = {r_tag, r_last, r_beat};

  // Requests, data and events of the writer.
  logic w_valid, w_ready, w_abort, w_idle, w_done, w_error, wq_valid, wq_ready;
  logic [AddrW-1:0] w_error_addr;
  logic [287:0]     w_data;
  logic [255:0]     w_beat;
  logic [31:0]      w_strobes;
  logic [55:0]      wq_data;
  // What is not valid would be written, if it were taken.
  assign {w_strobes, w_beat} = w_valid ? w_data : '1;

  logic arvalid, rready, awvalid, wvalid, wlast, bready;
  logic [AddrW-1:0] araddr, awaddr;
  logic [7:0] arlen, awlen;
  logic [255:0]     wdata;
  logic [31:0]      wstrb;

  logic bus_arvalid, bus_arready, bus_rvalid, bus_rready, bus_rlast;
  logic bus_awvalid, bus_awready, bus_wvalid, bus_wready, bus_wlast;
  logic bus_bvalid, bus_bready, bus_arid, bus_rid, bus_awid, bus_bid;
  logic [AddrW-1:0] bus_araddr, bus_awaddr;
  logic [7:0] bus_arlen, bus_awlen;
  logic [2:0] bus_arsize, bus_awsize;
  logic [1:0] bus_arburst, bus_awburst, bus_rresp, bus_bresp;
  logic [255:0] bus_rdata, bus_wdata;
  logic [31:0] bus_wstrb;

  assign {bus_arid, bus_awid}       = '0;
  assign {bus_arsize, bus_awsize}   = {3'd5, 3'd5};
  assign {bus_arburst, bus_awburst} = {2'd1, 2'd1};

  axi_reader #(
    .AddrW(AddrW),
    .MaxBurst(MaxBurst),
    .Outstanding(Outstanding)
  ) i_reader (
    .clk_i(clk),
    .rst_ni(rst_n),
    .abort_i(r_abort),
    .idle_o(r_idle),
    .req_valid_i(rq_valid),
    .req_ready_o(rq_ready),
    .req_addr_i(rq_data[20 +: AddrW]),
    .req_beats_i(rq_data[4 +: 16]),
    .req_tag_i(rq_data[0 +: 4]),
    .valid_o(r_valid),
    .ready_i(r_ready && !r_dead),
    .last_o(r_last),
    .tag_o(r_tag),
    .data_o(r_beat),
    .error_o(r_error),
    .error_addr_o(r_error_addr),
    .m_axi_arvalid_o(arvalid),
    .m_axi_arready_i(bus_arready),
    .m_axi_araddr_o(araddr),
    .m_axi_arlen_o(arlen),
    .m_axi_rvalid_i(bus_rvalid),
    .m_axi_rready_o(rready),
    .m_axi_rdata_i(bus_rdata),
    .m_axi_rresp_i(bus_rresp),
    .m_axi_rlast_i(bus_rlast)
  );

  axi_writer #(
    .AddrW(AddrW),
    .MaxBurst(MaxBurst),
    .Outstanding(Outstanding)
  ) i_writer (
    .clk_i(clk),
    .rst_ni(rst_n),
    .abort_i(w_abort),
    .idle_o(w_idle),
    .req_valid_i(wq_valid),
    .req_ready_o(wq_ready),
    .req_addr_i(wq_data[16 +: AddrW]),
    .req_beats_i(wq_data[0 +: 16]),
    .valid_i(w_valid),
    .ready_o(w_ready),
    .data_i(w_beat),
    .strb_i(w_strobes),
    .done_o(w_done),
    .error_o(w_error),
    .error_addr_o(w_error_addr),
    .m_axi_awvalid_o(awvalid),
    .m_axi_awready_i(bus_awready),
    .m_axi_awaddr_o(awaddr),
    .m_axi_awlen_o(awlen),
    .m_axi_wvalid_o(wvalid),
    .m_axi_wready_i(bus_wready),
    .m_axi_wdata_o(wdata),
    .m_axi_wstrb_o(wstrb),
    .m_axi_wlast_o(wlast),
    .m_axi_bvalid_i(bus_bvalid),
    .m_axi_bready_o(bready),
    .m_axi_bresp_i(bus_bresp)
  );

  // sample
  initial {bus_arvalid, bus_rready, bus_awvalid, bus_wvalid, bus_bready} = '0;
  always @(posedge clk) begin
    {bus_arvalid, bus_rready, bus_awvalid, bus_wvalid, bus_bready} <=
        rst_n ? {arvalid, rready, awvalid, wvalid, bready} : '0;
    {bus_araddr, bus_arlen, bus_awaddr, bus_awlen} <= {araddr, arlen, awaddr, awlen};
    {bus_wdata, bus_wstrb, bus_wlast}              <= {wdata, wstrb, wlast};
  end

  // One ID only. Reading what comes back also keeps a simulator from dropping the signals.
  always @(posedge clk) begin
    if (rst_n && ((bus_rvalid && bus_rid !== bus_arid) || (bus_bvalid && bus_bid !== bus_awid)))
      $fatal(1, "%m: an answer with another ID");
  end

  // For the benches: the parameters, and how many bursts are and were under way.
  logic [15:0] max_burst, outstanding, reads_under_way, most_reads, writes_under_way, most_writes;
  logic [15:0] late_reads, late_writes;  // begun during the abort that is going on
  assign max_burst   = 16'(MaxBurst);
  assign outstanding = 16'(Outstanding);
  always @(posedge clk) begin
    if (!rst_n) begin
      {reads_under_way, most_reads, writes_under_way, most_writes} <= '0;
      {late_reads, late_writes} <= '0;
    end else begin
      reads_under_way  <= reads_under_way + 16'(arvalid && bus_arready)
                          - 16'(bus_rvalid && rready && bus_rlast);
      writes_under_way <= writes_under_way + 16'(awvalid && bus_awready)
                          - 16'(bus_bvalid && bready);
      late_reads  <= r_abort ? late_reads  + 16'(arvalid && bus_arready) : '0;
      late_writes <= w_abort ? late_writes + 16'(awvalid && bus_awready) : '0;
      if (reads_under_way > most_reads) most_reads <= reads_under_way;
      if (writes_under_way > most_writes) most_writes <= writes_under_way;
    end
  end

endmodule

`default_nettype wire
