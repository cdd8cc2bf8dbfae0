// SPDX-License-Identifier: Apache-2.0
// Partial-sum buffer: Depth entries of Len sums of OutW bits, modulo 2^OutW. Also the CSBUF.
//
// An update adds to its entry in one cycle; the first one after a read starts from zero, so the
// buffer needs no clearing. Updates always pass; a read takes the one memory port only when no
// update does (rd_ready_o), and its data is registered. An entry never updated reads as zero.
`default_nettype none

module psum_buffer
  import panacea_pkg::*;
#(
  parameter int Depth = 16,
  parameter int Len   = BlockLen,
  parameter int InW   = 24,
  parameter int OutW  = PsumW,
  localparam int AddrW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                upd_valid_i,
  input  logic [AddrW-1:0]    upd_addr_i,
  input  logic [Len*InW-1:0]  upd_data_i,
  input  logic                rd_valid_i,
  output logic                rd_ready_o,
  input  logic [AddrW-1:0]    rd_addr_i,
  output logic [Len*OutW-1:0] rd_data_o
);

  logic [Len*OutW-1:0] mem [Depth];
  logic [Depth-1:0]    fresh_q;   // nothing accumulated since the last read

  function automatic logic [Len*OutW-1:0] add(input logic [Len*OutW-1:0] old,
                                              input logic [Len*InW-1:0] data);
    for (int e = 0; e < Len; e++)
    add[e*OutW+:OutW] = old[e*OutW+:OutW] + OutW'($signed(data[e*InW+:InW]));
  endfunction

  assign rd_ready_o = !upd_valid_i;

  always_ff @(posedge clk_i) begin
    if (upd_valid_i) begin
      mem[upd_addr_i] <= add(fresh_q[upd_addr_i] ? '0 : mem[upd_addr_i], upd_data_i);
    end else if (rd_valid_i) begin
      rd_data_o <= fresh_q[rd_addr_i] ? '0 : mem[rd_addr_i];
    end
    if (!rst_ni) fresh_q <= '1;
    else if (upd_valid_i) fresh_q[upd_addr_i] <= 1'b0;
    else if (rd_valid_i) fresh_q[rd_addr_i] <= 1'b1;
  end

endmodule

`default_nettype wire
