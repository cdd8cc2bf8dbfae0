// SPDX-License-Identifier: Apache-2.0
// Pooled operators with what follows them: NumOps operators for any product of the window, one
// S-ACC and the compensator. An operator is a DWO: an OPC with a shift by kind.
//
// Pipeline, from the window that the buffers deliver: operand registers, products summed per
// destination, S-ACC. A flush comes with the operands of its cycle and its sum leaves three
// cycles later. An operator without work multiplies zeros.
`default_nettype none

module pooled_array
  import panacea_pkg::*;
#(
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  localparam int Window   = NumOps + 4,
  localparam int AtW      = $clog2(Window),
  localparam int AccW     = ProdW + 7 + 1 + $clog2(TileK),
  localparam int SumW     = AccW + (1 << ShiftW) - 1,
  localparam int CompAccW = SliceW + 3 + $clog2(TileK) + 1,
  localparam int CompOutW = CompAccW + 3
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic [NumOps-1:0]          valid_i,
  input  logic [NumOps-1:0]          next_i,
  input  logic [NumOps-1:0]          w_high_i,
  input  logic [NumOps-1:0]          x_high_i,
  input  logic [NumOps*AtW-1:0]      at_i,       // position in the window
  input  logic [Window*VecW-1:0]     w_lo_i,     // the window's vectors
  input  logic [Window*VecW-1:0]     w_ho_i,
  input  logic [Window*VecW-1:0]     x_lo_i,
  input  logic [Window*VecW-1:0]     x_ho_i,
  input  logic                       flush_i,
  input  logic [ShiftW-1:0]          shift_i,
  input  logic                       wgt_up_i,
  output logic                       valid_o,
  output logic [BlockLen*SumW-1:0]   sum_o,
  output logic [VecLen*CompOutW-1:0] comp_sum_o
);

  localparam int ShiftedW = ProdW + 7;
  localparam int TreeW = ShiftedW + $clog2(NumOps);

  logic [NumOps-1:0] cur_q, nxt_q, w_high_q, x_high_q;
  logic [NumOps*VecW-1:0] w_q, x_q;
  logic [BlockLen*ShiftedW-1:0] products[NumOps];

  for (genvar i = 0; i < NumOps; i++) begin : gen_op
    // Positions that the window picker may give to this operator.
    localparam int First = i / 4;
    localparam int Last = i + 3;
    logic [AtW-1:0] at;
    logic [VecW-1:0] w, x;
    assign at = at_i[i*AtW+:AtW];
    always_comb begin
      w = '0;
      x = '0;
      for (int p = First; p <= Last; p++)
      if (valid_i[i] && at == AtW'(p)) begin
        w = w_high_i[i] ? w_ho_i[p*VecW +: VecW] : w_lo_i[p*VecW +: VecW];
        x = x_high_i[i] ? x_ho_i[p*VecW +: VecW] : x_lo_i[p*VecW +: VecW];
      end
    end
    always_ff @(posedge clk_i) begin
      cur_q[i]    <= rst_ni && valid_i[i] && !next_i[i];
      nxt_q[i]    <= rst_ni && next_i[i];
      w_high_q[i] <= w_high_i[i];
      x_high_q[i] <= x_high_i[i];
      w_q[i*VecW +: VecW] <= rst_ni ? w : '0;
      x_q[i*VecW +: VecW] <= rst_ni ? x : '0;
    end
    dwo i_dwo (
      .w_high_i (w_high_q[i]),
      .x_high_i (x_high_q[i]),
      .w_i      (w_q[i*VecW +: VecW]),
      .x_i      (x_q[i*VecW +: VecW]),
      .p_o      (products[i])
    );
  end

  // One sum per destination.
  logic [BlockLen*TreeW-1:0] sum_cur_q, sum_nxt_q;
  for (genvar e = 0; e < BlockLen; e++) begin : gen_tree
    // Chains of sums begin with constants; what counts as covered is the end of a chain.
    // verilator coverage_off
    logic signed [TreeW-1:0] cur [NumOps+1];
    logic signed [TreeW-1:0] nxt [NumOps+1];
    // verilator coverage_on
    assign cur[0] = '0;
    assign nxt[0] = '0;
    for (genvar i = 0; i < NumOps; i++) begin : gen_sum
      logic signed [TreeW-1:0] term;
      assign term     = TreeW'($signed(products[i][e*ShiftedW +: ShiftedW]));
      assign cur[i+1] = cur_q[i] ? cur[i] + term : cur[i];
      assign nxt[i+1] = nxt_q[i] ? nxt[i] + term : nxt[i];
    end
    always_ff @(posedge clk_i) begin
      sum_cur_q[e*TreeW +: TreeW] <= rst_ni ? cur[NumOps] : '0;
      sum_nxt_q[e*TreeW +: TreeW] <= rst_ni ? nxt[NumOps] : '0;
    end
  end

  // Flushes keep step with their operands.
  logic [2:0]          flush_q;
  logic [1:0]          wgt_up_q;
  logic [2*ShiftW-1:0] shift_q;
  always_ff @(posedge clk_i) begin
    flush_q  <= rst_ni ? {flush_q[1:0], flush_i} : '0;
    wgt_up_q <= {wgt_up_q[0], wgt_up_i};
    shift_q  <= {shift_q[ShiftW-1:0], shift_i};
  end
  assign valid_o = flush_q[2];

  s_acc #(
    .Len(BlockLen),
    .InW(TreeW),
    .AccW(AccW)
  ) i_s_acc (
    .clk_i,
    .rst_ni,
    .cur_i   (sum_cur_q),
    .nxt_i   (sum_nxt_q),
    .flush_i (flush_q[1]),
    .shift_i (shift_q[ShiftW +: ShiftW]),
    .sum_o   (sum_o)
  );

  compensator #(
    .NumOps(NumOps),
    .TileK(TileK)
  ) i_compensator (
    .clk_i,
    .rst_ni,
    .cur_i    (cur_q),
    .nxt_i    (nxt_q),
    .w_high_i (w_high_q),
    .x_high_i (x_high_q),
    .w_i      (w_q),
    .flush_i  (flush_q[1]),
    .up_i     (wgt_up_q[1]),
    .sum_o    (comp_sum_o)
  );

endmodule

`default_nettype wire
