// SPDX-License-Identifier: Apache-2.0
// Cuts a transfer of up to 65535 beats into INCR bursts that end at multiples of MaxBurst beats.
// A multiple of MaxBurst * 32 bytes divides 4 KB, so no burst crosses a 4 KB boundary.
//
// The first burst is out one cycle after the request, then one burst a cycle. While `abort_i` is
// high no request is taken, and the burst that is offered is the last.
`default_nettype none
`include "assert.svh"

module burst_splitter #(
  parameter int AddrW    = 40,
  parameter int TagW     = 4,
  parameter int MaxBurst = 16,    // a power of two, 1 to 128
  localparam int BeatShift = 5    // 32 bytes
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             abort_i,
  input  logic             req_valid_i,
  output logic             req_ready_o,
  input  logic [AddrW-1:0] req_addr_i,   // a multiple of 32
  input  logic [15:0]      req_beats_i,  // 1 to 65535
  input  logic [TagW-1:0]  req_tag_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [AddrW-1:0] addr_o,
  output logic [7:0]       len_o,        // beats - 1, as AXI has it
  output logic             last_o,       // of the request
  output logic [TagW-1:0]  tag_o
);

  localparam int LineW = AddrW - BeatShift;

  logic [LineW-1:0] line_q;   // address in beats
  logic [15:0]      left_q;   // beats left, 0: idle
  logic [TagW-1:0]  tag_q;
  logic [15:0] room, beats;

  // Beats up to the next multiple of MaxBurst.
  assign room  = 16'(MaxBurst) - (16'(line_q) & 16'(MaxBurst - 1));
  assign beats = (left_q < room) ? left_q : room;

  assign req_ready_o = left_q == '0 && !abort_i;
  assign valid_o     = left_q != '0;
  assign addr_o      = {line_q, BeatShift'(0)};
  assign len_o       = 8'(beats - 16'd1);
  assign last_o      = left_q == beats;
  assign tag_o       = tag_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      line_q <= '0;
      left_q <= '0;
      tag_q  <= '0;
    end else if (req_valid_i && req_ready_o) begin
      line_q <= req_addr_i[AddrW-1:BeatShift];
      left_q <= req_beats_i;
      tag_q  <= req_tag_i;
    end else if (valid_o && ready_i) begin
      line_q <= line_q + LineW'(beats);
      left_q <= abort_i ? '0 : left_q - beats;
    end
  end

  `PANACEA_ASSERT(!req_valid_i || !req_ready_o || req_beats_i != '0, "a request of no beats")
  `PANACEA_ASSERT(!req_valid_i || !req_ready_o || req_addr_i[BeatShift-1:0] == '0,
                  "the address of a request is not a multiple of 32")
  `PANACEA_ASSERT(!valid_o || 16'(addr_o[11:BeatShift]) + beats <= 16'd128,
                  "a burst crosses a 4 KB boundary")
  `PANACEA_ASSERT(MaxBurst <= 128 && (MaxBurst & (MaxBurst - 1)) == 0,
                  "MaxBurst is not a power of two up to 128")

endmodule

`default_nettype wire
