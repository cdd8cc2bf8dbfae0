// SPDX-License-Identifier: Apache-2.0
// Loads activation blocks into AMEM: reads the table of segment lengths, then the segments, each
// with one request, and only when AMEM has room for all of it. A job with a fence waits until the
// results of all earlier descriptors are in memory; later ones may be there too.
//
// A length of 0 or beyond AMEM raises `error_o`. A block to be kept that cannot be loaded to its
// end, and one more block than AMEM can tell apart, raise `too_large_o`.
`default_nettype none
`include "assert.svh"

module activation_dma
  import chip_pkg::*;
#(
  parameter int Depth = 1024,             // beats of AMEM
  localparam int JobW  = $bits(act_job_t),
  localparam int ReqW  = $bits(read_req_t),
  localparam int UsedW = $clog2(Depth) + 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             job_valid_i,
  output logic             job_ready_o,
  input  logic [JobW-1:0]  job_i,
  input  logic [SeqW-1:0]  written_i,     // outputs that are in memory
  output logic             req_valid_o,
  input  logic             req_ready_i,
  output logic [ReqW-1:0]  req_o,
  input  logic             table_valid_i,
  input  logic [BusW-1:0]  data_i,
  input  logic             act_valid_i,   // a beat goes to AMEM
  input  logic             act_ready_i,   // which takes it: there is room, unless for its block
  input  logic [UsedW-1:0] used_i,
  input  logic             held_i,        // AMEM frees nothing before its block is whole
  output logic             error_o,
  output logic             too_large_o
);

  localparam int LenW = 16;
  localparam int Entries = BusW / LenW;
  localparam int TableHeld = 2;

  act_job_t job;
  logic [LineAddrW-1:0] table_line_q, line_q;
  logic [StrideW-1:0] stride_q;
  logic [15:0] table_left_q, left_q;  // entries, segments not asked for
  logic [1:0]         tables_q;                 // table beats under way or held
  logic [3:0]         entry_q;
  logic [15:0] under_way_q, len;
  logic start, table_ask, table_request, request, table_end, room, waiting, bad_len;
  logic head_valid, table_ready;
  logic [BusW-1:0] head;

  assign job         = job_i;
  assign job_ready_o = left_q == '0 && (!job.fence || written_i >= job.seq);
  assign start       = job_valid_i && job_ready_o;

  stream_fifo #(
    .Width(BusW),
    .Depth(TableHeld)
  ) i_table (
    .clk_i,
    .rst_ni,
    .valid_i (table_valid_i),
    .ready_o (table_ready),
    .data_i,
    .valid_o (head_valid),
    .ready_i (table_end),
    .data_o  (head)
  );

  // The table goes first: segments wait for it.
  assign table_ask     = table_left_q != '0 && tables_q != 2'(TableHeld);
  assign table_request = table_ask && req_ready_i;
  assign waiting       = left_q != '0 && head_valid;
  assign len           = head[LenW*entry_q +: LenW];
  assign bad_len       = len == '0 || len > 16'(Depth);
  assign room          = 17'(used_i) + 17'(under_way_q) + 17'(len) <= 17'(Depth);
  assign req_valid_o   = table_ask || (waiting && room && !bad_len);
  assign request       = !table_ask && req_valid_o && req_ready_i;
  assign req_o         = table_ask ? {TagTable, 16'd1, table_line_q}
                       : {(left_q == 16'd1) ? TagActLast : TagAct, len, line_q};
  assign table_end     = request && (left_q == 16'd1 || entry_q == 4'(Entries - 1));

  assign error_o     = waiting && bad_len;
  assign too_large_o = (waiting && !bad_len && !room && under_way_q == '0 && held_i)
                       || (act_valid_i && !act_ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      table_line_q <= '0;
      line_q       <= '0;
      stride_q     <= '0;
      table_left_q <= '0;
      left_q       <= '0;
      tables_q     <= '0;
      entry_q      <= '0;
      under_way_q  <= '0;
    end else begin
      if (start) begin
        table_line_q <= job.table_line;
        line_q       <= job.line;
        stride_q     <= job.stride;
        table_left_q <= job.segments;
        left_q       <= job.segments;
        entry_q      <= '0;
      end
      if (table_request) begin
        table_line_q <= table_line_q + 1'b1;
        table_left_q <= (table_left_q > 16'(Entries)) ? table_left_q - 16'(Entries) : '0;
      end
      if (request) begin
        line_q  <= line_q + LineAddrW'(stride_q);
        left_q  <= left_q - 16'd1;
        entry_q <= entry_q + 4'd1;
      end
      tables_q    <= tables_q + 2'(table_request) - 2'(table_end);
      under_way_q <= under_way_q + (request ? len : 16'd0) - 16'(act_valid_i);
    end
  end

  `PANACEA_ASSERT(!table_valid_i || table_ready, "more of the table arrives than was asked for")
  `PANACEA_ASSERT(!act_valid_i || under_way_q != '0, "more beats arrive than were asked for")

endmodule

`default_nettype wire
