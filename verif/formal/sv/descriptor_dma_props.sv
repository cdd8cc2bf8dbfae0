// SPDX-License-Identifier: Apache-2.0
// The descriptors of a program are asked for once, in order, all of them, and no more than there is
// room for: every beat that arrives is kept, and they leave as many as have come.
`default_nettype none
`include "formal.svh"

module descriptor_dma_props
  import chip_pkg::*;
(
  input logic                 clk_i,
  input logic                 rst_ni,
  input logic                 start_i,
  input logic [LineAddrW-1:0] line_i,
  input logic [31:0]          count_i,
  input logic                 req_ready_i,
  input logic                 valid_i,
  input logic [BusW-1:0]      data_i,
  input logic                 ready_i
);

  logic req_valid, valid;
  read_req_t       req;
  logic [BusW-1:0] data;

  descriptor_dma i_dut (
    .clk_i,
    .rst_ni,
    .start_i,
    .line_i,
    .count_i,
    .req_valid_o(req_valid),
    .req_ready_i,
    .req_o(req),
    .valid_i,
    .data_i,
    .valid_o(valid),
    .ready_i,
    .data_o(data)
  );

  `FORMAL_RESET

  logic [3:0] due_q, held_q;  // beats under way, and held
  logic [31:0]          left_q;
  logic [LineAddrW-1:0] line_q;
  logic request, leave;
  assign request = req_valid && req_ready_i;
  assign leave   = valid && ready_i;
  always_comb begin
    assume (!valid_i || due_q != '0);
    assume (!start_i || left_q == '0);  // one program a run
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {due_q, held_q, left_q} <= '0;
    end else begin
      due_q  <= due_q + (request ? 4'(DescBeats) : '0) - 4'(valid_i);
      held_q <= held_q + 4'(valid_i) - 4'(leave);
      if (start_i) begin
        left_q <= count_i;
        line_q <= line_i;
      end else if (request) begin
        left_q <= left_q - 32'd1;
        line_q <= line_q + LineAddrW'(DescBeats);
      end
    end
  end

  always_comb
    if (rst_ni) begin
      a_room : assert (int'(due_q) + int'(held_q) <= 2 * DescBeats);
      a_keeps : assert (!valid_i || i_dut.unused_ready);
      a_ask :
      assert (!request || (left_q != '0 && req.tag == TagDesc && req.line == line_q
                       && int'(req.beats) == DescBeats));
      a_goes_on : assert (left_q == '0 || req_valid || int'(due_q) + int'(held_q) > DescBeats);
      a_leaves : assert (valid == (held_q != '0));
      inv_ask : assert (i_dut.left_q == left_q && (left_q == '0 || i_dut.line_q == line_q));
      inv_held : assert (i_dut.i_beats.count_q == held_q);
      inv_open : assert (4 * int'(i_dut.open_q) == int'(due_q) + int'(held_q) + int'(i_dut.beat_q));
      c_full : cover (int'(held_q) == 2 * DescBeats);
      c_third : cover (request && left_q == 32'd1 && count_i == 32'd3 && held_q == 4'd4);
    end

endmodule

`default_nettype wire
