// SPDX-License-Identifier: Apache-2.0
// Testbench top of the Sibia-style core: clock, reset, a source or sink and a monitor on every
// stream, counters, watchdog; the transactors are those of tb_core, and Python plays it the same
// way. Plusarg: +watchdog=N.
`default_nettype none

module tb_sibia
  import panacea_pkg::*, sibia_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int TileK = 64,
  parameter int TileN = 64
);

  localparam int CmdW = $bits(sibia_cmd_t);
  localparam int DenseW = NumPea * WordW;
  localparam int Counters = 5 + 8;

  // Written by Python.
  logic go, flush, reset;
  logic [7:0] stall_c, stall_d, stall_s, stall_y;
  logic burst, garbage;
  logic [31:0] stall_seed;
  // Read by Python.
  logic [31:0] done, open;
  logic busy;
  logic [1:0] err;

  logic clk, rst_n;
  logic [39:0] cycle;
  logic go_q, flush_q, start, flush_all;

  logic c_valid, c_ready, d_valid, d_ready, s_valid, s_ready, y_valid, y_ready, y_last;
  logic c_busy, d_busy, s_busy;
  logic [CmdW-1:0] c_data;
  logic [DenseW-1:0] d_data;
  logic [255:0] s_data;
  logic [511:0] y_data;
  sibia_event_t work;
  sibia_err_t core_err;

  logic [39:0] c_held, c_waited, d_held, d_waited, s_held, s_waited, y_held, y_waited;
  logic [39:0] hh, hl, lh, ll, straddle;

  // Clock and reset. Ten cycles of reset at the start, more when Python asks.
  initial begin
    {go, flush, reset, burst, garbage} = '0;
    {stall_c, stall_d, stall_s, stall_y} = '0;
    stall_seed = 32'd1;
    {go_q, flush_q} = '0;
    cycle = 40'd0;
    rst_n = 1'b0;
    err = 2'd0;
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  always_ff @(posedge clk) begin
    cycle <= cycle + 40'd1;
    rst_n <= cycle >= 40'd10 && !reset;
    go_q <= go;
    flush_q <= flush;
    if (rst_n && core_err != '0) err <= core_err;
    else if (!rst_n) err <= 2'd0;
  end

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
    .W(DenseW),
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
  stream_source #(
    .W(256),
    .Name("s"),
    .Salt(3)
  ) i_s_source (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(start),
    .seed_i(stall_seed),
    .stall_i(stall_s),
    .burst_i(burst),
    .garbage_i(garbage),
    .valid_o(s_valid),
    .ready_i(s_ready),
    .data_o(s_data),
    .busy_o(s_busy)
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
    .W(DenseW),
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
    .W(256),
    .Name("s")
  ) i_s_monitor (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(s_valid),
    .ready_i(s_ready),
    .data_i(s_data),
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
    .data_i(y_data),
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
  stall_counter i_s_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(s_valid),
    .ready_i(s_ready),
    .held_o(s_held),
    .waited_o(s_waited)
  );
  stall_counter i_y_stalls (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(y_valid),
    .ready_i(y_ready),
    .held_o(y_held),
    .waited_o(y_waited)
  );

  sibia_core #(
    .NumPea(NumPea),
    .TileK(TileK),
    .TileN(TileN)
  ) i_core (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(c_valid),
    .cmd_ready_o(c_ready),
    .cmd_i(c_data),
    .d_valid_i(d_valid),
    .d_ready_o(d_ready),
    .d_data_i(d_data),
    .s_valid_i(s_valid),
    .s_ready_o(s_ready),
    .s_data_i(s_data),
    .y_valid_o(y_valid),
    .y_ready_i(y_ready),
    .y_last_o(y_last),
    .y_data_o(y_data),
    .event_o(work),
    .err_o(core_err)
  );

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      {hh, hl, lh, ll, straddle} <= '0;
    end else begin
      hh <= hh + 40'(work.hh);
      hl <= hl + 40'(work.hl);
      lh <= lh + 40'(work.lh);
      ll <= ll + 40'(work.ll);
      straddle <= straddle + 40'(work.straddle);
    end
  end

  command_log #(
    .Counters(Counters)
  ) i_log (
    .clk_i(clk),
    .rst_ni(rst_n),
    .flush_i(flush_all),
    .cycle_i(cycle),
    .cmd_taken_i(c_valid && c_ready),
    .cmd_more_i(1'b0),
    .y_taken_i(y_valid && y_ready),
    .y_last_i(y_last),
    .counters_i({y_waited, y_held, s_waited, s_held, d_waited, d_held, c_waited, c_held,
                 straddle, ll, lh, hl, hh}),
    .open_o(open),
    .done_o(done)
  );

  assign busy = c_busy || d_busy || s_busy || open != 32'd0;

  watchdog i_watchdog (
    .clk_i(clk),
    .rst_ni(rst_n),
    .pending_i(busy),
    .progress_i((c_valid && c_ready) || (d_valid && d_ready) || (s_valid && s_ready) ||
                (y_valid && y_ready)),
    .open_i(open)
  );

endmodule

`default_nettype wire
