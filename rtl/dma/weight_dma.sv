// SPDX-License-Identifier: Apache-2.0
// Loads weight blocks into the banks of WMEM. One side asks for the block's beats, up to ReqBeats
// at a time and only while every bank has room for all that is under way, so that weights never
// hold up the bus. The other side follows the chunks' headers and deals the beats out.
//
// A header that does not fit the block raises `error_o`. A block to be kept that cannot be loaded
// to its end, and one more block than a bank can tell apart, raise `too_large_o`.
`default_nettype none
`include "assert.svh"

module weight_dma
  import chip_pkg::*;
#(
  parameter int NumPea   = 16,
  parameter int Depth    = 256,           // beats of a bank
  parameter int ReqBeats = 32,
  localparam int JobW  = $bits(weight_job_t),
  localparam int ReqW  = $bits(read_req_t),
  localparam int UsedW = $clog2(Depth) + 1
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    job_valid_i,
  output logic                    job_ready_o,
  input  logic [JobW-1:0]         job_i,
  output logic                    req_valid_o,
  input  logic                    req_ready_i,
  output logic [ReqW-1:0]         req_o,
  input  logic                    valid_i,
  output logic                    ready_o,
  input  logic [BusW-1:0]         data_i,
  input  logic [NumPea*UsedW-1:0] used_i,
  input  logic [NumPea-1:0]       held_i,      // the bank frees nothing before its block is whole
  output logic [NumPea-1:0]       bank_valid_o,
  input  logic [NumPea-1:0]       bank_ready_i,
  output logic                    bank_last_o,
  output logic [BusW-1:0]         bank_data_o,
  output logic                    error_o,
  output logic                    too_large_o
);

  localparam int HdrEntries = 16;
  localparam int Headers = (NumPea + HdrEntries - 1) / HdrEntries;
  localparam int HdrA = (Headers > 1) ? $clog2(Headers) : 1;
  localparam int PeaA = (NumPea > 1) ? $clog2(NumPea) : 1;
  localparam int CountW = 12;

  // Requests
  weight_job_t       job;
  logic [LineAddrW-1:0]  line_q;
  logic [23:0]       left_q;              // beats not asked for
  logic [15:0] under_way_q, beats;
  logic [NumPea-1:0] full;  // no room for one more request
  logic start, request, take, follow_ready;

  assign job         = job_i;
  assign job_ready_o = left_q == '0 && follow_ready;
  assign start       = job_valid_i && job_ready_o;
  assign beats       = (left_q > 24'(ReqBeats)) ? 16'(ReqBeats) : left_q[15:0];
  assign req_valid_o = left_q != '0 && full == '0;
  assign req_o       = {TagWeight, beats, line_q};
  assign request     = req_valid_o && req_ready_i;
  assign too_large_o = (left_q != '0 && under_way_q == '0 && (full & held_i) != '0)
                       || (valid_i && !ready_o);

  for (genvar p = 0; p < NumPea; p++) begin : gen_full
    assign full[p] = 17'(used_i[p*UsedW+:UsedW]) + 17'(under_way_q) + 17'(ReqBeats) > 17'(Depth);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      line_q      <= '0;
      left_q      <= '0;
      under_way_q <= '0;
    end else begin
      if (start) begin
        line_q <= job.line;
        left_q <= job.beats;
      end else if (request) begin
        line_q <= line_q + LineAddrW'(beats);
        left_q <= left_q - 24'(beats);
      end
      under_way_q <= under_way_q + (request ? beats : 16'd0) - 16'(take);
    end
  end

  // Beats of the block that arrives.
  logic block_valid, block_end;
  logic [23:0] block_beats, beat_q;

  stream_fifo #(
    .Width(24),
    .Depth(4)
  ) i_blocks (
    .clk_i,
    .rst_ni,
    .valid_i (start),
    .ready_o (follow_ready),
    .data_i  (job.beats),
    .valid_o (block_valid),
    .ready_i (block_end),
    .data_o  (block_beats)
  );

  // Chunks: headers, then the beats of every PEA.
  logic data_q, last_q;  // not a header; the last chunk
  logic [HdrA-1:0]   header_q;
  logic [PeaA-1:0]   pea_q;
  logic [CountW-1:0] done_q, count;
  logic [CountW-1:0] count_q[NumPea];
  logic header_take, header_end, pea_end, chunk_end, empty;

  assign count       = count_q[pea_q];
  assign ready_o     = !data_q || bank_ready_i[pea_q];
  assign take        = valid_i && ready_o;
  assign header_take = take && !data_q;
  assign header_end  = header_take && header_q == HdrA'(Headers - 1);
  assign pea_end     = take && data_q && done_q + 1'b1 == count;
  assign chunk_end   = pea_end && pea_q == PeaA'(NumPea - 1);
  assign block_end   = take && beat_q + 24'd1 == block_beats;

  for (genvar p = 0; p < NumPea; p++) begin : gen_bank
    assign bank_valid_o[p] = valid_i && data_q && pea_q == PeaA'(p);
  end
  assign bank_data_o = data_i;
  assign bank_last_o = last_q && done_q + 1'b1 == count;

  // A header holds the counts of HdrEntries PEAs.
  always_comb begin
    empty = 1'b0;
    for (int p = 0; p < NumPea; p++)
    if (header_q == HdrA'(p / HdrEntries)) empty = empty || data_i[16*(p%HdrEntries)+:CountW] == '0;
  end

  assign error_o = (header_take && empty) || (block_end != (chunk_end && last_q));

  always_ff @(posedge clk_i) begin
    if (header_take) begin
      for (int p = 0; p < NumPea; p++)
      if (header_q == HdrA'(p / HdrEntries)) count_q[p] <= data_i[16*(p%HdrEntries)+:CountW];
      if (header_q == '0) last_q <= data_i[15];
    end
    if (!rst_ni) begin
      data_q   <= 1'b0;
      header_q <= '0;
      pea_q    <= '0;
      done_q   <= '0;
      beat_q   <= '0;
    end else if (take) begin
      beat_q <= block_end ? '0 : beat_q + 24'd1;
      if (header_take) header_q <= header_end ? '0 : header_q + 1'b1;
      data_q <= header_end || (data_q && !chunk_end);
      if (data_q) done_q <= pea_end ? '0 : done_q + 1'b1;
      if (pea_end) pea_q <= chunk_end ? '0 : pea_q + 1'b1;
    end
  end

  `PANACEA_ASSERT(!valid_i || block_valid, "weights arrive that no job asked for")
  `PANACEA_ASSERT(!take || under_way_q != '0, "more beats arrive than were asked for")
  `PANACEA_REQUIRE(Depth > ReqBeats, "Depth: more than one request")

endmodule

`default_nettype wire
