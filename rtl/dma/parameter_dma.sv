// SPDX-License-Identifier: Apache-2.0
// Loads the parameter block of an output tile, one after the other: passes the folded bias to the
// core, writes row scales and PWL segments into the PPU's free banks, then hands the PPU its
// command. The next block starts when the PPU has taken that command, which frees the banks. Of an
// APSQ step that gives no results there is only the bias.
`default_nettype none
`include "assert.svh"

module parameter_dma
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea = 16,
  localparam int JobW    = $bits(param_job_t),
  localparam int ReqW    = $bits(read_req_t),
  localparam int PpuCmdW = $bits(ppu_cmd_t),
  localparam int RowsW   = VecLen * PsumW
) (
  input  logic                clk_i,
  input  logic                rst_ni,
  input  logic                job_valid_i,
  output logic                job_ready_o,
  input  logic [JobW-1:0]     job_i,
  output logic                req_valid_o,
  input  logic                req_ready_i,
  output logic [ReqW-1:0]     req_o,
  input  logic                valid_i,        // there is room for every beat that was asked for
  input  logic [BusW-1:0]     data_i,
  output logic                b_valid_o,
  input  logic                b_ready_i,
  output logic [RowsW-1:0]    b_data_o,
  output logic                par_valid_o,
  input  logic                par_ready_i,
  output logic [ParAddrW-1:0] par_addr_o,
  output logic [ParDataW-1:0] par_data_o,
  output logic                cmd_valid_o,
  input  logic                cmd_ready_i,
  output logic [PpuCmdW-1:0]  cmd_o
);

  localparam int Held = 16;  // beats under way or held
  localparam int ReqBeats = 8;
  localparam int LeftW = 10;
  localparam int PwlFirst = 1 << (ParAddrW - 1);

  typedef enum logic [2:0] {
    StIdle,
    StBias,
    StRows,
    StPwl,
    StCmd
  } state_e;

  param_job_t job;
  state_e state_d, state_q;
  logic dtp, new_rows, new_pwl, gives, start, request, pop, take, unused_ready;
  logic beat_valid, step_end;
  logic [BusW-1:0]  beat;
  logic [LineAddrW-1:0] line_q;
  logic [LeftW-1:0] block_beats, beats_all, left_q, beats;
  logic [4:0] open_q;
  logic [9:0] peas, rows, at_q, at_last;  // in the current section: PEA, row or segment

  assign job      = job_i;
  assign dtp      = job.dtp;
  assign new_rows = job.new_rows;
  assign new_pwl  = job.new_pwl;
  assign gives    = job.gives;
  assign peas     = dtp ? 10'(2 * NumPea) : 10'(NumPea);
  assign rows     = peas << 2;

  // Requests
  assign block_beats = LeftW'((peas + 10'd1) >> 1);
  assign beats_all   = block_beats + (new_rows ? block_beats : '0)
                       + (new_pwl ? LeftW'(PwlBeats) : '0);
  assign start       = state_q == StIdle && job_valid_i;
  assign beats       = (left_q > LeftW'(ReqBeats)) ? LeftW'(ReqBeats) : left_q;
  assign req_valid_o = left_q != '0 && open_q <= 5'(Held - ReqBeats);
  assign req_o       = {TagParam, 16'(beats), line_q};
  assign request     = req_valid_o && req_ready_i;

  stream_fifo #(
    .Width(BusW),
    .Depth(Held)
  ) i_beats (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(unused_ready),
    .data_i,
    .valid_o(beat_valid),
    .ready_i(pop),
    .data_o(beat)
  );

  // Sections of the block: two bias beats, eight rows or four segments in a beat.
  assign b_valid_o   = state_q == StBias && beat_valid;
  assign b_data_o    = at_q[0] ? beat[RowsW +: RowsW] : beat[RowsW-1:0];
  assign par_valid_o = (state_q == StRows || state_q == StPwl) && beat_valid;
  assign par_addr_o  = (state_q == StRows) ? ParAddrW'(at_q)
                                           : ParAddrW'(PwlFirst) + ParAddrW'(at_q);
  assign par_data_o  = (state_q == StRows) ? ParDataW'(beat[32*at_q[2:0] +: ScaleW])
                                           : beat[64*at_q[1:0] +: ParDataW];
  assign cmd_valid_o = state_q == StCmd;
  assign cmd_o       = job.ppu_cmd;
  assign job_ready_o = gives ? cmd_valid_o && cmd_ready_i : state_q == StBias && step_end;

  assign take     = (b_valid_o && b_ready_i) || (par_valid_o && par_ready_i);
  assign step_end = take && at_q == at_last;

  always_comb begin
    state_d = state_q;
    at_last = peas - 10'd1;
    pop     = 1'b0;
    case (state_q)
      StIdle: if (job_valid_i) state_d = StBias;
      StBias: begin
        pop = take && (at_q[0] || step_end);
        if (step_end && new_rows)     state_d = StRows;
        else if (step_end && new_pwl) state_d = StPwl;
        else if (step_end && gives)   state_d = StCmd;
        else if (step_end)            state_d = StIdle;
      end
      StRows: begin
        at_last = rows - 10'd1;
        pop     = take && (at_q[2:0] == 3'd7 || step_end);
        if (step_end && new_pwl) state_d = StPwl;
        else if (step_end)       state_d = StCmd;
      end
      StPwl: begin
        at_last = 10'(Segments - 1);
        pop     = take && at_q[1:0] == 2'd3;
        if (step_end) state_d = StCmd;
      end
      StCmd: if (cmd_ready_i) state_d = StIdle;
      default: state_d = StIdle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      line_q  <= '0;
      left_q  <= '0;
      open_q  <= '0;
      at_q    <= '0;
    end else begin
      state_q <= state_d;
      if (start) begin
        line_q <= job.line;
        left_q <= beats_all;
      end else if (request) begin
        line_q <= line_q + LineAddrW'(beats);
        left_q <= left_q - beats;
      end
      open_q <= open_q + (request ? 5'(beats) : '0) - 5'(pop);
      if (take) at_q <= step_end ? '0 : at_q + 10'd1;
    end
  end

  `PANACEA_ASSERT(!valid_i || open_q != '0, "parameters arrive that were not asked for")

endmodule

`default_nettype wire
