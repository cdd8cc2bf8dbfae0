// SPDX-License-Identifier: Apache-2.0
// Takes blocks one after the other and fills the memories with their operands, from one stream:
// bias (of a block that completes its outputs), weights, activations. Every word of the stream
// is a cycle at the external memory. Weights gather to words of Gather stream words.
//
// A block is handed over when its operands are there, and the next one is loaded from then on,
// into the other half of each memory. Four cycles a block are lost, one to take it, one to hand it
// over, and one for each operand that it does not have.
`default_nettype none
`include "assert.svh"

module operand_loader
  import dense_pkg::*;
#(
  parameter int StreamW = 256,
  parameter int Gather  = 3,
  localparam int CmdW    = $bits(block_cmd_t),
  localparam int LoadedW = $bits(loaded_t),
  localparam int WAddrW  = $clog2(2 * WeightDepth),
  localparam int XAddrW  = $clog2(2 * ActDepth),
  localparam int BAddrW  = $clog2(4 * BiasDepth)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      cmd_valid_i,
  output logic                      cmd_ready_o,
  input  logic [CmdW-1:0]           cmd_i,
  input  logic                      d_valid_i,
  output logic                      d_ready_o,
  input  logic [StreamW-1:0]        d_data_i,
  output logic                      w_en_o,
  output logic [WAddrW-1:0]         w_addr_o,
  output logic [Gather*StreamW-1:0] w_data_o,
  output logic                      x_en_o,
  output logic [XAddrW-1:0]         x_addr_o,
  output logic                      b_en_o,
  output logic [BAddrW-1:0]         b_addr_o,
  output logic                      valid_o,
  input  logic                      ready_i,
  output logic [LoadedW-1:0]        data_o
);

  localparam int SubW = $clog2(Gather);

  typedef enum logic [2:0] {
    StIdle,
    StBias,
    StWeights,
    StActivations,
    StGive
  } state_e;

  state_e state_q, state_d;
  block_cmd_t                    cmd_q;
  loaded_t                       loaded;
  logic [3:0]                    rows;
  logic [10:0] count_q, words, w_words;
  logic [9:0]                    x_words;
  logic [4:0]                    b_words;
  logic [SubW-1:0]               sub_q;
  logic [(Gather-1)*StreamW-1:0] held_q;
  logic [WAddrW-1:0]             w_addr_q;
  logic [XAddrW-1:0]             x_addr_q;
  logic w_half_q, x_half_q, take, phase_end;
  logic [1:0] b_bank_q;

  assign rows    = cmd_q.block.rows;
  assign b_words = cmd_q.block.last ? 5'(rows) * 5'(Gather) : '0;
  assign w_words = cmd_q.w_words;
  assign x_words = cmd_q.x_words;

  always_comb begin
    case (state_q)
      StBias:        words = {6'd0, b_words};
      StWeights:     words = w_words;
      StActivations: words = {1'b0, x_words};
      default:       words = '0;
    endcase
  end

  assign cmd_ready_o = state_q == StIdle;
  assign d_ready_o   = words != '0;
  assign take        = d_valid_i && d_ready_o;
  assign phase_end   = (words == '0) || (take && count_q + 11'd1 == words);

  always_comb begin
    state_d = state_q;
    case (state_q)
      StIdle:        if (cmd_valid_i) state_d = StBias;
      StBias:        if (phase_end) state_d = StWeights;
      StWeights:     if (phase_end) state_d = StActivations;
      StActivations: if (phase_end) state_d = StGive;
      default:       if (ready_i) state_d = StIdle;
    endcase
  end

  assign b_en_o   = take && state_q == StBias;
  assign b_addr_o = {b_bank_q, count_q[BAddrW-3:0]};
  assign w_en_o   = take && state_q == StWeights && sub_q == SubW'(Gather - 1);
  assign w_addr_o = w_addr_q;
  assign w_data_o = {d_data_i, held_q};
  assign x_en_o   = take && state_q == StActivations;
  assign x_addr_o = x_addr_q;

  // A half or bank is the one loaded last; the next operand goes to the other.
  assign valid_o       = state_q == StGive;
  assign loaded.block  = cmd_q.block;
  assign loaded.w_half = w_half_q;
  assign loaded.x_half = x_half_q;
  assign loaded.b_bank = b_bank_q;
  assign data_o        = loaded;

  always_ff @(posedge clk_i) begin
    if (cmd_valid_i && cmd_ready_o) cmd_q <= cmd_i;
    if (take && sub_q != SubW'(Gather - 1)) held_q[int'(sub_q)*StreamW+:StreamW] <= d_data_i;
    if (!rst_ni) begin
      state_q  <= StIdle;
      count_q  <= '0;
      sub_q    <= '0;
      w_addr_q <= '0;
      x_addr_q <= '0;
      w_half_q <= 1'b1;
      x_half_q <= 1'b1;
      b_bank_q <= '0;
    end else begin
      state_q <= state_d;
      if (take) begin
        count_q <= phase_end ? '0 : count_q + 1'b1;
        sub_q   <= (phase_end || sub_q == SubW'(Gather - 1)) ? '0 : sub_q + 1'b1;
      end
      if (w_en_o) begin
        w_addr_q <= w_addr_q + 1'b1;
        if (phase_end) begin
          w_half_q <= !w_half_q;
          w_addr_q <= w_half_q ? WAddrW'(WeightDepth) : '0;
        end
      end
      if (x_en_o) begin
        x_addr_q <= x_addr_q + 1'b1;
        if (phase_end) begin
          x_half_q <= !x_half_q;
          x_addr_q <= x_half_q ? XAddrW'(ActDepth) : '0;
        end
      end
      if (valid_o && ready_i && cmd_q.block.last) b_bank_q <= b_bank_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
