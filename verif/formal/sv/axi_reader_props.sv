// SPDX-License-Identifier: Apache-2.0
// A read master that keeps to the bus: no burst crosses 4 KB, a waiting address is neither changed
// nor withdrawn, never more bursts under way than it can keep; and its stream has one beat for each
// beat of the bus, its end marked where the request's last beat is.
`default_nettype none
`include "formal.svh"

module axi_reader_props #(
  parameter int AddrW       = 16,
  parameter int TagW        = 2,
  parameter int Outstanding = 2,
  localparam int DataW = 256
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             abort_i,
  input logic             req_valid_i,
  input logic [AddrW-1:0] req_addr_i,
  input logic [15:0]      req_beats_i,
  input logic [TagW-1:0]  req_tag_i,
  input logic             ready_i,
  input logic             arready_i,
  input logic             rvalid_i,
  input logic [DataW-1:0] rdata_i,
  input logic [1:0]       rresp_i,
  input logic             rlast_i
);

  logic idle, req_ready, valid, last, error, arvalid, rready;
  logic [TagW-1:0]  tag;
  logic [DataW-1:0] data;
  logic [AddrW-1:0] error_addr, araddr;
  logic [7:0] arlen;

  axi_reader #(
    .AddrW(AddrW),
    .TagW(TagW),
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
    .req_tag_i,
    .valid_o(valid),
    .ready_i,
    .last_o(last),
    .tag_o(tag),
    .data_o(data),
    .error_o(error),
    .error_addr_o(error_addr),
    .m_axi_arvalid_o(arvalid),
    .m_axi_arready_i(arready_i),
    .m_axi_araddr_o(araddr),
    .m_axi_arlen_o(arlen),
    .m_axi_rvalid_i(rvalid_i),
    .m_axi_rready_o(rready),
    .m_axi_rdata_i(rdata_i),
    .m_axi_rresp_i(rresp_i),
    .m_axi_rlast_i(rlast_i)
  );

  `FORMAL_ONE_RESET

  always_comb if (req_valid_i) assume (req_addr_i[4:0] == '0 && req_beats_i != '0);

  // The memory: answers bursts in order, all their beats, and holds a beat until it is taken.
  logic [7:0] len [Outstanding];   // of the bursts under way, the oldest first
  int         under_way_q;
  logic [7:0] beat_q;
  logic start, beat, burst_end;

  assign start     = arvalid && arready_i;
  assign beat      = rvalid_i && rready;
  assign burst_end = beat && rlast_i;
  always_ff @(posedge clk_i) begin
    if (burst_end) for (int i = 0; i + 1 < Outstanding; i++) len[i] <= len[i+1];
    if (start && under_way_q - int'(burst_end) < Outstanding)
      len[under_way_q-int'(burst_end)] <= arlen;
    under_way_q <= !rst_ni ? 0 : under_way_q + int'(start) - int'(burst_end);
    if (!rst_ni || burst_end) beat_q <= '0;
    else if (beat) beat_q <= beat_q + 1'b1;
  end
  logic             wait_q;
  logic [DataW+2:0] wait_data_q;
  always_ff @(posedge clk_i) begin
    wait_q      <= rst_ni && rvalid_i && !rready;
    wait_data_q <= {rdata_i, rresp_i, rlast_i};
  end
  always_comb begin
    if (under_way_q == 0) assume (!rvalid_i);
    if (rvalid_i) assume (rlast_i == (beat_q == len[0]));
    if (wait_q) assume (rvalid_i && {rdata_i, rresp_i, rlast_i} == wait_data_q);
  end

  // Requests that wait are legal, as they were when they came.
  logic [1:0] legal;
  for (genvar i = 0; i < 2; i++) begin : gen_request
    logic held;
    assign held     = i_dut.i_requests.count_q == 2'd2
                      || (i_dut.i_requests.count_q == 2'd1 && i_dut.i_requests.rd_q == 1'(i));
    assign legal[i] = !held || (i_dut.i_requests.mem[i][TagW +: 16] != '0
                                && i_dut.i_requests.mem[i][TagW+16 +: 5] == '0);
  end

  always_comb
    if (rst_ni) begin
      a_page : assert (!arvalid || int'(araddr[11:0]) + 32 * (int'(arlen) + 1) <= 4096);
      a_limit : assert (under_way_q <= Outstanding && (!arvalid || under_way_q < Outstanding));
      a_pass : assert (abort_i || (valid && ready_i) == beat);
      a_data : assert (!valid || data == rdata_i);
      a_last : assert (!(valid && last) || rlast_i);
      a_idle : assert (!idle || (under_way_q == 0 && !arvalid));
      a_error : assert (error == (beat && rresp_i[1] && !abort_i));
      inv_wait :
      assert (&legal && i_dut.i_requests.count_q <= 2'd2
                      && i_dut.i_requests.wr_q == (i_dut.i_requests.rd_q
                                                   ^ i_dut.i_requests.count_q[0]));
      inv_held : assert (under_way_q >= 0 && int'(i_dut.i_under_way.count_q) == under_way_q);
      inv_beat : assert (i_dut.beat_q == beat_q);
      inv_ptr :
      assert (int'(i_dut.i_under_way.rd_q) < Outstanding
                      && int'(i_dut.i_under_way.wr_q)
                         == (int'(i_dut.i_under_way.rd_q) + under_way_q) % Outstanding);
      inv_head : assert (under_way_q == 0 || i_dut.head_len == len[0]);
      inv_back :
      assert (under_way_q < 2
                      || i_dut.i_under_way.mem[i_dut.i_under_way.rd_q == 1'b0][TagW+1 +: 8]
                         == len[1]);
      inv_open : assert (under_way_q == 0 || beat_q <= len[0]);
      inv_none : assert (under_way_q != 0 || beat_q == '0);
      c_page : cover (arvalid && araddr[11:0] == 12'hfe0);
      c_two : cover (under_way_q == 2 && beat);
      c_last : cover (valid && last && beat_q == 8'd1 && tag == '1);
      c_abort : cover (abort_i && beat && idle == 1'b0);
    end

endmodule

`default_nettype wire
