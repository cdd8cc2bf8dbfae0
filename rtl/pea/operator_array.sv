// SPDX-License-Identifier: Apache-2.0
// The operators of a PEA with what follows them: DWOs, SWOs, the compensator and two S-ACCs, one
// for the dynamic products and one for the dense W_L x_L.
//
// Pipeline, from the operands that the buffers deliver: operand registers, products summed per
// destination, S-ACC. A flush comes with the operands of its cycle and its sum leaves three
// cycles later. An operator without work multiplies zeros: it needs no masking further on and
// does not toggle.
`default_nettype none

module operator_array
  import panacea_pkg::*;
#(
  parameter int NumDwo = 4,
  parameter int NumSwo = 8,
  parameter int TileK  = 64,
  localparam int NumDwoQuads = NumDwo / 4,
  localparam int NumSwoQuads = NumSwo / 4,
  localparam int NumQuads    = NumDwoQuads + NumSwoQuads,
  localparam int DynAccW  = ProdW + 7 + 1 + $clog2(TileK),
  localparam int StaAccW  = ProdW + $clog2(TileK),
  localparam int CompAccW = SliceW + 3 + $clog2(TileK) + 1,
  localparam int MaxShift = (1 << ShiftW) - 1,
  localparam int DynW     = DynAccW + MaxShift,
  localparam int StaW     = StaAccW + MaxShift,
  localparam int CompOutW = CompAccW + 3
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  // Operands of the DWOs
  input  logic [NumDwo-1:0]          dyn_valid_i,
  input  logic [NumDwo-1:0]          dyn_next_i,
  input  logic [NumDwo-1:0]          dyn_w_high_i,
  input  logic [NumDwo-1:0]          dyn_x_high_i,
  input  logic [NumDwo*VecW-1:0]     dyn_w_i,
  input  logic [NumDwo*VecW-1:0]     dyn_x_i,
  // Operands of LL quads, SWOs first
  input  logic [NumQuads-1:0]        sta_valid_i,
  input  logic [NumQuads-1:0]        sta_next_i,
  input  logic [NumQuads*QuadW-1:0]  sta_w_i,
  input  logic [NumQuads*QuadW-1:0]  sta_x_i,
  input  logic                       dyn_flush_i,
  input  logic [ShiftW-1:0]          dyn_shift_i,
  input  logic                       dyn_wgt_up_i,
  input  logic                       sta_flush_i,
  input  logic [ShiftW-1:0]          sta_shift_i,
  output logic                       dyn_valid_o,
  output logic [BlockLen*DynW-1:0]   dyn_sum_o,
  output logic [VecLen*CompOutW-1:0] comp_sum_o,
  output logic                       sta_valid_o,
  output logic [BlockLen*StaW-1:0]   sta_sum_o
);

  localparam int ShiftedW = ProdW + 7;
  localparam int DynSumW = ShiftedW + $clog2(NumDwo);
  localparam int QuadSumW = ProdW + 2;
  localparam int StaSumW = QuadSumW + $clog2(NumQuads);

  // Operand registers. A DWO takes its vector of an LL quad when it has one.
  logic [NumDwo-1:0] cur_q, nxt_q, w_high_q, x_high_q;
  logic [NumDwo*VecW-1:0] w_q, x_q;
  logic [NumQuads-1:0] quad_next_q;
  logic [NumSwoQuads*QuadW-1:0] swo_w_q, swo_x_q;

  for (genvar i = 0; i < NumDwo; i++) begin : gen_dwo_operand
    localparam int Quad = NumSwoQuads + i / 4;
    localparam int At = Quad * QuadW + (i % 4) * VecW;
    always_ff @(posedge clk_i) begin
      cur_q[i]    <= rst_ni && dyn_valid_i[i] && !dyn_next_i[i];
      nxt_q[i]    <= rst_ni && dyn_valid_i[i] && dyn_next_i[i];
      w_high_q[i] <= dyn_valid_i[i] && dyn_w_high_i[i];
      x_high_q[i] <= dyn_valid_i[i] && dyn_x_high_i[i];
      if (rst_ni && sta_valid_i[Quad]) begin
        w_q[i*VecW +: VecW] <= sta_w_i[At +: VecW];
        x_q[i*VecW +: VecW] <= sta_x_i[At +: VecW];
      end else if (rst_ni && dyn_valid_i[i]) begin
        w_q[i*VecW +: VecW] <= dyn_w_i[i*VecW +: VecW];
        x_q[i*VecW +: VecW] <= dyn_x_i[i*VecW +: VecW];
      end else begin
        w_q[i*VecW +: VecW] <= '0;
        x_q[i*VecW +: VecW] <= '0;
      end
    end
  end

  for (genvar q = 0; q < NumSwoQuads; q++) begin : gen_swo_operand
    always_ff @(posedge clk_i) begin
      swo_w_q[q*QuadW +: QuadW] <= (rst_ni && sta_valid_i[q]) ? sta_w_i[q*QuadW +: QuadW] : '0;
      swo_x_q[q*QuadW +: QuadW] <= (rst_ni && sta_valid_i[q]) ? sta_x_i[q*QuadW +: QuadW] : '0;
    end
  end

  always_ff @(posedge clk_i) quad_next_q <= sta_next_i;

  // Products, shifted by kind; sums of LL quads.
  logic [BlockLen*ShiftedW-1:0] products  [NumDwo];
  logic [BlockLen*QuadSumW-1:0] quad_sum [NumQuads];

  for (genvar i = 0; i < NumDwo; i++) begin : gen_dwo
    dwo i_dwo (
      .w_high_i (w_high_q[i]),
      .x_high_i (x_high_q[i]),
      .w_i      (w_q[i*VecW +: VecW]),
      .x_i      (x_q[i*VecW +: VecW]),
      .p_o      (products[i])
    );
  end

  for (genvar q = 0; q < NumSwoQuads; q++) begin : gen_swo
    swo i_swo (
      .w_i   (swo_w_q[q*QuadW +: QuadW]),
      .x_i   (swo_x_q[q*QuadW +: QuadW]),
      .sum_o (quad_sum[q])
    );
  end

  // DWOs on LL work are neither for the current nor for the next dynamic destination.
  for (genvar q = 0; q < NumDwoQuads; q++) begin : gen_dwo_ll
    for (genvar e = 0; e < BlockLen; e++) begin : gen_element
      // Chains of sums begin with constants; what counts as covered is the end of a chain.
      // verilator coverage_off
      logic signed [QuadSumW-1:0] part[5];
      // verilator coverage_on
      assign part[0] = '0;
      for (genvar k = 0; k < 4; k++) begin : gen_sum
        localparam int Op = 4 * q + k;
        assign part[k+1] = (cur_q[Op] || nxt_q[Op]) ? part[k] : part[k] + QuadSumW'($signed(
            products[Op][e*ShiftedW+:ProdW]
        ));
      end
      assign quad_sum[NumSwoQuads+q][e*QuadSumW+:QuadSumW] = part[4];
    end
  end

  // One sum per destination and stream.
  logic [BlockLen*DynSumW-1:0] dyn_cur_q, dyn_nxt_q;
  logic [BlockLen*StaSumW-1:0] sta_cur_q, sta_nxt_q;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_tree
    // verilator coverage_off
    logic signed [DynSumW-1:0] dyn_cur [NumDwo+1];
    logic signed [DynSumW-1:0] dyn_nxt [NumDwo+1];
    logic signed [StaSumW-1:0] sta_cur [NumQuads+1];
    logic signed [StaSumW-1:0] sta_nxt [NumQuads+1];
    // verilator coverage_on
    assign dyn_cur[0] = '0;
    assign dyn_nxt[0] = '0;
    assign sta_cur[0] = '0;
    assign sta_nxt[0] = '0;
    for (genvar i = 0; i < NumDwo; i++) begin : gen_dyn
      logic signed [DynSumW-1:0] term;
      assign term = DynSumW'($signed(products[i][e*ShiftedW +: ShiftedW]));
      assign dyn_cur[i+1] = cur_q[i] ? dyn_cur[i] + term : dyn_cur[i];
      assign dyn_nxt[i+1] = nxt_q[i] ? dyn_nxt[i] + term : dyn_nxt[i];
    end
    for (genvar q = 0; q < NumQuads; q++) begin : gen_sta
      logic signed [StaSumW-1:0] term;
      assign term = StaSumW'($signed(quad_sum[q][e*QuadSumW +: QuadSumW]));
      assign sta_cur[q+1] = quad_next_q[q] ? sta_cur[q] : sta_cur[q] + term;
      assign sta_nxt[q+1] = quad_next_q[q] ? sta_nxt[q] + term : sta_nxt[q];
    end
    always_ff @(posedge clk_i) begin
      dyn_cur_q[e*DynSumW +: DynSumW] <= rst_ni ? dyn_cur[NumDwo] : '0;
      dyn_nxt_q[e*DynSumW +: DynSumW] <= rst_ni ? dyn_nxt[NumDwo] : '0;
      sta_cur_q[e*StaSumW +: StaSumW] <= rst_ni ? sta_cur[NumQuads] : '0;
      sta_nxt_q[e*StaSumW +: StaSumW] <= rst_ni ? sta_nxt[NumQuads] : '0;
    end
  end

  // Flushes keep step with their operands.
  logic [2:0] dyn_flush_q, sta_flush_q;
  logic [1:0] dyn_wgt_up_q;
  logic [2*ShiftW-1:0] dyn_shift_q, sta_shift_q;
  always_ff @(posedge clk_i) begin
    dyn_flush_q <= rst_ni ? {dyn_flush_q[1:0], dyn_flush_i} : '0;
    sta_flush_q <= rst_ni ? {sta_flush_q[1:0], sta_flush_i} : '0;
    dyn_wgt_up_q <= {dyn_wgt_up_q[0], dyn_wgt_up_i};
    dyn_shift_q  <= {dyn_shift_q[ShiftW-1:0], dyn_shift_i};
    sta_shift_q  <= {sta_shift_q[ShiftW-1:0], sta_shift_i};
  end

  assign dyn_valid_o = dyn_flush_q[2];
  assign sta_valid_o = sta_flush_q[2];

  s_acc #(
    .Len(BlockLen),
    .InW(DynSumW),
    .AccW(DynAccW)
  ) i_dyn_acc (
    .clk_i,
    .rst_ni,
    .cur_i   (dyn_cur_q),
    .nxt_i   (dyn_nxt_q),
    .flush_i (dyn_flush_q[1]),
    .shift_i (dyn_shift_q[ShiftW +: ShiftW]),
    .sum_o   (dyn_sum_o)
  );

  s_acc #(
    .Len(BlockLen),
    .InW(StaSumW),
    .AccW(StaAccW)
  ) i_sta_acc (
    .clk_i,
    .rst_ni,
    .cur_i   (sta_cur_q),
    .nxt_i   (sta_nxt_q),
    .flush_i (sta_flush_q[1]),
    .shift_i (sta_shift_q[ShiftW +: ShiftW]),
    .sum_o   (sta_sum_o)
  );

  compensator #(
    .NumOps(NumDwo),
    .TileK(TileK)
  ) i_compensator (
    .clk_i,
    .rst_ni,
    .cur_i    (cur_q),
    .nxt_i    (nxt_q),
    .w_high_i (w_high_q),
    .x_high_i (x_high_q),
    .w_i      (w_q),
    .flush_i  (dyn_flush_q[1]),
    .up_i     (dyn_wgt_up_q[1]),
    .sum_o    (comp_sum_o)
  );

endmodule

`default_nettype wire
