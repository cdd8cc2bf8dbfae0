// SPDX-License-Identifier: Apache-2.0
// The bursts of a transfer cover it once, in order, without a gap; none crosses 4 KB (the RTL's
// own assertion) or is too long, and the last one is marked.
`default_nettype none
`include "formal.svh"

module burst_splitter_props #(
  parameter int AddrW    = 40,
  parameter int TagW     = 4,
  parameter int MaxBurst = 16
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             abort_i,
  input logic             req_valid_i,
  input logic [AddrW-1:0] req_addr_i,
  input logic [15:0]      req_beats_i,
  input logic [TagW-1:0]  req_tag_i,
  input logic             ready_i
);

  logic req_ready, valid, last;
  logic [AddrW-1:0] addr;
  logic [7:0]       len;
  logic [TagW-1:0]  tag;

  burst_splitter #(
    .AddrW(AddrW),
    .TagW(TagW),
    .MaxBurst(MaxBurst)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .abort_i,
    .req_valid_i,
    .req_ready_o(req_ready),
    .req_addr_i,
    .req_beats_i,
    .req_tag_i,
    .valid_o(valid),
    .ready_i,
    .addr_o(addr),
    .len_o(len),
    .last_o(last),
    .tag_o(tag)
  );

  `FORMAL_RESET

  always_comb if (req_valid_i) assume (req_addr_i[4:0] == '0 && req_beats_i != '0);

  logic             busy_q;      // a request is being cut
  logic [AddrW-1:0] addr_q;      // where its next burst has to begin
  int               left_q;      // beats that are left of it
  logic [TagW-1:0]  tag_q;
  int               beats;

  assign beats = int'(len) + 1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (req_valid_i && req_ready) begin
      busy_q <= 1'b1;
      addr_q <= req_addr_i;
      left_q <= int'(req_beats_i);
      tag_q  <= req_tag_i;
    end else if (valid && ready_i) begin
      busy_q <= !last && !abort_i;
      addr_q <= addr_q + AddrW'(32 * beats);
      left_q <= left_q - beats;
    end
  end

  always_comb
    if (rst_ni) begin
      a_some : assert (valid == busy_q);
      a_place : assert (!valid || (addr == addr_q && tag == tag_q));
      a_length : assert (!valid || (beats <= MaxBurst && beats <= left_q));
      a_last : assert (!valid || last == (beats == left_q));
      a_page : assert (!valid || int'(addr[11:0]) + 32 * beats <= 4096);
      a_take : assert (req_ready == (!busy_q && !abort_i));
      inv_left : assert (int'(i_dut.left_q) == (busy_q ? left_q : 0));
      inv_busy : assert (!busy_q || left_q > 0);
      inv_tag : assert (!busy_q || (i_dut.tag_q == tag_q && {i_dut.line_q, 5'd0} == addr_q));
      c_cross : cover (valid && addr[11:0] == '0 && !last && left_q == 100);
      c_short : cover (valid && last && beats == 3 && addr_q[8:5] == 4'd5);
      c_abort : cover (busy_q && abort_i && !last && ready_i);
    end

  payload_check #(
    .Width(AddrW + 9 + TagW)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(valid),
    .ready_i,
    .data_i({addr, len, last, tag})
  );

endmodule

`default_nettype wire
