// SPDX-License-Identifier: Apache-2.0
// OMEM and its way to memory: gathers the PPU's packets, appends each to the output segment of its
// tile and part, and writes the segments' lengths when a command's packets are all sent. Packets
// are written one request each, as soon as they are complete.
//
// `written_o` counts the outputs that memory has acknowledged to their last beat.
`default_nettype none
`include "assert.svh"

module result_dma
  import chip_pkg::*;
#(
  parameter int Depth = 1024,             // beats of OMEM
  localparam int JobW  = $bits(output_job_t),
  localparam int StrbW = BusW / 8
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             job_valid_i,
  output logic             job_ready_o,
  input  logic [JobW-1:0]  job_i,
  input  logic             valid_i,       // from the PPU
  output logic             ready_o,
  input  logic [BusW-1:0]  data_i,
  input  logic             last_i,
  input  logic             tile_i,
  input  logic             part_i,
  output logic             req_valid_o,   // to the AXI writer
  input  logic             req_ready_i,
  output logic [AddrW-1:0] req_addr_o,
  output logic [15:0]      req_beats_o,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [BusW-1:0]  data_o,
  output logic [StrbW-1:0] strb_o,
  input  logic             done_i,        // a request is answered
  output logic [SeqW-1:0]  written_o,
  output logic [31:0]      next_desc_o,   // descriptor after the last output in memory
  output logic             mem_wr_o,      // a beat is written to OMEM, read from it
  output logic             mem_rd_o
);

  localparam int LenW = 16;
  localparam int PacketW = LenW + 2;
  localparam int MaxPackets = 64;
  localparam int MaxOpen = 16;  // more than the writer's requests and bursts under way

  typedef enum logic [1:0] {
    StRequest,
    StData,
    StTable,
    StLength
  } state_e;

  // OMEM: beats, and what the complete packets are.
  logic omem_ready, packet_ready, omem_valid, packet_valid, packet_take, omem_take;
  logic unused_pass, unused_last, unused_error, unused_held, unused_playing;
  logic [BusW-1:0] omem_data;
  logic [LenW-1:0] count_q, packet_beats;
  logic packet_tile, packet_part;
  logic [$clog2(Depth):0] unused_used;

  assign ready_o  = omem_ready && packet_ready;
  assign mem_wr_o = valid_i && ready_o;
  assign mem_rd_o = omem_take;

  // One pass without an end: a plain FIFO.
  replay_fifo #(
    .Width(BusW),
    .Depth(Depth),
    .MaxBlocks(1)
  ) i_omem (
    .clk_i,
    .rst_ni,
    .valid_i      (valid_i && packet_ready),
    .ready_o      (omem_ready),
    .last_i       (1'b0),
    .data_i,
    .pass_valid_i (1'b1),
    .pass_ready_o (unused_pass),
    .pass_keep_i  (1'b0),
    .valid_o      (omem_valid),
    .ready_i      (omem_take),
    .last_o       (unused_last),
    .data_o       (omem_data),
    .used_o       (unused_used),
    .held_o       (unused_held),
    .playing_o    (unused_playing),
    .error_o      (unused_error)
  );

  stream_fifo #(
    .Width(PacketW),
    .Depth(MaxPackets)
  ) i_packets (
    .clk_i,
    .rst_ni,
    .valid_i (valid_i && omem_ready && last_i),
    .ready_o (packet_ready),
    .data_i  ({tile_i, part_i, count_q + LenW'(1)}),
    .valid_o (packet_valid),
    .ready_i (packet_take),
    .data_o  ({packet_tile, packet_part, packet_beats})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) count_q <= '0;
    else if (mem_wr_o) count_q <= last_i ? '0 : count_q + 1'b1;
  end

  // Where things go. Segment s: tile s[0] of part s[1].
  state_e state_d, state_q;
  output_job_t        job;
  logic [LenW-1:0]    length_q [4];
  logic [LenW-1:0] beat_q, beat_d;  // of the packet under way, still to send
  logic [9:0]         packet_q;           // packets of the command that were asked for
  logic [9:0]         packets;
  logic [1:0] segment, entry_q;
  logic two_tiles, wide, raw, request, all_sent, entry_last, job_end, final_request;
  logic open_ready, job_done, open_valid;
  logic [LineAddrW-1:0] segment_line, base;
  logic [AddrW-2:0]   entry_half;
  logic [7:0]         groups;
  logic [31:0] desc, done_desc;

  assign job       = job_i;
  assign two_tiles = job.two_tiles;
  assign wide      = job.wide;
  assign raw       = job.raw;
  assign groups    = job.groups;
  assign desc      = job.desc;
  assign packets   = 10'(groups) << (2'(two_tiles) + 2'(wide));

  assign segment      = {packet_part, packet_tile};
  assign base         = packet_part ? job.line_low : job.line;
  assign segment_line = base + (packet_tile ? LineAddrW'(job.stride) : '0)
                        + LineAddrW'(length_q[segment]);
  assign entry_half   = (entry_q[1] ? job.table_low : job.table_addr) + (AddrW-1)'(entry_q[0]);

  assign all_sent      = packet_q == packets;
  assign entry_last    = entry_q == {wide, two_tiles};
  assign final_request = (state_q == StTable) ? entry_last
                                              : raw && packet_q + 10'd1 == packets;

  assign req_valid_o = open_ready && job_valid_i
                       && ((state_q == StRequest && packet_valid) || state_q == StTable);
  assign req_addr_o  = (state_q == StTable) ? {entry_half[AddrW-2:4], LineShift'(0)}
                                            : {segment_line, LineShift'(0)};
  assign req_beats_o = (state_q == StTable) ? 16'd1 : packet_beats;
  assign request     = req_valid_o && req_ready_i;
  assign packet_take = request && state_q == StRequest;

  assign valid_o   = (state_q == StData) ? omem_valid : state_q == StLength;
  assign data_o    = (state_q == StData) ? omem_data  : {(BusW/LenW){length_q[entry_q]}};
  assign strb_o    = (state_q == StData) ? '1 : StrbW'(3) << {entry_half[3:0], 1'b0};
  assign omem_take = state_q == StData && omem_valid && ready_i;

  always_comb begin
    state_d = state_q;
    beat_d  = beat_q;
    job_end = 1'b0;
    case (state_q)
      StRequest: begin  // the next packet
        beat_d = packet_beats;
        if (request) state_d = StData;
      end
      StData:
      if (omem_take) begin
        beat_d = beat_q - 1'b1;
        if (beat_q == LenW'(1) && all_sent && !raw) state_d = StTable;
        else if (beat_q == LenW'(1)) begin
          state_d = StRequest;
          job_end = all_sent;
        end
      end
      StTable: if (request) state_d = StLength;  // a segment's length
      default:
      if (ready_i) begin
        job_end = entry_last;
        if (entry_last) state_d = StRequest;
        else state_d = StTable;
      end
    endcase
  end

  // Entries of the table: tile 0 and perhaps 1, then the same of part 1.
  logic [1:0] entry_next;
  assign entry_next = (two_tiles && !entry_q[0]) ? entry_q | 2'b01 : 2'b10;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= StRequest;
      beat_q   <= '0;
      packet_q <= '0;
      entry_q  <= '0;
      for (int s = 0; s < 4; s++) length_q[s] <= '0;
    end else begin
      state_q <= state_d;
      beat_q  <= beat_d;
      if (job_end) begin
        packet_q <= '0;
        entry_q  <= '0;
        for (int s = 0; s < 4; s++) length_q[s] <= '0;
      end else begin
        if (packet_take) begin
          packet_q          <= packet_q + 10'd1;
          length_q[segment] <= length_q[segment] + packet_beats;
        end
        if (state_q == StLength && ready_i) entry_q <= entry_next;
      end
    end
  end

  assign job_ready_o = job_end;

  // Requests that memory has not answered; the last one of a command completes its output.
  stream_fifo #(
    .Width(33),
    .Depth(MaxOpen)
  ) i_open (
    .clk_i,
    .rst_ni,
    .valid_i (request),
    .ready_o (open_ready),
    .data_i  ({final_request, desc}),
    .valid_o (open_valid),
    .ready_i (done_i),
    .data_o  ({job_done, done_desc})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      written_o   <= '0;
      next_desc_o <= '0;
    end else if (done_i && job_done) begin
      written_o   <= written_o + 1'b1;
      next_desc_o <= done_desc + 32'd1;
    end
  end

  `PANACEA_ASSERT(!packet_take || ((two_tiles || !packet_tile) && (wide || !packet_part)),
                  "a packet of a tile or part that the command does not have")
  `PANACEA_ASSERT(!done_i || open_valid, "an answer to a request that was not made")

endmodule

`default_nettype wire
