// SPDX-License-Identifier: Apache-2.0
// A parameter block is asked for once, in order, with room for each beat; and passed on as bias,
// row scales, segments and command, as many of each as the job has, in this order, the end of a
// job with the last of them.
`default_nettype none
`include "formal.svh"

module parameter_dma_props
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  localparam int NumPea = 2,
  localparam int Held   = 16,
  localparam int JobW   = $bits(param_job_t)
) (
  input logic            clk_i,
  input logic            rst_ni,
  input logic            job_valid_i,
  input logic [JobW-1:0] job_i,
  input logic            req_ready_i,
  input logic            valid_i,
  input logic [BusW-1:0] data_i,
  input logic            b_ready_i,
  input logic            par_ready_i,
  input logic            cmd_ready_i
);

  localparam int PpuCmdW = $bits(ppu_cmd_t);

  logic job_ready, req_valid, b_valid, par_valid, cmd_valid;
  read_req_t               req;
  param_job_t              job;
  logic [VecLen*PsumW-1:0] b_data;
  logic [ParAddrW-1:0]     par_addr;
  logic [ParDataW-1:0]     par_data;
  logic [PpuCmdW-1:0]      cmd;

  parameter_dma #(
    .NumPea(NumPea)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .job_valid_i,
    .job_ready_o(job_ready),
    .job_i,
    .req_valid_o(req_valid),
    .req_ready_i,
    .req_o(req),
    .valid_i,
    .data_i,
    .b_valid_o(b_valid),
    .b_ready_i,
    .b_data_o(b_data),
    .par_valid_o(par_valid),
    .par_ready_i,
    .par_addr_o(par_addr),
    .par_data_o(par_data),
    .cmd_valid_o(cmd_valid),
    .cmd_ready_i,
    .cmd_o(cmd)
  );
  assign job = job_i;

  `FORMAL_RESET

  // A job waits unchanged until it is taken. One that gives no results has a bias alone.
  logic            waits_q;
  logic [JobW-1:0] job_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && job_valid_i && !job_ready;
    job_q   <= job_i;
  end
  always_comb begin
    if (waits_q) assume (job_valid_i && job_i == job_q);
    if (!job.gives) assume (!job.new_rows && !job.new_pwl);
  end

  // Beats under way and held; what is left to ask for; what was passed on of the job.
  logic [5:0] due_q, held_q;
  logic [9:0] left_q, beats, biases_q, rows_q, segments_q, peas, taken_q;
  logic [LineAddrW-1:0] line_q;
  logic begun_job_q, request, bias, row, segment, pop;
  assign peas    = job.dtp ? 10'(2 * NumPea) : 10'(NumPea);
  assign request = req_valid && req_ready_i;
  assign bias    = b_valid && b_ready_i;
  assign row     = par_valid && par_ready_i && !par_addr[ParAddrW-1];
  assign segment = par_valid && par_ready_i && par_addr[ParAddrW-1];
  assign pop     = i_dut.pop;
  // Two bias beats, eight rows, four segments in a beat: 4 rows a PEA.
  assign beats   = ((peas + 10'd1) >> 1) + (job.new_rows ? (4 * peas + 10'd7) >> 3 : 10'd0)
                   + (job.new_pwl ? 10'(PwlBeats) : 10'd0);
  always_comb assume (!valid_i || due_q != '0);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {due_q, held_q, left_q, biases_q, rows_q, segments_q, taken_q, begun_job_q} <= '0;
    end else begin
      due_q  <= due_q + (request ? 6'(req.beats) : '0) - 6'(valid_i);
      held_q <= held_q + 6'(valid_i) - 6'(pop);
      if (job_valid_i && !begun_job_q) begin
        left_q      <= beats;
        line_q      <= job.line;
        begun_job_q <= 1'b1;
      end else if (request) begin
        left_q <= left_q - 10'(req.beats);
        line_q <= line_q + LineAddrW'(req.beats);
      end
      if (job_valid_i && job_ready) begin
        {biases_q, rows_q, segments_q, taken_q, begun_job_q} <= '0;
      end else begin
        biases_q   <= biases_q + 10'(bias);
        rows_q     <= rows_q + 10'(row);
        segments_q <= segments_q + 10'(segment);
        taken_q    <= taken_q + 10'(pop);
      end
    end
  end

  logic whole_bias, whole_rows, whole_segments;
  assign whole_bias     = biases_q == peas;
  assign whole_rows     = rows_q == (job.new_rows ? 4 * peas : 10'd0);
  assign whole_segments = segments_q == (job.new_pwl ? 10'(Segments) : 10'd0);

  always_comb
    if (rst_ni) begin
      a_room : assert (int'(due_q) + int'(held_q) <= Held);
      a_keeps : assert (!valid_i || i_dut.unused_ready);
      a_ask :
      assert (!request || (begun_job_q && req.tag == TagParam && req.line == line_q
                        && req.beats != '0 && req.beats <= 16'(left_q)));
      a_bias : assert (!b_valid || (job_valid_i && !whole_bias));
      a_rows :
      assert (!row || (job.new_rows && whole_bias && !whole_rows && par_addr == ParAddrW'(rows_q)));
      a_segments :
      assert (!segment || (job.new_pwl && whole_bias && whole_rows && !whole_segments
                        && 10'(par_addr[ParAddrW-2:0]) == segments_q));
      a_command :
      assert (!cmd_valid || (job.gives && whole_bias && whole_rows && whole_segments
                        && cmd == job.ppu_cmd));
      a_end :
      assert (!(job_valid_i && job_ready) || (job.gives ? cmd_valid && cmd_ready_i
                        : bias && biases_q + 10'd1 == peas));
      a_beats :
      assert (!(job_valid_i && job_ready) || (left_q == '0 && due_q == '0 && held_q == 6'(pop)));
      a_front : assert (!(bias || row || segment) || held_q != '0);
      inv_state : assert (i_dut.state_q == 3'd0 ? !begun_job_q : begun_job_q && job_valid_i);
      inv_ask :
      assert (i_dut.left_q == left_q && (left_q == '0 || i_dut.line_q == line_q)
                        && 7'(i_dut.open_q) == 7'(due_q) + 7'(held_q)
                        && 6'(i_dut.i_beats.count_q) == held_q);
      inv_idle : assert (begun_job_q || (left_q == '0 && due_q == '0 && held_q == '0));
      inv_sum : assert (!begun_job_q || 10'(left_q) + 10'(due_q) + 10'(held_q) + taken_q == beats);
      inv_bound : assert (!begun_job_q || left_q <= beats);
      inv_begun :
      assert (begun_job_q || (biases_q == '0 && rows_q == '0 && segments_q == '0
                        && taken_q == '0 && i_dut.at_q == '0));
      inv_bias :
      assert (i_dut.state_q != 3'd1 || (i_dut.at_q == biases_q && biases_q < peas
                        && rows_q == '0 && segments_q == '0 && taken_q == biases_q >> 1));
      inv_rows :
      assert (i_dut.state_q != 3'd2 || (i_dut.at_q == rows_q && rows_q < 4 * peas
                        && job.new_rows && whole_bias && segments_q == '0
                        && taken_q == ((peas + 10'd1) >> 1) + (rows_q >> 3)));
      inv_pwl :
      assert (i_dut.state_q != 3'd3 || (i_dut.at_q == segments_q
                        && segments_q < 10'(Segments) && job.new_pwl && whole_bias && whole_rows
                        && taken_q + 10'(PwlBeats) == beats + (segments_q >> 2)));
      inv_cmd :
      assert (i_dut.state_q != 3'd4 || (i_dut.at_q == '0 && job.gives && whole_bias
                        && whole_rows && whole_segments && taken_q == beats));
      inv_known :
      assert (i_dut.state_q <= 3'd4 && (i_dut.state_q == 3'd1 || i_dut.state_q == '0 || job.gives));
      c_bias : cover (job_valid_i && job_ready && !job.gives && job.dtp);
      c_rows : cover (cmd_valid && cmd_ready_i && job.new_rows && !job.new_pwl);
      c_segment : cover (segment && segments_q == 10'd5 && !job.new_rows);
      c_full : cover (int'(due_q) == Held);
    end

endmodule

`default_nettype wire
