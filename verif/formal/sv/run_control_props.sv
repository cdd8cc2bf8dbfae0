// SPDX-License-Identifier: Apache-2.0
// A run never hangs: it ends with its results, at once with an error, or after Patience cycles in
// which nothing moves; and once the bus rests, the end is reported within eight cycles. Each start
// is followed by exactly one end, which says whether there was an error.
`default_nettype none
`include "formal.svh"

module run_control_props
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int Patience = 6
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             start_i,
  input logic             abort_i,
  input logic             bus_idle_i,
  input logic             progress_i,
  input logic             all_dealt_i,
  input logic             all_written_i,
  input logic             playing_i,
  input logic             read_error_i,
  input logic [AddrW-1:0] read_addr_i,
  input logic             write_error_i,
  input logic [AddrW-1:0] write_addr_i,
  input logic [3:0]       bad_desc_i,
  input logic [31:0]      desc_index_i,
  input logic [31:0]      next_desc_i,
  input logic [5:0]       stream_errors_i,
  input core_err_t        core_err_i,
  input ppu_err_t         ppu_err_i
);

  logic begin_run, run_no, stop, end_run;
  logic [7:0]       code;
  logic [15:0]      detail;
  logic [31:0]      desc;
  logic [AddrW-1:0] addr;

  run_control #(
    .Patience(Patience)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .start_i,
    .abort_i,
    .begin_o(begin_run),
    .run_no(run_no),
    .stop_o(stop),
    .bus_idle_i,
    .progress_i,
    .all_dealt_i,
    .all_written_i,
    .playing_i,
    .read_error_i,
    .read_addr_i,
    .write_error_i,
    .write_addr_i,
    .bad_desc_i,
    .desc_index_i,
    .next_desc_i,
    .chunk_error_i(stream_errors_i[0]),
    .table_error_i(stream_errors_i[1]),
    .w_end_error_i(stream_errors_i[2]),
    .x_end_error_i(stream_errors_i[3]),
    .w_large_i(stream_errors_i[4]),
    .x_large_i(stream_errors_i[5]),
    .core_err_i,
    .ppu_err_i,
    .end_o(end_run),
    .end_code_o(code),
    .end_detail_o(detail),
    .end_desc_o(desc),
    .end_addr_o(addr)
  );

  `FORMAL_RESET

  logic running_q;  // between a start and its end
  logic stopping_q, stopped_now;
  logic failed, finished, failed_q;
  int still_q, rest_q;  // cycles in a row: nothing moves; the bus rests after a stop

  assign failed   = abort_i || read_error_i || write_error_i || bad_desc_i != BadNothing
                    || stream_errors_i != '0 || core_err_i != '0 || ppu_err_i != '0;
  assign finished = all_dealt_i && all_written_i;
  assign stopped_now = running_q && !stop && (failed || finished);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      running_q <= 1'b0;
      stopping_q <= 1'b0;
    end else begin
      if (begin_run) running_q <= 1'b1;
      else if (end_run) running_q <= 1'b0;
      stopping_q <= stopped_now;
    end
    if (!stop) failed_q <= failed || playing_i || !finished || still_q == Patience;
    still_q <= (!rst_ni || !running_q || stop || progress_i || !bus_idle_i) ? 0 : still_q + 1;
    rest_q  <= (!rst_ni || !stop || !bus_idle_i) ? 0 : rest_q + 1;
  end

  always_comb
    if (rst_ni) begin
      a_patience : assert (still_q <= Patience + 1);
      a_stop : assert (!stopping_q || stop);
      a_rest : assert (rest_q <= 8);
      a_end : assert (!end_run || (running_q && stop && bus_idle_i));
      a_begin : assert (begin_run == (start_i && !running_q));
      a_reset : assert (run_no == !stop);
      a_code : assert (!end_run || (code != '0) == failed_q);
      inv_state : assert (running_q == (i_dut.state_q != 2'd0));
      inv_legal : assert (i_dut.state_q != 2'd3);
      inv_still : assert (!running_q || stop || int'(i_dut.still_q) == still_q);
      inv_bound : assert (still_q >= 0 && rest_q >= 0 && (!stop || rest_q <= int'(i_dut.rest_q)));
      inv_max : assert (stop || !running_q || int'(i_dut.still_q) <= Patience);
      inv_code : assert (!stop || (code != '0) == failed_q);
      c_timeout : cover (end_run && code == 8'd8);
      c_good : cover (end_run && code == '0);
      c_again : cover (begin_run && code != '0);
    end

endmodule

`default_nettype wire
