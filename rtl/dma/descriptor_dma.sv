// SPDX-License-Identifier: Apache-2.0
// Fetches the descriptors of a program, in order, ahead of their use: two of them are under way
// or held at a time. Beats leave in order; four make a descriptor.
`default_nettype none

module descriptor_dma
  import chip_pkg::*;
#(
  localparam int ReqW = $bits(read_req_t),
  localparam int Held = 2 * DescBeats
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             start_i,       // with the program's line and count
  input  logic [LineAddrW-1:0] line_i,
  input  logic [31:0]      count_i,
  output logic             req_valid_o,
  input  logic             req_ready_i,
  output logic [ReqW-1:0]  req_o,
  input  logic             valid_i,       // there is room for every beat that was asked for
  input  logic [BusW-1:0]  data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [BusW-1:0]  data_o
);

  logic [LineAddrW-1:0] line_q;
  logic [31:0]      left_q;               // descriptors not asked for
  logic [1:0]       open_q;               // descriptors under way or held
  logic [1:0]       beat_q;
  logic request, done, unused_ready;

  assign req_valid_o = left_q != '0 && open_q != 2'd2;
  assign req_o       = {TagDesc, 16'(DescBeats), line_q};
  assign request     = req_valid_o && req_ready_i;
  assign done        = valid_o && ready_i && beat_q == 2'(DescBeats - 1);

  stream_fifo #(
    .Width(BusW),
    .Depth(Held)
  ) i_beats (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(unused_ready),
    .data_i,
    .valid_o,
    .ready_i,
    .data_o
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      line_q <= '0;
      left_q <= '0;
      open_q <= '0;
      beat_q <= '0;
    end else begin
      if (start_i) begin
        line_q <= line_i;
        left_q <= count_i;
      end else if (request) begin
        line_q <= line_q + LineAddrW'(DescBeats);
        left_q <= left_q - 32'd1;
      end
      open_q <= open_q + 2'(request) - 2'(done);
      if (valid_o && ready_i) beat_q <= beat_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
