// SPDX-License-Identifier: Apache-2.0
// AXI4 write master: requests and a stream of 256-bit beats in, INCR bursts within 4 KB out.
//
// Up to Outstanding bursts are under way, all with one ID (add AWID, AWSIZE = 5, AWBURST = 1
// outside). Addresses and data are offered independently, so a memory may wait for either first.
// Beats belong to the requests in order; data may come before or after its request.
// `done_o` pulses when the last burst of a request is answered, in the requests' order, errors or
// not; an error answer pulses `error_o` with the first address of its burst, not later than that.
//
// `abort_i`: requests that have not started are dropped, no further burst is begun, and bursts
// under way are filled up with beats that write nothing. Hold it until `idle_o`; a request cut
// short is not reported as done, and beats of the stream are not taken.
`default_nettype none
`include "assert.svh"

module axi_writer #(
  parameter int AddrW       = 40,
  parameter int MaxBurst    = 16,
  parameter int Outstanding = 8,
  parameter int ReqDepth    = 2,
  localparam int DataW = 256,
  localparam int StrbW = DataW / 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             abort_i,
  output logic             idle_o,        // nothing queued, nothing under way
  input  logic             req_valid_i,
  output logic             req_ready_o,
  input  logic [AddrW-1:0] req_addr_i,    // a multiple of 32
  input  logic [15:0]      req_beats_i,   // 1 to 65535
  input  logic             valid_i,
  output logic             ready_o,
  input  logic [DataW-1:0] data_i,
  input  logic [StrbW-1:0] strb_i,
  output logic             done_o,
  output logic             error_o,
  output logic [AddrW-1:0] error_addr_o,
  output logic             m_axi_awvalid_o,
  input  logic             m_axi_awready_i,
  output logic [AddrW-1:0] m_axi_awaddr_o,
  output logic [7:0]       m_axi_awlen_o,
  output logic             m_axi_wvalid_o,
  input  logic             m_axi_wready_i,
  output logic [DataW-1:0] m_axi_wdata_o,
  output logic [StrbW-1:0] m_axi_wstrb_o,
  output logic             m_axi_wlast_o,
  input  logic             m_axi_bvalid_i,
  output logic             m_axi_bready_o,
  input  logic [1:0]       m_axi_bresp_i
);

  localparam int ReqW = AddrW + 16;

  logic queue_ready, rq_valid, rq_ready, burst_valid, burst_last, start, unused_tag;
  logic [ReqW-1:0]  rq_data;
  logic [AddrW-1:0] burst_addr;
  logic [7:0] burst_len, fill_len, beat_q;
  logic aw_ready, fill_ready, slot_ready, fill_valid, fill_end, load;
  logic w_valid_q, w_last_q, wait_valid, wait_last;
  logic [DataW-1:0] w_data_q;
  logic [StrbW-1:0] w_strb_q;

  assign req_ready_o = queue_ready && !abort_i;

  stream_fifo #(
    .Width(ReqW),
    .Depth(ReqDepth)
  ) i_requests (
    .clk_i,
    .rst_ni  (rst_ni && !abort_i),
    .valid_i (req_valid_i && !abort_i),
    .ready_o (queue_ready),
    .data_i  ({req_addr_i, req_beats_i}),
    .valid_o (rq_valid),
    .ready_i (rq_ready),
    .data_o  (rq_data)
  );

  burst_splitter #(
    .AddrW(AddrW),
    .TagW(1),
    .MaxBurst(MaxBurst)
  ) i_splitter (
    .clk_i,
    .rst_ni,
    .abort_i,
    .req_valid_i (rq_valid),
    .req_ready_o (rq_ready),
    .req_addr_i  (rq_data[16 +: AddrW]),
    .req_beats_i (rq_data[0 +: 16]),
    .req_tag_i   (1'b0),
    .valid_o     (burst_valid),
    .ready_i     (aw_ready && fill_ready && slot_ready),
    .addr_o      (burst_addr),
    .len_o       (burst_len),
    .last_o      (burst_last),
    .tag_o       (unused_tag)
  );

  // A burst starts on all three of its ways at once: address, data, answer.
  assign start = burst_valid && aw_ready && fill_ready && slot_ready;

  stream_fifo #(
    .Width(AddrW + 8),
    .Depth(2)
  ) i_addresses (
    .clk_i,
    .rst_ni,
    .valid_i (start),
    .ready_o (aw_ready),
    .data_i  ({burst_addr, burst_len}),
    .valid_o (m_axi_awvalid_o),
    .ready_i (m_axi_awready_i),
    .data_o  ({m_axi_awaddr_o, m_axi_awlen_o})
  );

  stream_fifo #(
    .Width(8),
    .Depth(Outstanding)
  ) i_to_fill (
    .clk_i,
    .rst_ni,
    .valid_i (start),
    .ready_o (fill_ready),
    .data_i  (burst_len),
    .valid_o (fill_valid),
    .ready_i (fill_end),
    .data_o  (fill_len)
  );

  stream_fifo #(
    .Width(AddrW + 1),
    .Depth(Outstanding)
  ) i_to_answer (
    .clk_i,
    .rst_ni,
    .valid_i (start),
    .ready_o (slot_ready),
    .data_i  ({burst_addr, burst_last && !abort_i}),
    .valid_o (wait_valid),
    .ready_i (m_axi_bvalid_i),
    .data_o  ({error_addr_o, wait_last})
  );

  // The W channel is a register, so that an abort cannot change a beat that waits.
  assign ready_o  = fill_valid && !abort_i && (!w_valid_q || m_axi_wready_i);
  assign load     = fill_valid && (valid_i || abort_i) && (!w_valid_q || m_axi_wready_i);
  assign fill_end = load && beat_q == fill_len;

  always_ff @(posedge clk_i) begin
    if (load) begin
      w_data_q <= data_i;
      w_strb_q <= abort_i ? '0 : strb_i;
      w_last_q <= beat_q == fill_len;
    end
    if (!rst_ni) begin
      w_valid_q <= 1'b0;
      beat_q    <= '0;
    end else begin
      if (load || m_axi_wready_i) w_valid_q <= load;
      if (fill_end) beat_q <= '0;
      else if (load) beat_q <= beat_q + 1'b1;
    end
  end

  assign m_axi_wvalid_o = w_valid_q;
  assign m_axi_wdata_o  = w_data_q;
  assign m_axi_wstrb_o  = w_strb_q;
  assign m_axi_wlast_o  = w_last_q;
  assign m_axi_bready_o = wait_valid;

  assign done_o  = m_axi_bvalid_i && wait_valid && wait_last;
  assign error_o = m_axi_bvalid_i && wait_valid && m_axi_bresp_i >= 2'b10 && !abort_i;
  assign idle_o  = !rq_valid && !burst_valid && !wait_valid;

  `PANACEA_ASSERT(!m_axi_bvalid_i || wait_valid, "an answer arrives that was not asked for")
  `PANACEA_ASSERT(!idle_o || (!w_valid_q && !m_axi_awvalid_o), "idle with a burst not written")

  payload_check #(
    .Width(AddrW + 8)
  ) i_check_aw (
    .clk_i,
    .rst_ni,
    .valid_i(m_axi_awvalid_o),
    .ready_i(m_axi_awready_i),
    .data_i({m_axi_awaddr_o, m_axi_awlen_o})
  );
  payload_check #(
    .Width(DataW + StrbW + 1)
  ) i_check_w (
    .clk_i,
    .rst_ni,
    .valid_i(m_axi_wvalid_o),
    .ready_i(m_axi_wready_i),
    .data_i({m_axi_wdata_o, m_axi_wstrb_o, m_axi_wlast_o})
  );

endmodule

`default_nettype wire
