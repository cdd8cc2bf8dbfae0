// SPDX-License-Identifier: Apache-2.0
// Testbench top of the AQS-GEMM core: clock, reset, a source or sink and a monitor on every
// stream, counters, watchdog. Python toggles go to play the files of one stimulus item and sleeps
// until done or err changes; it touches nothing else while beats move.
// Plusargs: +watchdog=N; +lose_x=N hides the N-th activation beat from the core, and +flip_y=N
// inverts bit 0 of the N-th result (N from 1): faults that the environment must detect.
`default_nettype none

module tb_core
  import panacea_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int NumDwo = 4,
  parameter int NumSwo = 8,
  parameter int TileK = 64,
  parameter int TileN = 64,
  parameter int GroupDepth = 4
);

  localparam int CmdW = $bits(cmd_t);
  localparam int Counters = 8 + 10;

  // Written by Python.
  logic go, flush, reset;
  logic [7:0] stall_c, stall_w, stall_x, stall_b, stall_y;
  logic burst, garbage;
  logic [31:0] stall_seed;
  // Read by Python.
  logic [31:0] done, open;
  logic busy;
  logic [2:0] err;

  logic clk, rst_n;
  logic [39:0] cycle;
  logic go_q, flush_q, start, flush_all;

  logic c_valid, c_ready, x_valid, x_ready, b_valid, b_ready, y_valid, y_ready, y_last;
  logic c_busy, x_busy, b_busy;
  logic [CmdW-1:0] c_data;
  cmd_t c_cmd;
  logic [255:0] x_data;
  logic [127:0] b_data;
  logic [511:0] y_data, y_seen;
  logic [NumPea-1:0] w_valid, w_ready, w_busy;
  logic [NumPea*64-1:0] w_data;
  logic [NumPea*$bits(pea_event_t)-1:0] event_bits;
  core_err_t core_err;

  logic [39:0] c_held, c_waited, x_held, x_waited, b_held, b_waited, y_held, y_waited;
  logic [39:0] w_held, w_waited;
  logic [8*40-1:0] sums;
  logic [39:0] lose_x, flip_y, x_beats, y_beats;
  logic x_hide;

  // Clock and reset. Ten cycles of reset at the start, more when Python asks.
  initial begin
    {go, flush, reset, burst, garbage} = '0;
    {stall_c, stall_w, stall_x, stall_b, stall_y} = '0;
    stall_seed = 32'd1;
    {go_q, flush_q} = '0;
    cycle = 40'd0;
    rst_n = 1'b0;
    err = 3'd0;
    {x_beats, y_beats} = '0;
    if (!$value$plusargs("lose_x=%d", lose_x)) lose_x = 40'd0;
    if (!$value$plusargs("flip_y=%d", flip_y)) flip_y = 40'd0;
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  always_ff @(posedge clk) begin
    cycle <= cycle + 40'd1;
    rst_n <= cycle >= 40'd10 && !reset;
    go_q <= go;
    flush_q <= flush;
    if (rst_n && core_err != '0) err <= core_err;
    else if (!rst_n) err <= 3'd0;
  end

  assign c_cmd = c_data;
  assign start = rst_n && go != go_q;
  assign flush_all = flush != flush_q || (y_valid && y_ready && y_last);

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
    .W(256),
    .Name("x"),
    .Salt(2)
  ) i_x_source (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_x),
    .burst_i(burst),
    .garbage_i(garbage),
    .valid_o(x_valid),
    .ready_i(x_ready || x_hide),
    .data_o(x_data),
    .busy_o(x_busy)
  );
  stream_source #(
    .W(128),
    .Name("b"),
    .Salt(3)
  ) i_b_source (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_b),
    .burst_i(burst),
    .garbage_i(garbage),
    .valid_o(b_valid),
    .ready_i(b_ready),
    .data_o(b_data),
    .busy_o(b_busy)
  );
  stream_sink #(
    .Salt(4)
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
    .W(256),
    .Name("x")
  ) i_x_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(x_valid),
    .ready_i(x_ready || x_hide),
    .data_i(x_data),
    .flush_i(flush_all)
  );
  stream_monitor #(
    .W(128),
    .Name("b")
  ) i_b_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(b_valid),
    .ready_i(b_ready),
    .data_i(b_data),
    .flush_i(flush_all)
  );
  stream_monitor #(
    .W(512),
    .Name("y")
  ) i_y_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(y_valid),
    .ready_i(y_ready),
    .data_i(y_seen),
    .flush_i(flush_all)
  );

  for (genvar p = 0; p < NumPea; p = p + 1) begin : gen_weights
    stream_source #(
      .W(64),
      .Name("w"),
      .Index(p),
      .Salt(16 + p)
    ) i_source (
      .clk_i(clk),
      .rst_ni(rst_n),
      .start_i(start),
      .seed_i(stall_seed),
      .stall_i(stall_w),
      .burst_i(burst),
      .garbage_i(garbage),
      .valid_o(w_valid[p]),
      .ready_i(w_ready[p]),
      .data_o(w_data[p*64 +: 64]),
      .busy_o(w_busy[p])
    );
    stream_monitor #(
      .W(64),
      .Name("w"),
      .Index(p)
    ) i_monitor (
      .clk_i(clk),
      .rst_ni(rst_n),
      .valid_i(w_valid[p]),
      .ready_i(w_ready[p]),
      .data_i(w_data[p*64 +: 64]),
      .flush_i(flush_all)
    );
  end

  stall_counter i_c_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(c_valid),
    .ready_i(c_ready),
    .held_o(c_held),
    .waited_o(c_waited)
  );
  stall_counter #(
    .N(NumPea)
  ) i_w_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(w_valid),
    .ready_i(w_ready),
    .held_o(w_held),
    .waited_o(w_waited)
  );
  stall_counter i_x_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(x_valid),
    .ready_i(x_ready),
    .held_o(x_held),
    .waited_o(x_waited)
  );
  stall_counter i_b_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(b_valid),
    .ready_i(b_ready),
    .held_o(b_held),
    .waited_o(b_waited)
  );
  stall_counter i_y_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(y_valid),
    .ready_i(y_ready),
    .held_o(y_held),
    .waited_o(y_waited)
  );

  // The planted faults.
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      x_beats <= 40'd0;
      y_beats <= 40'd0;
    end else begin
      x_beats <= x_beats + 40'(x_valid && (x_ready || x_hide));
      y_beats <= y_beats + 40'(y_valid && y_ready);
    end
  end
  assign x_hide = lose_x != 40'd0 && x_valid && x_beats == lose_x - 40'd1;
  assign y_seen = y_data ^ 512'(flip_y != 40'd0 && y_beats == flip_y - 40'd1);

  aqs_gemm_core #(
    .NumPea(NumPea),
    .NumDwo(NumDwo),
    .NumSwo(NumSwo),
    .TileK(TileK),
    .TileN(TileN),
    .GroupDepth(GroupDepth)
  ) i_core (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(c_valid),
    .cmd_ready_o(c_ready),
    .cmd_i(c_data),
    .w_valid_i(w_valid),
    .w_ready_o(w_ready),
    .w_data_i(w_data),
    .w_tile_end_o(),
    .w_cmd_end_o(),
    .x_cmd_end_o(),
    .x_valid_i(x_valid && !x_hide),
    .x_ready_o(x_ready),
    .x_data_i(x_data),
    .b_valid_i(b_valid),
    .b_ready_o(b_ready),
    .b_data_i(b_data),
    .y_valid_o(y_valid),
    .y_ready_i(y_ready),
    .y_last_o(y_last),
    .y_data_o(y_data),
    .event_o(event_bits),
    .err_o(core_err)
  );

  event_counter #(
    .NumPea(NumPea)
  ) i_events (
    .clk_i(clk),
    .rst_ni(rst_n),
    .event_i(event_bits),
    .sums_o(sums)
  );

  command_log #(
    .Counters(Counters)
  ) i_log (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush_all),
    .cycle_i(cycle),
    .cmd_taken_i(c_valid && c_ready),
    .cmd_more_i(c_cmd.more || (c_cmd.apsq.on && !c_cmd.apsq.last)),
    .y_taken_i(y_valid && y_ready),
    .y_last_i(y_last),
    .counters_i({y_waited, y_held, b_waited, b_held, x_waited, x_held, w_waited, w_held, c_waited,
                 c_held, sums}),
    .open_o(open),
    .done_o(done)
  );

  assign busy = c_busy || x_busy || b_busy || w_busy != '0 || open != 32'd0;

  watchdog i_watchdog (
    .clk_i(clk),
    .rst_ni(rst_n),
    .pending_i(busy),
    .progress_i((c_valid && c_ready) || (x_valid && x_ready) || (b_valid && b_ready) ||
                (y_valid && y_ready) || (w_valid & w_ready) != '0),
    .open_i(open)
  );

endmodule

`default_nettype wire
