// SPDX-License-Identifier: Apache-2.0
// The sums that reach the two S-ACCs are, exactly, those of the products of a cycle, each with the
// destination it is for; a DWO on LL work adds to the static sum and to nothing else; an operator
// without work adds nothing. The products themselves are the DWOs' and SWOs', proven apart. Sums are looked at in one element, all
// of which are alike.
`default_nettype none
`include "formal.svh"

module operator_array_props
  import panacea_pkg::*;
#(
  parameter int NumDwo = 4,
  parameter int NumSwo = 8,
  localparam int NumQuads = (NumDwo + NumSwo) / 4
) (
  input logic                      clk_i,
  input logic                      rst_ni,
  input logic [NumDwo-1:0]         dyn_valid_i,
  input logic [NumDwo-1:0]         dyn_next_i,
  input logic [NumDwo-1:0]         dyn_w_high_i,
  input logic [NumDwo-1:0]         dyn_x_high_i,
  input logic [NumDwo*VecW-1:0]    dyn_w_i,
  input logic [NumDwo*VecW-1:0]    dyn_x_i,
  input logic [NumQuads-1:0]       sta_valid_i,
  input logic [NumQuads-1:0]       sta_next_i,
  input logic [NumQuads*QuadW-1:0] sta_w_i,
  input logic [NumQuads*QuadW-1:0] sta_x_i,
  input logic                      dyn_flush_i,
  input logic [ShiftW-1:0]         dyn_shift_i,
  input logic                      dyn_wgt_up_i,
  input logic                      sta_flush_i,
  input logic [ShiftW-1:0]         sta_shift_i
);

  localparam int ShiftedW = ProdW + 7;
  localparam int DynSumW = ShiftedW + $clog2(NumDwo);
  localparam int QuadSumW = ProdW + 2;
  localparam int StaSumW = QuadSumW + $clog2(NumQuads);
  localparam int SwoQuads = NumSwo / 4;

  operator_array #(
    .NumDwo(NumDwo),
    .NumSwo(NumSwo)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .dyn_valid_i,
    .dyn_next_i,
    .dyn_w_high_i,
    .dyn_x_high_i,
    .dyn_w_i,
    .dyn_x_i,
    .sta_valid_i,
    .sta_next_i,
    .sta_w_i,
    .sta_x_i,
    .dyn_flush_i,
    .dyn_shift_i,
    .dyn_wgt_up_i,
    .sta_flush_i,
    .sta_shift_i,
    .dyn_valid_o(),
    .dyn_sum_o(),
    .comp_sum_o(),
    .sta_valid_o(),
    .sta_sum_o()
  );

  `FORMAL_RESET

  // The scheduler gives a group of DWOs either dynamic or LL work.
  for (genvar i = 0; i < NumDwo; i++) begin : gen_exclusive
    always_comb assume (!(dyn_valid_i[i] && sta_valid_i[SwoQuads+i/4]));
  end

  // What each operator was asked to do in the cycle before, and in the one before that.
  logic [1:0][NumDwo-1:0] dyn_q, dyn_next_q;
  logic [1:0][NumQuads-1:0] sta_q, sta_next_q;
  logic [1:0] run_q;
  always_ff @(posedge clk_i) begin
    dyn_q      <= {dyn_q[0], dyn_valid_i & {NumDwo{rst_ni}}};
    dyn_next_q <= {dyn_next_q[0], dyn_next_i};
    sta_q      <= {sta_q[0], sta_valid_i & {NumQuads{rst_ni}}};
    sta_next_q <= {sta_next_q[0], sta_next_i};
    run_q      <= rst_ni ? {run_q[0], 1'b1} : '0;
  end

  localparam int Element = 7;
  logic dyn_cur, dyn_nxt, sta_cur, sta_nxt;
  for (genvar e = Element; e <= Element; e++) begin : gen_element
    logic signed [DynSumW+1:0] dc, dn, dc_q, dn_q;
    logic signed [StaSumW+1:0] sc, sn, sc_q, sn_q;
    logic signed [StaSumW+1:0] part[NumQuads];
    for (genvar q = 0; q < NumQuads; q++) begin : gen_part
      if (q < SwoQuads) begin : gen_swo
        assign part[q] = (StaSumW + 2)'($signed(i_dut.quad_sum[q][e*QuadSumW+:QuadSumW]));
      end else begin : gen_dwo
        localparam int At = (q - SwoQuads) * 4;
        assign part[q] = (StaSumW + 2)'($signed(
            i_dut.products[At][e*ShiftedW+:ShiftedW]
        )) + (StaSumW + 2)'($signed(
            i_dut.products[At+1][e*ShiftedW+:ShiftedW]
        )) + (StaSumW + 2)'($signed(
            i_dut.products[At+2][e*ShiftedW+:ShiftedW]
        )) + (StaSumW + 2)'($signed(
            i_dut.products[At+3][e*ShiftedW+:ShiftedW]
        ));
      end
    end
    always_comb begin
      dc = '0;
      dn = '0;
      sc = '0;
      sn = '0;
      for (int i = 0; i < NumDwo; i++)
      if (dyn_q[0][i]) begin
        if (dyn_next_q[0][i])
          dn += (DynSumW + 2)'($signed(i_dut.products[i][e*ShiftedW+:ShiftedW]));
        else dc += (DynSumW + 2)'($signed(i_dut.products[i][e*ShiftedW+:ShiftedW]));
      end
      for (int q = 0; q < NumQuads; q++)
      if (sta_q[0][q]) begin
        if (sta_next_q[0][q]) sn += part[q];
        else sc += part[q];
      end
    end
    always_ff @(posedge clk_i) {dc_q, dn_q, sc_q, sn_q} <= {dc, dn, sc, sn};
    assign dyn_cur = (DynSumW+2)'($signed(i_dut.dyn_cur_q[e*DynSumW +: DynSumW])) == dc_q;
    assign dyn_nxt = (DynSumW+2)'($signed(i_dut.dyn_nxt_q[e*DynSumW +: DynSumW])) == dn_q;
    assign sta_cur = (StaSumW+2)'($signed(i_dut.sta_cur_q[e*StaSumW +: StaSumW])) == sc_q;
    assign sta_nxt = (StaSumW+2)'($signed(i_dut.sta_nxt_q[e*StaSumW +: StaSumW])) == sn_q;
  end

  // Operands of an operator are those it was given.
  logic [NumDwo-1:0] operand;
  for (genvar i = 0; i < NumDwo; i++) begin : gen_operand
    localparam int At = (SwoQuads + i / 4) * QuadW + (i % 4) * VecW;
    logic [VecW-1:0] w, x, w_q, x_q;
    logic wh_q, xh_q;
    assign w = dyn_valid_i[i] ? dyn_w_i[i*VecW +: VecW]
             : sta_valid_i[SwoQuads+i/4] ? sta_w_i[At +: VecW] : '0;
    assign x = dyn_valid_i[i] ? dyn_x_i[i*VecW +: VecW]
             : sta_valid_i[SwoQuads+i/4] ? sta_x_i[At +: VecW] : '0;
    always_ff @(posedge clk_i) begin
      {w_q, x_q} <= {w, x};
      wh_q       <= dyn_valid_i[i] && dyn_w_high_i[i];
      xh_q       <= dyn_valid_i[i] && dyn_x_high_i[i];
    end
    assign operand[i] = i_dut.w_q[i*VecW +: VecW] == w_q && i_dut.x_q[i*VecW +: VecW] == x_q
                        && i_dut.w_high_q[i] == wh_q && i_dut.x_high_q[i] == xh_q;
  end

  always_comb
    if (rst_ni) begin
      a_operand : assert (!run_q[0] || &operand);
      a_dyn_cur : assert (!run_q[1] || dyn_cur);
      a_dyn_nxt : assert (!run_q[1] || dyn_nxt);
      a_sta_cur : assert (!run_q[1] || sta_cur);
      a_sta_nxt : assert (!run_q[1] || sta_nxt);
      c_mixed :
      cover (run_q[1] && dyn_q[1] != '0 && dyn_next_q[1] == NumDwo'(1) && i_dut.dyn_nxt_q != '0);
      c_dwo_ll : cover (run_q[1] && sta_q[1] == NumQuads'(4) && i_dut.sta_cur_q != '0);
    end

endmodule

`default_nettype wire
