// SPDX-License-Identifier: Apache-2.0
// Testbench top of the dense baselines, as tb_core is of the AQS-GEMM core: a source or sink and a
// monitor on every stream, counters, watchdog. Python toggles go to play the files of one
// stimulus item and sleeps until done changes.
// Plusargs: +watchdog=N; +flip_y=N inverts bit 0 of the N-th result beat (N from 1).
`default_nettype none

module tb_dense
  import dense_pkg::*;
#(
  parameter int Dataflow = Simd,
  parameter int Rows = 24,
  parameter int WordBytes = 32
);

  localparam int CmdW = $bits(block_cmd_t);
  localparam int StreamW = 8 * WordBytes;
  localparam int Counters = 4 + 6;

  // Written by Python.
  logic go, flush, reset;
  logic [7:0] stall_c, stall_d, stall_y;
  logic burst, garbage;
  logic [31:0] stall_seed;
  // Read by Python; a dense core reports no errors.
  logic [31:0] done, open;
  logic busy, err;

  logic clk, rst_n;
  logic [39:0] cycle;
  logic go_q, flush_q, start, flush_all;

  logic c_valid, c_ready, c_busy, d_valid, d_ready, d_busy, y_valid, y_ready, y_last;
  logic [CmdW-1:0] c_data;
  block_cmd_t c_cmd;
  logic [StreamW-1:0] d_data, y_data, y_seen;
  logic [3:0] events;
  logic [39:0] flip_y, y_beats;
  logic [4*40-1:0] sums;
  logic [39:0] c_held, c_waited, d_held, d_waited, y_held, y_waited;

  initial begin
    {go, flush, reset, burst, garbage, err} = '0;
    {stall_c, stall_d, stall_y} = '0;
    stall_seed = 32'd1;
    {go_q, flush_q} = '0;
    {cycle, y_beats} = '0;
    sums = '0;
    rst_n = 1'b0;
    if (!$value$plusargs("flip_y=%d", flip_y)) flip_y = 40'd0;
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  always_ff @(posedge clk) begin
    cycle <= cycle + 40'd1;
    rst_n <= cycle >= 40'd10 && !reset;
    go_q <= go;
    flush_q <= flush;
    y_beats <= rst_n ? y_beats + 40'(y_valid && y_ready) : 40'd0;
  end
  for (genvar e = 0; e < 4; e = e + 1) begin : gen_event
    always_ff @(posedge clk) sums[e*40+:40] <= rst_n ? sums[e*40+:40] + 40'(events[e]) : 40'd0;
  end

  assign start = rst_n && go != go_q;
  assign c_cmd = c_data;
  assign flush_all = flush != flush_q || (y_valid && y_ready && y_last);
  assign y_seen = y_data ^ StreamW'(flip_y != 40'd0 && y_beats == flip_y - 40'd1);

  stream_source #(
    .W(CmdW),
    .Name("c"),
    .Salt(1)
  ) i_c_source (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_c),
    .burst_i(burst),
    .garbage_i(garbage),
    .valid_o(c_valid),
    .ready_i(c_ready),
    .data_o(c_data),
    .busy_o(c_busy)
  );
  stream_source #(
    .W(StreamW),
    .Name("d"),
    .Salt(2)
  ) i_d_source (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_d),
    .burst_i(burst),
    .garbage_i(garbage),
    .valid_o(d_valid),
    .ready_i(d_ready),
    .data_o(d_data),
    .busy_o(d_busy)
  );
  stream_sink #(
    .Salt(3)
  ) i_y_sink (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_y),
    .burst_i(burst),
    .ready_o(y_ready)
  );

  stream_monitor #(
    .W(CmdW),
    .Name("c")
  ) i_c_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(c_valid),
    .ready_i(c_ready),
    .data_i(c_data),
    .flush_i(flush_all)
  );
  stream_monitor #(
    .W(StreamW),
    .Name("d")
  ) i_d_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(d_valid),
    .ready_i(d_ready),
    .data_i(d_data),
    .flush_i(flush_all)
  );
  stream_monitor #(
    .W(StreamW),
    .Name("y")
  ) i_y_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(y_valid),
    .ready_i(y_ready),
    .data_i(y_seen),
    .flush_i(flush_all)
  );

  stall_counter i_c_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(c_valid),
    .ready_i(c_ready),
    .held_o(c_held),
    .waited_o(c_waited)
  );
  stall_counter i_d_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(d_valid),
    .ready_i(d_ready),
    .held_o(d_held),
    .waited_o(d_waited)
  );
  stall_counter i_y_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(y_valid),
    .ready_i(y_ready),
    .held_o(y_held),
    .waited_o(y_waited)
  );

  dense_core #(
    .Dataflow(Dataflow),
    .Rows(Rows),
    .WordBytes(WordBytes)
  ) i_core (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(c_valid),
    .cmd_ready_o(c_ready),
    .cmd_i(c_data),
    .d_valid_i(d_valid),
    .d_ready_o(d_ready),
    .d_data_i(d_data),
    .y_valid_o(y_valid),
    .y_ready_i(y_ready),
    .y_last_o(y_last),
    .y_data_o(y_data),
    .event_o(events)
  );

  command_log #(
    .Counters(Counters)
  ) i_log (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush_all),
    .cycle_i(cycle),
    .cmd_taken_i(c_valid && c_ready),
    .cmd_more_i(!c_cmd.block.last),
    .y_taken_i(y_valid && y_ready),
    .y_last_i(y_last),
    .counters_i({y_waited, y_held, d_waited, d_held, c_waited, c_held, sums}),
    .open_o(open),
    .done_o(done)
  );

  assign busy = c_busy || d_busy || open != 32'd0;

  watchdog i_watchdog (
    .clk_i(clk),
    .rst_ni(rst_n),
    .pending_i(busy),
    .progress_i((c_valid && c_ready) || (d_valid && d_ready) || (y_valid && y_ready)),
    .open_i(open)
  );

endmodule

`default_nettype wire
