// SPDX-License-Identifier: Apache-2.0
// State of a run: begins with a start, ends when all results are in memory, or with the first
// error. In both cases the bus is brought to rest and everything behind it is reset (`run_no`),
// so that a program finds the same state whatever was before it; then the end is reported.
//
// Nothing that moves for Patience cycles, with the bus at rest, is an error too.
`default_nettype none
`include "assert.svh"

module run_control
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
  import csr_pkg::*;
#(
  parameter int Patience = 4096
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             start_i,
  input  logic             abort_i,
  output logic             begin_o,         // pulse: the program's first fetch
  output logic             run_no,          // reset of all that a run uses, but the bus masters
  output logic             stop_o,          // the bus masters come to rest
  input  logic             bus_idle_i,
  input  logic             progress_i,
  input  logic             all_dealt_i,     // all descriptors are dealt out
  input  logic             all_written_i,   // all their results are in memory
  input  logic             playing_i,       // a block is not played to its end
  // Errors
  input  logic             read_error_i,
  input  logic [AddrW-1:0] read_addr_i,
  input  logic             write_error_i,
  input  logic [AddrW-1:0] write_addr_i,
  input  logic [3:0]       bad_desc_i,
  input  logic [31:0]      desc_index_i,    // of the descriptor that is looked at
  input  logic [31:0]      next_desc_i,     // of the one after the last that is done
  input  logic             chunk_error_i,
  input  logic             table_error_i,
  input  logic             w_end_error_i,
  input  logic             x_end_error_i,
  input  logic             w_large_i,
  input  logic             x_large_i,
  input  core_err_t        core_err_i,
  input  ppu_err_t         ppu_err_i,
  // The end
  output logic             end_o,
  output logic [7:0]       end_code_o,
  output logic [15:0]      end_detail_o,
  output logic [31:0]      end_desc_o,
  output logic [AddrW-1:0] end_addr_o
);

  localparam int PatienceW = $clog2(Patience + 1);
  localparam int RestW = 3;  // the reset lasts at least 2^RestW - 1 cycles

  typedef enum logic [1:0] {
    StIdle,
    StRun,
    StStop
  } state_e;

  state_e state_d, state_q;
  logic [PatienceW-1:0] still_q;
  logic [RestW-1:0]     rest_q;
  logic                 done;
  logic [7:0]           code;
  logic [15:0]          detail;
  logic [31:0]          index;
  logic [AddrW-1:0]     addr;

  // The first error in this order, or the end.
  always_comb begin
    code   = ErrNone;
    detail = '0;
    index  = next_desc_i;
    addr   = '0;
    done   = all_dealt_i && all_written_i;
    if (abort_i) begin
      code = ErrAborted;
    end else if (read_error_i) begin
      code = ErrReadFailed;
      addr = read_addr_i;
    end else if (write_error_i) begin
      code = ErrWriteFailed;
      addr = write_addr_i;
    end else if (bad_desc_i != BadNothing) begin
      code   = ErrBadDescriptor;
      detail = 16'(bad_desc_i);
      index  = desc_index_i;
    end else if (chunk_error_i || table_error_i || w_end_error_i || x_end_error_i) begin
      code   = ErrCorruptStream;
      detail = chunk_error_i ? 16'(StreamChunk)   : table_error_i ? 16'(StreamTable)
             : w_end_error_i ? 16'(StreamWeights) : 16'(StreamActs);
    end else if (w_large_i || x_large_i) begin
      code   = ErrBlockTooLarge;
      detail = {14'd0, x_large_i, w_large_i};
    end else if (core_err_i != '0 || ppu_err_i != '0) begin
      code   = ErrCoreError;
      detail = 16'({ppu_err_i, core_err_i});
    end else if (still_q == PatienceW'(Patience)) begin
      code = ErrTimeout;
    end else if (done && playing_i) begin
      code   = ErrCorruptStream;
      detail = 16'(StreamUnplayed);
    end
  end

  always_comb begin
    state_d = state_q;
    case (state_q)
      StIdle:  if (start_i) state_d = StRun;
      StRun:   if (done || code != ErrNone) state_d = StStop;
      default: if (bus_idle_i && rest_q == '1) state_d = StIdle;  // StStop
    endcase
  end

  assign begin_o = state_q == StIdle && start_i;
  assign stop_o  = state_q == StStop;
  assign run_no  = rst_ni && state_q != StStop;
  assign end_o   = state_q == StStop && bus_idle_i && rest_q == '1;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= StIdle;
      still_q <= '0;
      rest_q  <= '0;
      {end_code_o, end_detail_o, end_desc_o, end_addr_o} <= '0;
    end else begin
      state_q <= state_d;
      rest_q  <= (state_q != StStop) ? '0 : (rest_q == '1) ? rest_q : rest_q + 1'b1;
      still_q <= (state_q != StRun || progress_i || !bus_idle_i) ? '0 : still_q + 1'b1;
      if (state_q == StRun && state_d == StStop) begin
        end_code_o   <= code;
        end_detail_o <= detail;
        end_desc_o   <= index;
        end_addr_o   <= addr;
      end
    end
  end

endmodule

`default_nettype wire
