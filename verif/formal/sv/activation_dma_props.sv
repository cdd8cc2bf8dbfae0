// SPDX-License-Identifier: Apache-2.0
// Every segment of a block is asked for once, in order, where and as long as the table says; and
// only when AMEM has room for all of it and for all that is under way, so that no beat ever waits
// on the bus. Seen at one segment, which may be any.
`default_nettype none
`include "formal.svh"

module activation_dma_props
  import chip_pkg::*;
#(
  parameter int Depth = 8,
  localparam int JobW  = $bits(act_job_t),
  localparam int UsedW = $clog2(Depth) + 1
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             job_valid_i,
  input logic [JobW-1:0]  job_i,
  input logic [SeqW-1:0]  written_i,
  input logic             req_ready_i,
  input logic             table_valid_i,
  input logic [BusW-1:0]  data_i,
  input logic             act_valid_i,
  input logic [UsedW-1:0] freed_i,
  input logic             held_i
);

  logic job_ready, req_valid, error, too_large;
  read_req_t  req;
  act_job_t   job;
  logic [UsedW-1:0] used_q;
  logic             act_ready;

  activation_dma #(
    .Depth(Depth)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .job_valid_i,
    .job_ready_o(job_ready),
    .job_i,
    .written_i,
    .req_valid_o(req_valid),
    .req_ready_i,
    .req_o(req),
    .table_valid_i,
    .data_i,
    .act_valid_i,
    .act_ready_i(act_ready),
    .used_i(used_q),
    .held_i,
    .error_o(error),
    .too_large_o(too_large)
  );
  assign job = job_i;

  `FORMAL_RESET

  // Beats under way, of the table and of segments; AMEM, which takes a beat while it has room.
  logic [1:0]  table_due_q;
  logic [15:0] due_q;
  logic request, to_table;
  assign request   = req_valid && req_ready_i;
  assign to_table  = req.tag == TagTable;
  assign act_ready = used_q != UsedW'(Depth);
  always_comb begin
    assume (!table_valid_i || table_due_q != '0);
    assume (!act_valid_i || due_q != '0);
    assume (freed_i <= used_q);
  end

  // The block under way: where its next segment and table beat are, what is left of both.
  logic busy_q;
  logic [15:0] segment_q, segments_q;
  logic [12:0] asked_q, got_q, beats;  // beats of the table
  logic [LineAddrW-1:0] line_q, table_line_q;
  logic [StrideW-1:0] stride_q;
  assign beats = 13'(segments_q >> 4) + 13'(segments_q[3:0] != '0);

  // The segment that is looked at, and what the table says of it.
  logic [15:0] nth_q, length_q;
  always_ff @(posedge clk_i) begin
    nth_q <= nth_q;
    if (table_valid_i && got_q == 13'(nth_q[15:4])) length_q <= data_i[16*nth_q[3:0]+:16];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {table_due_q, due_q, used_q, busy_q, segment_q, segments_q, asked_q, got_q} <= '0;
    end else begin
      table_due_q <= table_due_q + 2'(request && to_table) - 2'(table_valid_i);
      due_q       <= due_q + (request && !to_table ? req.beats : 16'd0) - 16'(act_valid_i);
      used_q      <= used_q + UsedW'(act_valid_i && act_ready) - freed_i;
      got_q       <= got_q + 13'(table_valid_i);
      if (job_valid_i && job_ready) begin
        {segment_q, asked_q, got_q} <= '0;
        segments_q   <= job.segments;
        busy_q       <= job.segments != '0;
        line_q       <= job.line;
        stride_q     <= job.stride;
        table_line_q <= job.table_line;
      end else if (request && to_table) begin
        asked_q      <= asked_q + 1'b1;
        table_line_q <= table_line_q + 1'b1;
      end else if (request) begin
        segment_q <= segment_q + 1'b1;
        line_q    <= line_q + LineAddrW'(stride_q);
        busy_q    <= segment_q + 1'b1 != segments_q;
      end
    end
  end

  // Table beats in the queue, from that of the next segment on.
  logic [1:0] held;
  logic [12:0] first, distance;
  logic [15:0] queued;
  logic        head;
  assign held     = i_dut.i_table.count_q;
  assign first    = 13'(segment_q[15:4]);
  assign distance = 13'(nth_q[15:4]) - first;
  assign head     = i_dut.i_table.rd_q ^ distance[0];
  assign queued   = i_dut.i_table.mem[head][16*nth_q[3:0] +: 16];

  always_comb
    if (rst_ni) begin
      a_room : assert (17'(used_q) + 17'(due_q) <= 17'(Depth));
      a_takes : assert (!act_valid_i || act_ready);
      a_segment :
      assert (!request || to_table || (busy_q && req.line == line_q
                        && req.beats != '0 && req.beats <= 16'(Depth)));
      a_length : assert (!request || to_table || segment_q != nth_q || req.beats == length_q);
      a_last :
      assert (!request || to_table
                        || req.tag == (segment_q + 1'b1 == segments_q ? TagActLast : TagAct));
      a_table :
      assert (!request || !to_table || (busy_q && asked_q < beats && req.beats == 16'd1
                        && req.line == table_line_q));
      a_next : assert (!(job_valid_i && job_ready) || (!busy_q && table_due_q == '0));
      a_fence : assert (!(job_valid_i && job_ready) || !job.fence || written_i >= job.seq);
      inv_due : assert (i_dut.under_way_q == due_q);
      inv_left :
      assert (i_dut.left_q == (busy_q ? segments_q - segment_q : 16'd0)
                        && (!busy_q || segment_q < segments_q));
      inv_line :
      assert (!busy_q || (i_dut.line_q == line_q && i_dut.stride_q == stride_q
                        && i_dut.entry_q == segment_q[3:0]));
      inv_asked :
      assert (i_dut.table_left_q == (asked_q == beats || !busy_q ? 16'd0
                                               : segments_q - {asked_q[11:0], 4'd0}));
      inv_table : assert (!busy_q || (i_dut.table_line_q == table_line_q && asked_q <= beats));
      inv_beats :
      assert (!busy_q || (got_q + 13'(table_due_q) == asked_q && got_q == first + 13'(held)));
      inv_idle : assert (busy_q || (held == '0 && table_due_q == '0));
      inv_held :
      assert (i_dut.tables_q == 2'(held + table_due_q)
                        && 3'(held) + 3'(table_due_q) <= 3'd2
                        && i_dut.i_table.wr_q == (i_dut.i_table.rd_q ^ held[0]));
      inv_queued : assert (!busy_q || distance >= 13'(held) || queued == length_q);
      c_second : cover (request && !to_table && segment_q == 16'd17 && nth_q == 16'd17);
      c_full : cover (int'(due_q) == Depth);
      c_waits : cover (busy_q && i_dut.waiting && !i_dut.room && !i_dut.bad_len && used_q != '0);
      c_again : cover (job_valid_i && job_ready && segments_q == 16'd2 && job.fence);
    end

endmodule

`default_nettype wire
