// SPDX-License-Identifier: Apache-2.0
// Every packet is asked for once, behind those of its segment that came before it, and followed by
// its beats and no others; then each segment that the command has gets its length into its table
// entry, in order, and nowhere else; with that the command ends. Seen at one segment, which may be
// any. The order of beats and packets is that of the FIFOs, which are proven elsewhere.
`default_nettype none
`include "formal.svh"

module result_dma_props
  import chip_pkg::*;
#(
  localparam int Depth = 4,
  localparam int LenW  = 16,
  localparam int JobW  = $bits(output_job_t)
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            job_valid_i,
  input logic [JobW-1:0] job_i,
  input logic            valid_i,
  input logic [BusW-1:0] data_i,
  input logic            last_i,
  input logic            tile_i,
  input logic            part_i,
  input logic            req_ready_i,
  input logic            ready_i,
  input logic            done_i
);

  logic job_ready, ready, req_valid, valid, mem_wr, mem_rd;
  logic [AddrW-1:0]  addr;
  logic [15:0]       beats;
  logic [BusW-1:0]   data;
  logic [BusW/8-1:0] strb;
  logic [SeqW-1:0]   written;
  logic [31:0]       next_desc;
  output_job_t       job;

  result_dma #(
    .Depth(Depth)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .job_valid_i,
    .job_ready_o(job_ready),
    .job_i,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .last_i,
    .tile_i,
    .part_i,
    .req_valid_o(req_valid),
    .req_ready_i,
    .req_addr_o(addr),
    .req_beats_o(beats),
    .valid_o(valid),
    .ready_i,
    .data_o(data),
    .strb_o(strb),
    .done_i,
    .written_o(written),
    .next_desc_o(next_desc),
    .mem_wr_o(mem_wr),
    .mem_rd_o(mem_rd)
  );
  assign job = job_i;

  `FORMAL_RESET

  // A job waits unchanged until it is taken; memory answers what was asked; the packets are those
  // of the job, none is empty. Nothing comes while the pointers are not reset yet.
  logic            waits_q;
  logic [JobW-1:0] job_q;
  logic [1:0]      packet_at;
  logic [LenW-1:0] packet_beats;
  assign packet_at    = {i_dut.packet_part, i_dut.packet_tile};
  assign packet_beats = i_dut.packet_beats;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && job_valid_i && !job_ready;
    job_q   <= job_i;
  end
  always_comb begin
    if (waits_q) assume (job_valid_i && job_i == job_q);
    assume (job.groups != '0);
    assume (!done_i || i_dut.open_valid);
    if (i_dut.packet_valid && job_valid_i)
      assume (packet_beats != '0 && (packet_at & ~{job.wide, job.two_tiles}) == '0);
    if (!rst_ni) assume (!valid_i);
  end

  // The segment that is looked at: beats of it that were asked for.
  logic [1:0]      at_q;
  logic [LenW-1:0] length_q;

  // Packets and beats still to come; the table entry that is next.
  typedef enum logic [1:0] {
    Packets,
    Beats,
    Entries,
    Length
  } phase_e;
  phase_e phase_q;
  logic [9:0] sent_q, packets;
  logic [LenW-1:0] left_q;
  logic [1:0] entry_q, above, entry_next;
  logic request, beat, last_entry, ends;
  assign packets    = 10'(job.groups) << (2'(job.two_tiles) + 2'(job.wide));
  assign request    = req_valid && req_ready_i;
  assign beat       = valid && ready_i;
  // The next segment that the command has: the tile's, or the first one of the second part.
  assign above      = entry_q + 1'b1;
  assign entry_next = above[0] && !job.two_tiles ? above + 1'b1 : above;
  assign last_entry = entry_q == {job.wide, job.two_tiles};
  assign ends       = phase_q == Beats ? beat && left_q == LenW'(1) && sent_q == packets && job.raw
                                       : phase_q == Length && beat && last_entry;

  always_ff @(posedge clk_i) begin
    at_q <= at_q;
    if (!rst_ni) begin
      phase_q <= Packets;
      {length_q, sent_q, left_q, entry_q} <= '0;
    end else begin
      case (phase_q)
        Packets:
        if (request) begin
          phase_q <= Beats;
          left_q  <= packet_beats;
          sent_q  <= sent_q + 1'b1;
          if (packet_at == at_q) length_q <= length_q + packet_beats;
        end
        Beats:
        if (beat) begin
          left_q <= left_q - 1'b1;
          if (left_q == LenW'(1)) phase_q <= sent_q == packets && !job.raw ? Entries : Packets;
        end
        Entries: if (request) phase_q <= Length;
        default:
        if (beat) begin
          phase_q <= last_entry ? Packets : Entries;
          entry_q <= entry_next;
        end
      endcase
      if (ends) {length_q, sent_q, entry_q} <= '0;
    end
  end

  // Where the packet at the front and the table's next entry belong.
  logic [LineAddrW-1:0] line;
  logic [AddrW-2:0]     half;      // two bytes an entry
  assign line = (at_q[1] ? job.line_low : job.line) + (at_q[0] ? LineAddrW'(job.stride) : '0)
                + LineAddrW'(length_q);
  assign half = (entry_q[1] ? job.table_low : job.table_addr) + (AddrW-1)'(entry_q[0]);

  always_comb
    if (rst_ni) begin
      a_packet :
      assert (!req_valid || phase_q != Packets || (job_valid_i && i_dut.packet_valid
              && beats == packet_beats && sent_q < packets));
      a_where :
      assert (!req_valid || phase_q != Packets || packet_at != at_q
              || addr == {line, LineShift'(0)});
      a_phase : assert (phase_q == Packets || phase_q == Entries ? !valid : !req_valid);
      a_beat : assert (!valid || phase_q != Beats || (left_q != '0 && strb == '1));
      a_entry :
      assert (!req_valid || phase_q != Entries || (beats == 16'd1 && addr[LineShift-1:0] == '0
              && addr[AddrW-1:LineShift] == half[AddrW-2:LineShift-1]));
      a_length :
      assert (!valid || phase_q != Length || (strb == (BusW/8)'(3) << {half[3:0], 1'b0}
              && (entry_q != at_q || data[half[3:0]*LenW +: LenW] == length_q)));
      a_end : assert (job_ready == ends);
      a_all : assert (!job_ready || sent_q == packets);
      inv_phase : assert (i_dut.state_q == 2'(phase_q));
      inv_counts :
      assert (i_dut.packet_q == sent_q && i_dut.entry_q == entry_q
              && (phase_q != Beats || (i_dut.beat_q == left_q && left_q != '0)));
      inv_length : assert (i_dut.length_q[at_q] == length_q);
      inv_open : assert ((phase_q == Packets && sent_q == '0) || waits_q);
      inv_sent :
      assert (phase_q == Packets ? (sent_q == '0 || sent_q < packets)
              : phase_q == Beats ? sent_q <= packets && sent_q != '0 : sent_q == packets);
      inv_entry :
      assert (phase_q == Entries || phase_q == Length
              ? !job.raw && (entry_q & ~{job.wide, job.two_tiles}) == '0 : entry_q == '0);
      c_behind :
      cover (request && phase_q == Packets && packet_at == 2'd3 && at_q == 2'd3
                        && length_q == 16'd1);
      c_table : cover (job_ready && job.wide && entry_q == at_q && length_q == 16'd2);
      c_raw : cover (job_ready && job.raw && packets == 10'd2);
    end

  // OMEM is played as a FIFO: one pass without an end.
  always_comb
    if (rst_ni) begin
      inv_passes :
      assert (i_dut.i_omem.i_passes.rd_q == '0 && !i_dut.i_omem.dropped_q
              && i_dut.i_omem.i_passes.wr_q == i_dut.i_omem.i_passes.count_q[0]
              && i_dut.i_omem.i_passes.count_q <= 2'd2);
      inv_keeps :
      assert ((i_dut.i_omem.i_passes.count_q == '0 || !i_dut.i_omem.i_passes.mem[0])
              && (i_dut.i_omem.i_passes.count_q != 2'd2 || !i_dut.i_omem.i_passes.mem[1]));
      inv_ends : assert (i_dut.i_omem.i_ends.count_q == '0);
      inv_base : assert (i_dut.i_omem.base_q == i_dut.i_omem.rd_q);
    end

endmodule

`default_nettype wire
