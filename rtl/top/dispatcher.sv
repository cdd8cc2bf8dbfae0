// SPDX-License-Identifier: Apache-2.0
// Takes a program's descriptors in order, checks each, and deals its work out: jobs for the DMAs,
// and the core's command with what WMEM and AMEM play for it. The queues behind it let loads run
// ahead of the core. A bad descriptor is not dealt out; `bad_o` names the rule it breaks.
`default_nettype none

module dispatcher
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int TileN  = 64,
  localparam int CmdW       = $bits(cmd_t),
  localparam int PlayW      = $bits(play_t),
  localparam int WeightJobW = $bits(weight_job_t),
  localparam int ActJobW    = $bits(act_job_t),
  localparam int ParamJobW  = $bits(param_job_t),
  localparam int OutputJobW = $bits(output_job_t)
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic                  start_i,       // a program of so many descriptors
  input  logic [31:0]           count_i,
  input  logic                  valid_i,       // beats of descriptors
  output logic                  ready_o,
  input  logic [BusW-1:0]       data_i,
  output logic                  cmd_valid_o,
  input  logic                  cmd_ready_i,
  output logic [CmdW-1:0]       cmd_o,
  output logic [PlayW-1:0]      play_o,
  output logic                  weight_valid_o,
  input  logic                  weight_ready_i,
  output logic [WeightJobW-1:0] weight_job_o,
  output logic                  act_valid_o,
  input  logic                  act_ready_i,
  output logic [ActJobW-1:0]    act_job_o,
  output logic                  param_valid_o,
  input  logic                  param_ready_i,
  output logic [ParamJobW-1:0]  param_job_o,
  output logic                  output_valid_o,
  input  logic                  output_ready_i,
  output logic [OutputJobW-1:0] output_job_o,
  output logic                  done_o,        // all descriptors are dealt out
  output logic [SeqW-1:0]       outputs_o,     // those of them that have results
  output logic [31:0]           index_o,       // number of the next descriptor
  output logic [3:0]            bad_o
);

  localparam int Queue = 4;  // jobs that wait for each receiver
  localparam int DescW = $bits(descriptor_t);

  // Three beats are held; the fourth is used where it stands.
  logic [BusW-1:0]  held_q [DescBeats-1];
  logic [1:0]       beat_q;
  logic [DescW-1:0] desc_bits;
  descriptor_t      desc;
  logic complete, take, space, more, dtp, gives, prev_open_q, prev_dtp_q;
  apsq_t            apsq;
  logic [2:0]       prev_gs_q;
  logic [7:0] groups, prev_groups_q;
  logic [31:0]      left_q;
  logic [3:0]       bad;

  assign desc_bits = {data_i, held_q[2], held_q[1], held_q[0]};
  assign desc      = desc_bits;
  assign more      = desc.more;
  assign dtp       = desc.dtp;
  assign apsq      = desc.apsq;
  assign groups    = desc.groups;
  assign complete  = valid_i && beat_q == 2'(DescBeats - 1);
  assign take      = complete && bad == BadNothing && space;
  assign ready_o   = beat_q != 2'(DescBeats - 1) || take;
  assign bad_o     = complete ? bad : BadNothing;
  assign done_o    = left_q == '0;

  descriptor_check #(
    .NumPea(NumPea),
    .TileN(TileN)
  ) i_check (
    .desc_i        (desc_bits),
    .last_i        (left_q == 32'd1),
    .prev_open_i   (prev_open_q),
    .prev_dtp_i    (prev_dtp_q),
    .prev_gs_i     (prev_gs_q),
    .prev_groups_i (prev_groups_q),
    .gives_o       (gives),
    .bad_o         (bad)
  );

  always_ff @(posedge clk_i) begin
    if (valid_i && ready_o && !complete) held_q[beat_q] <= data_i;
    if (!rst_ni) begin
      beat_q        <= '0;
      left_q        <= '0;
      index_o       <= '0;
      outputs_o     <= '0;
      prev_open_q   <= 1'b0;
      prev_dtp_q    <= 1'b0;
      prev_gs_q     <= '0;
      prev_groups_q <= '0;
    end else begin
      if (valid_i && ready_o) beat_q <= beat_q + 1'b1;
      if (start_i) begin
        left_q  <= count_i;
        index_o <= '0;
      end else if (take) begin
        left_q        <= left_q - 32'd1;
        index_o       <= index_o + 32'd1;
        outputs_o     <= outputs_o + SeqW'(gives);
        prev_open_q   <= !gives;
        prev_dtp_q    <= dtp;
        prev_gs_q     <= {apsq.gs, apsq.on};
        prev_groups_q <= groups;
      end
    end
  end

  // What each receiver gets.
  cmd_t        cmd;
  ppu_cmd_t    ppu_cmd;
  play_t       play;
  weight_job_t weight_job;
  act_job_t    act_job;
  param_job_t  param_job;
  output_job_t output_job;
  logic raw, wide, second_rows;

  assign raw         = desc.raw;
  assign wide        = !raw && desc.y_slices == 2'd3;
  assign second_rows = 11'(desc.rows) > 11'(VecLen * NumPea);

  always_comb begin
    cmd         = '0;
    cmd.k_len   = desc.k_len;
    cmd.groups  = groups;
    cmd.dbs     = desc.dbs;
    cmd.r       = desc.r;
    cmd.dtp     = dtp;
    cmd.more    = more;
    cmd.wgt_up  = desc.wgt_up;
    cmd.act_up  = desc.act_up;
    cmd.wgt_dense = desc.wgt_dense;
    cmd.apsq    = apsq;

    play.w_play = desc.w_play;
    play.w_keep = desc.w_keep;
    play.x_play = desc.x_play;
    play.x_keep = desc.x_keep;

    ppu_cmd.rows     = desc.rows;
    ppu_cmd.groups   = groups;
    ppu_cmd.r        = desc.y_r;
    ppu_cmd.dbs      = desc.y_dbs;
    ppu_cmd.slices   = desc.y_slices;
    ppu_cmd.raw      = raw;
    ppu_cmd.dtp      = dtp;
    ppu_cmd.new_pwl  = desc.new_pwl;
    ppu_cmd.new_rows = desc.new_rows;

    weight_job.line  = desc.w_addr[AddrW-1:LineShift];
    weight_job.beats = desc.w_beats;

    act_job.table_line = desc.x_table[AddrW-1:LineShift];
    act_job.line       = desc.x_addr[AddrW-1:LineShift];
    act_job.stride     = desc.x_stride[31:LineShift];
    act_job.segments   = desc.x_segments;
    act_job.fence      = desc.fence;
    act_job.seq        = outputs_o;

    param_job.line     = desc.par_addr[AddrW-1:LineShift];
    param_job.dtp      = dtp;
    param_job.new_rows = desc.new_rows && gives;
    param_job.new_pwl  = desc.new_pwl && gives;
    param_job.gives    = gives;
    param_job.ppu_cmd  = ppu_cmd;

    output_job.desc       = index_o;
    output_job.line_low   = desc.y_addr_low[AddrW-1:LineShift];
    output_job.line       = desc.y_addr[AddrW-1:LineShift];
    output_job.stride     = desc.y_stride[31:LineShift];
    output_job.table_low  = desc.y_table_low[AddrW-1:1];
    output_job.table_addr = desc.y_table[AddrW-1:1];
    output_job.groups     = groups;
    output_job.two_tiles  = dtp && (raw || second_rows);
    output_job.wide       = wide;
    output_job.raw        = raw;
  end

  // Queues. All must have room, so that the receivers see the descriptors in the same order.
  logic cmd_space, weight_space, act_space, param_space, output_space;
  assign space = cmd_space && weight_space && act_space && param_space && output_space;

  stream_fifo #(
    .Width(CmdW + PlayW),
    .Depth(Queue)
  ) i_commands (
    .clk_i,
    .rst_ni,
    .valid_i(take),
    .ready_o(cmd_space),
    .data_i({play, cmd}),
    .valid_o(cmd_valid_o),
    .ready_i(cmd_ready_i),
    .data_o({play_o, cmd_o})
  );
  stream_fifo #(
    .Width(WeightJobW),
    .Depth(Queue)
  ) i_weights (
    .clk_i,
    .rst_ni,
    .valid_i(take && desc.w_load),
    .ready_o(weight_space),
    .data_i(weight_job),
    .valid_o(weight_valid_o),
    .ready_i(weight_ready_i),
    .data_o(weight_job_o)
  );
  stream_fifo #(
    .Width(ActJobW),
    .Depth(Queue)
  ) i_activations (
    .clk_i,
    .rst_ni,
    .valid_i(take && desc.x_load),
    .ready_o(act_space),
    .data_i(act_job),
    .valid_o(act_valid_o),
    .ready_i(act_ready_i),
    .data_o(act_job_o)
  );
  stream_fifo #(
    .Width(ParamJobW),
    .Depth(Queue)
  ) i_parameters (
    .clk_i,
    .rst_ni,
    .valid_i(take && !more),
    .ready_o(param_space),
    .data_i(param_job),
    .valid_o(param_valid_o),
    .ready_i(param_ready_i),
    .data_o(param_job_o)
  );
  stream_fifo #(
    .Width(OutputJobW),
    .Depth(Queue)
  ) i_outputs (
    .clk_i,
    .rst_ni,
    .valid_i(take && gives),
    .ready_o(output_space),
    .data_i(output_job),
    .valid_o(output_valid_o),
    .ready_i(output_ready_i),
    .data_o(output_job_o)
  );

endmodule

`default_nettype wire
