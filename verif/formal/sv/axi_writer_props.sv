// SPDX-License-Identifier: Apache-2.0
// A write master that keeps to the bus: no burst crosses 4 KB, waiting addresses and beats are
// neither changed nor withdrawn, WLAST is the last of as many beats as the burst's address said;
// and each request that is not cut short is reported as done once.
`default_nettype none
`include "formal.svh"

module axi_writer_props #(
  parameter int AddrW       = 16,
  parameter int Outstanding = 2,
  localparam int DataW = 256
) (
  input logic               clk_i,
  input logic               rst_ni,
  input logic               abort_i,
  input logic               req_valid_i,
  input logic [AddrW-1:0]   req_addr_i,
  input logic [15:0]        req_beats_i,
  input logic               valid_i,
  input logic [DataW-1:0]   data_i,
  input logic [DataW/8-1:0] strb_i,
  input logic               awready_i,
  input logic               wready_i,
  input logic               bvalid_i,
  input logic [1:0]         bresp_i
);

  logic idle, req_ready, ready, done, error, awvalid, wvalid, wlast, bready;
  logic [AddrW-1:0] error_addr, awaddr;
  logic [7:0]         awlen;
  logic [DataW-1:0]   wdata;
  logic [DataW/8-1:0] wstrb;

  axi_writer #(
    .AddrW(AddrW),
    .Outstanding(Outstanding)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .abort_i,
    .idle_o(idle),
    .req_valid_i,
    .req_ready_o(req_ready),
    .req_addr_i,
    .req_beats_i,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .strb_i,
    .done_o(done),
    .error_o(error),
    .error_addr_o(error_addr),
    .m_axi_awvalid_o(awvalid),
    .m_axi_awready_i(awready_i),
    .m_axi_awaddr_o(awaddr),
    .m_axi_awlen_o(awlen),
    .m_axi_wvalid_o(wvalid),
    .m_axi_wready_i(wready_i),
    .m_axi_wdata_o(wdata),
    .m_axi_wstrb_o(wstrb),
    .m_axi_wlast_o(wlast),
    .m_axi_bvalid_i(bvalid_i),
    .m_axi_bready_o(bready),
    .m_axi_bresp_i(bresp_i)
  );

  `FORMAL_ONE_RESET

  always_comb if (req_valid_i) assume (req_addr_i[4:0] == '0 && req_beats_i != '0);

  // The memory answers a burst after its address and its last beat, and holds the answer.
  logic [3:0] addresses_q, lasts_q;
  logic b_wait_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) {addresses_q, lasts_q} <= '0;
    else begin
      addresses_q <= addresses_q + 4'(awvalid && awready_i) - 4'(bvalid_i && bready);
      lasts_q     <= lasts_q + 4'(wvalid && wready_i && wlast) - 4'(bvalid_i && bready);
    end
    b_wait_q <= rst_ni && bvalid_i && !bready;
  end
  always_comb begin
    if (addresses_q == '0 || lasts_q == '0) assume (!bvalid_i);
    if (b_wait_q) assume (bvalid_i);
  end

  // Lengths of the bursts whose last beat is not out, the oldest first; beats of the oldest.
  logic [7:0] len [2*Outstanding+1];
  int         open_q;
  logic [7:0] beat_q;
  logic begun, w_end;
  assign begun = i_dut.start;
  assign w_end = wvalid && wready_i && wlast;
  always_ff @(posedge clk_i) begin
    if (w_end) for (int i = 0; i < 2 * Outstanding; i++) len[i] <= len[i+1];
    if (begun && open_q - int'(w_end) <= 2 * Outstanding)
      len[open_q-int'(w_end)] <= i_dut.burst_len;
    open_q <= !rst_ni ? 0 : open_q + int'(begun) - int'(w_end);
    if (!rst_ni || w_end) beat_q <= '0;
    else if (wvalid && wready_i) beat_q <= beat_q + 1'b1;
  end

  always_comb
    if (rst_ni) begin
      a_page : assert (!awvalid || int'(awaddr[11:0]) + 32 * (int'(awlen) + 1) <= 4096);
      a_last : assert (!wvalid || wlast == (beat_q == len[0]));
      a_known : assert (!wvalid || open_q > 0);
      a_abort : assert (!(i_dut.load && abort_i) || !ready);
      a_done : assert (!done || (bvalid_i && bready));
      c_page : cover (awvalid && awaddr[11:0] == 12'hfe0);
      c_two : cover (open_q == 2 && wvalid && wlast && beat_q == 8'd1);
      c_done : cover (done && error);
      c_filled : cover (wvalid && wstrb == '0 && abort_i);
    end

endmodule

`default_nettype wire
