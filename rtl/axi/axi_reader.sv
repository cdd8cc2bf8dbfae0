// SPDX-License-Identifier: Apache-2.0
// AXI4 read master: requests of 256-bit beats in, one stream of data out, in the requests' order.
//
// Requests are queued, cut into INCR bursts within 4 KB, and up to Outstanding bursts are under
// way at a time, all with one ID (add ARID, ARSIZE = 5, ARBURST = 1 outside). RREADY follows
// `ready_i`: what is not taken stays in the memory system. An error response reports the address
// of its beat; the beat is passed on like any other, so a request always yields all its beats.
//
// `abort_i`: requests that have not started are dropped, no further burst is begun, and what
// still arrives is discarded. Hold it until `idle_o`; the stream may end in mid-request.
`default_nettype none
`include "assert.svh"

module axi_reader #(
  parameter int AddrW       = 40,
  parameter int TagW        = 4,
  parameter int MaxBurst    = 16,
  parameter int Outstanding = 8,
  parameter int ReqDepth    = 2,
  localparam int DataW = 256
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             abort_i,
  output logic             idle_o,        // nothing queued, nothing under way
  input  logic             req_valid_i,
  output logic             req_ready_o,
  input  logic [AddrW-1:0] req_addr_i,    // a multiple of 32
  input  logic [15:0]      req_beats_i,   // 1 to 65535
  input  logic [TagW-1:0]  req_tag_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic             last_o,        // of the request
  output logic [TagW-1:0]  tag_o,
  output logic [DataW-1:0] data_o,
  output logic             error_o,       // pulse, with the address of the beat
  output logic [AddrW-1:0] error_addr_o,
  output logic             m_axi_arvalid_o,
  input  logic             m_axi_arready_i,
  output logic [AddrW-1:0] m_axi_araddr_o,
  output logic [7:0]       m_axi_arlen_o,
  input  logic             m_axi_rvalid_i,
  output logic             m_axi_rready_o,
  input  logic [DataW-1:0] m_axi_rdata_i,
  input  logic [1:0]       m_axi_rresp_i,
  input  logic             m_axi_rlast_i
);

  localparam int ReqW = AddrW + 16 + TagW;
  localparam int LineW = AddrW - 5;  // addresses in beats
  localparam int BurstW = LineW + 8 + 1 + TagW;

  logic rq_valid, rq_ready, burst_valid, burst_last, slot_ready, take, burst_end;
  logic [ReqW-1:0]  rq_data;
  logic [TagW-1:0]  burst_tag;
  logic head_valid, head_last;
  logic [LineW-1:0] head_line;
  logic [7:0] head_len, beat_q;
  logic queue_ready;

  assign req_ready_o = queue_ready && !abort_i;

  stream_fifo #(
    .Width(ReqW),
    .Depth(ReqDepth)
  ) i_requests (
    .clk_i,
    .rst_ni  (rst_ni && !abort_i),
    .valid_i (req_valid_i && !abort_i),
    .ready_o (queue_ready),
    .data_i  ({req_addr_i, req_beats_i, req_tag_i}),
    .valid_o (rq_valid),
    .ready_i (rq_ready),
    .data_o  (rq_data)
  );

  burst_splitter #(
    .AddrW(AddrW),
    .TagW(TagW),
    .MaxBurst(MaxBurst)
  ) i_splitter (
    .clk_i,
    .rst_ni,
    .abort_i,
    .req_valid_i (rq_valid),
    .req_ready_o (rq_ready),
    .req_addr_i  (rq_data[TagW+16 +: AddrW]),
    .req_beats_i (rq_data[TagW +: 16]),
    .req_tag_i   (rq_data[0 +: TagW]),
    .valid_o     (burst_valid),
    .ready_i     (slot_ready && m_axi_arready_i),
    .addr_o      (m_axi_araddr_o),
    .len_o       (m_axi_arlen_o),
    .last_o      (burst_last),
    .tag_o       (burst_tag)
  );

  assign m_axi_arvalid_o = burst_valid && slot_ready;

  // Bursts under way; the data of the one at the head arrives next.
  stream_fifo #(
    .Width(BurstW),
    .Depth(Outstanding)
  ) i_under_way (
    .clk_i,
    .rst_ni,
    .valid_i (burst_valid && m_axi_arready_i),
    .ready_o (slot_ready),
    .data_i  ({m_axi_araddr_o[AddrW-1:5], m_axi_arlen_o, burst_last, burst_tag}),
    .valid_o (head_valid),
    .ready_i (burst_end),
    .data_o  ({head_line, head_len, head_last, tag_o})
  );

  assign m_axi_rready_o = head_valid && (ready_i || abort_i);
  assign take           = m_axi_rvalid_i && m_axi_rready_o;
  assign burst_end      = take && beat_q == head_len;

  assign valid_o = head_valid && m_axi_rvalid_i && !abort_i;
  assign last_o  = head_last && beat_q == head_len;
  assign data_o  = m_axi_rdata_i;

  assign error_o      = take && m_axi_rresp_i >= 2'b10 && !abort_i;
  assign error_addr_o = {head_line + LineW'(beat_q), 5'd0};

  assign idle_o = !rq_valid && !burst_valid && !head_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= '0;
    else if (burst_end) beat_q <= '0;
    else if (take) beat_q <= beat_q + 1'b1;
  end

  `PANACEA_ASSERT(!m_axi_rvalid_i || head_valid, "data arrives that was not asked for")
  `PANACEA_ASSERT(!take || m_axi_rlast_i == (beat_q == head_len), "RLAST at the wrong beat")

  payload_check #(
    .Width(AddrW + 8)
  ) i_check_ar (
    .clk_i,
    .rst_ni,
    .valid_i(m_axi_arvalid_o),
    .ready_i(m_axi_arready_i),
    .data_i({m_axi_araddr_o, m_axi_arlen_o})
  );
  payload_check #(
    .Width(DataW + 3)
  ) i_check_r (
    .clk_i,
    .rst_ni,
    .valid_i(m_axi_rvalid_i),
    .ready_i(m_axi_rready_o),
    .data_i({m_axi_rdata_i, m_axi_rresp_i, m_axi_rlast_i})
  );

endmodule

`default_nettype wire
