// SPDX-License-Identifier: Apache-2.0
// Unit top of the chip's control: descriptor_check, dispatcher, run_control, chip_counters.
`default_nettype none

module tb_control
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
  import csr_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int TileN  = 64
) ();

  localparam int Patience = 20;
  localparam int IncW = (NumPea > 2) ? $clog2(12 * NumPea + 1) + 1 : 6;  // as in the chip
  localparam int EventW = $bits(pea_event_t);
  localparam int CmdW = $bits(cmd_t);
  localparam int PlayW = $bits(play_t);

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // For the benches: the parameters.
  logic [15:0] num_pea, tile_n, patience, inc_w;
  assign num_pea  = 16'(NumPea);
  assign tile_n   = 16'(TileN);
  assign patience = 16'(Patience);
  assign inc_w    = 16'(IncW);

  logic [1023:0] k_desc;
  logic k_last, k_prev_open, k_prev_dtp, k_gives;
  logic [2:0]    k_prev_gs;
  logic [7:0]    k_prev_groups;
  logic [3:0]    k_bad;
  descriptor_check #(
    .NumPea(NumPea),
    .TileN(TileN)
  ) i_check (
    .desc_i(k_desc),
    .last_i(k_last),
    .prev_open_i(k_prev_open),
    .prev_dtp_i(k_prev_dtp),
    .prev_gs_i(k_prev_gs),
    .prev_groups_i(k_prev_groups),
    .gives_o(k_gives),
    .bad_o(k_bad)
  );

  logic d_start, d_valid, d_ready, d_done;
  logic [31:0] d_count, d_index;
  logic [BusW-1:0]                d_data;
  logic [SeqW-1:0]                d_outputs;
  logic [3:0]                     d_bad;
  logic d_cmd_valid, d_cmd_ready, d_weight_valid, d_weight_ready;
  logic d_act_valid, d_act_ready, d_param_valid, d_param_ready;
  logic d_output_valid, d_output_ready;
  logic [CmdW-1:0]                d_cmd_only;
  logic [PlayW-1:0]               d_play;
  logic [PlayW+CmdW-1:0]          d_cmd;
  logic [$bits(weight_job_t)-1:0] d_weight;
  logic [$bits(act_job_t)-1:0]    d_act;
  logic [$bits(param_job_t)-1:0]  d_param;
  logic [$bits(output_job_t)-1:0] d_output;
  assign d_cmd = {d_play, d_cmd_only};
  dispatcher #(
    .NumPea(NumPea),
    .TileN(TileN)
  ) i_dispatcher (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(d_start),
    .count_i(d_count),
    .valid_i(d_valid),
    .ready_o(d_ready),
    .data_i(d_data),
    .cmd_valid_o(d_cmd_valid),
    .cmd_ready_i(d_cmd_ready),
    .cmd_o(d_cmd_only),
    .play_o(d_play),
    .weight_valid_o(d_weight_valid),
    .weight_ready_i(d_weight_ready),
    .weight_job_o(d_weight),
    .act_valid_o(d_act_valid),
    .act_ready_i(d_act_ready),
    .act_job_o(d_act),
    .param_valid_o(d_param_valid),
    .param_ready_i(d_param_ready),
    .param_job_o(d_param),
    .output_valid_o(d_output_valid),
    .output_ready_i(d_output_ready),
    .output_job_o(d_output),
    .done_o(d_done),
    .outputs_o(d_outputs),
    .index_o(d_index),
    .bad_o(d_bad)
  );

  logic r_start, r_abort, r_begin, r_run_n, r_stop, r_bus_idle, r_progress;
  logic r_all_dealt, r_all_written, r_playing, r_read_error, r_write_error;
  logic r_chunk_error, r_table_error, r_w_end_error, r_x_end_error, r_w_large;
  logic r_x_large, r_end;
  logic [AddrW-1:0] r_read_addr, r_write_addr, r_end_addr;
  logic [3:0] r_bad_desc;
  logic [31:0] r_desc_index, r_next_desc, r_end_desc;
  logic [2:0]       r_core_err;
  logic [1:0]       r_ppu_err;
  logic [7:0]       r_end_code;
  logic [15:0]      r_end_detail;
  run_control #(
    .Patience(Patience)
  ) i_run_control (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(r_start),
    .abort_i(r_abort),
    .begin_o(r_begin),
    .run_no(r_run_n),
    .stop_o(r_stop),
    .bus_idle_i(r_bus_idle),
    .progress_i(r_progress),
    .all_dealt_i(r_all_dealt),
    .all_written_i(r_all_written),
    .playing_i(r_playing),
    .read_error_i(r_read_error),
    .read_addr_i(r_read_addr),
    .write_error_i(r_write_error),
    .write_addr_i(r_write_addr),
    .bad_desc_i(r_bad_desc),
    .desc_index_i(r_desc_index),
    .next_desc_i(r_next_desc),
    .chunk_error_i(r_chunk_error),
    .table_error_i(r_table_error),
    .w_end_error_i(r_w_end_error),
    .x_end_error_i(r_x_end_error),
    .w_large_i(r_w_large),
    .x_large_i(r_x_large),
    .core_err_i(r_core_err),
    .ppu_err_i(r_ppu_err),
    .end_o(r_end),
    .end_code_o(r_end_code),
    .end_detail_o(r_end_detail),
    .end_desc_o(r_end_desc),
    .end_addr_o(r_end_addr)
  );

  logic [NumPea*EventW-1:0] c_event;
  logic [NumPea-1:0] c_wmem_wr, c_wmem_rd;
  logic [31:0] c_w_strb;
  logic c_ppu_busy, c_reading, c_writing, c_r_take, c_w_take, c_amem_wr;
  logic c_amem_rd, c_omem_wr, c_omem_rd, c_weights_wait, c_acts_wait;
  logic c_results_wait, c_desc_wait, c_bus_wait, c_run_n;
  logic [NumCounters*IncW-1:0] c_inc;
  chip_counters #(
    .NumPea(NumPea),
    .IncW(IncW)
  ) i_counters (
    .clk_i(clk),
    .rst_ni(rst_n && c_run_n),
    .event_i(c_event),
    .ppu_busy_i(c_ppu_busy),
    .reading_i(c_reading),
    .writing_i(c_writing),
    .r_take_i(c_r_take),
    .w_take_i(c_w_take),
    .w_strb_i(c_w_strb),
    .wmem_wr_i(c_wmem_wr),
    .wmem_rd_i(c_wmem_rd),
    .amem_wr_i(c_amem_wr),
    .amem_rd_i(c_amem_rd),
    .omem_wr_i(c_omem_wr),
    .omem_rd_i(c_omem_rd),
    .weights_wait_i(c_weights_wait),
    .acts_wait_i(c_acts_wait),
    .results_wait_i(c_results_wait),
    .desc_wait_i(c_desc_wait),
    .bus_wait_i(c_bus_wait),
    .inc_o(c_inc)
  );

endmodule

`default_nettype wire
