// SPDX-License-Identifier: Apache-2.0
// A descriptor that is taken is dealt out exactly once, to exactly those receivers that have work
// with it; a bad one to none. While no receiver waits for ever, no good descriptor does: it is
// taken within Slow + 1 cycles if no receiver lets a job wait longer than Slow.
`default_nettype none
`include "formal.svh"

module dispatcher_props
  import panacea_pkg::*;
  import chip_pkg::*;
#(
  parameter int Slow = 20
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            start_i,
  input logic [31:0]     count_i,
  input logic            valid_i,
  input logic [BusW-1:0] data_i,
  input logic [4:0]      ready_i       // command, weights, activations, parameters, output
);

  logic ready, done;
  logic [4:0] job;
  logic [31:0] index, outputs;
  logic [3:0] bad;

  dispatcher i_dut (
    .clk_i,
    .rst_ni,
    .start_i,
    .count_i,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .cmd_valid_o(job[0]),
    .cmd_ready_i(ready_i[0]),
    .cmd_o(),
    .play_o(),
    .weight_valid_o(job[1]),
    .weight_ready_i(ready_i[1]),
    .weight_job_o(),
    .act_valid_o(job[2]),
    .act_ready_i(ready_i[2]),
    .act_job_o(),
    .param_valid_o(job[3]),
    .param_ready_i(ready_i[3]),
    .param_job_o(),
    .output_valid_o(job[4]),
    .output_ready_i(ready_i[4]),
    .output_job_o(),
    .done_o(done),
    .outputs_o(outputs),
    .index_o(index),
    .bad_o(bad)
  );

  `FORMAL_RESET

  // No receiver lets a job wait longer than Slow.
  logic [4:0]      late;
  logic [4:0][5:0] receiver;           // cycles for which its job has waited
  for (genvar i = 0; i < 5; i++) begin : gen_receiver
    always_ff @(posedge clk_i)
      receiver[i] <= (!rst_ni || !job[i] || ready_i[i]) ? '0 : receiver[i] + 1'b1;
    assign late[i] = int'(receiver[i]) > Slow;
    always_comb if (int'(receiver[i]) == Slow && job[i]) assume (ready_i[i]);
  end

  logic good, take;
  logic [1:0]  beat_q;
  logic [5:0]  waited_q;
  logic [31:0] taken_q, results_q;
  descriptor_t desc;
  assign desc = i_dut.desc;

  // Results come with an output's last pass and, of an APSQ tile, with its last step.
  apsq_t apsq;
  logic  gives;
  assign apsq  = desc.apsq;
  assign gives = !desc.more && (!apsq.on || apsq.last);
  assign good = valid_i && beat_q == 2'd3 && bad == BadNothing;
  assign take = valid_i && ready && beat_q == 2'd3;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      beat_q    <= '0;
      taken_q   <= '0;
      results_q <= '0;
    end else begin
      if (valid_i && ready) beat_q <= beat_q + 1'b1;
      if (start_i) taken_q <= '0;
      else if (take) taken_q <= taken_q + 32'd1;
      if (take && !start_i && gives) results_q <= results_q + 32'd1;
    end
    waited_q <= (!rst_ni || !good || ready) ? '0 : waited_q + 1'b1;
  end
  // Beats come in a run, not while it begins.
  always_comb if (start_i) assume (!valid_i);

  logic [4:0] pushed, wanted;
  logic [4:0][2:0] held;
  assign pushed = {i_dut.i_outputs.push, i_dut.i_parameters.push, i_dut.i_activations.push,
                   i_dut.i_weights.push, i_dut.i_commands.push};
  assign wanted = {gives, !desc.more, desc.x_load, desc.w_load, 1'b1};
  assign held   = {i_dut.i_outputs.count_q, i_dut.i_parameters.count_q,
                   i_dut.i_activations.count_q, i_dut.i_weights.count_q,
                   i_dut.i_commands.count_q};

  // A queue that is full while a descriptor waits has been so since before, with the same job.
  logic [4:0] fresh;
  for (genvar i = 0; i < 5; i++) begin : gen_fresh
    assign fresh[i] = held[i] == 3'd4 && receiver[i] < waited_q;
  end

  always_comb
    if (rst_ni) begin
      a_dealt : assert (pushed == (take ? wanted : '0));
      a_good : assert (!take || bad == BadNothing);
      a_progress : assert (int'(waited_q) <= Slow + 1);
      a_index : assert (index == taken_q && outputs == results_q);
      inv_beat : assert (i_dut.beat_q == beat_q);
      inv_held :
      assert (held[0] <= 4 && held[1] <= 4 && held[2] <= 4 && held[3] <= 4 && held[4] <= 4);
      inv_fresh : assert (fresh == '0);
      inv_late : assert (late == '0);
      c_taken : cover (take && wanted == '1);
      c_pass : cover (take && wanted == 5'b00011);
      c_step : cover (take && wanted == 5'b01001 && apsq.on);
      c_waits : cover (good && !ready && waited_q == 6'd1);
      c_bad : cover (bad == BadBlock);
    end

endmodule

`default_nettype wire
