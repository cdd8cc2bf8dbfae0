// SPDX-License-Identifier: Apache-2.0
// Rounding onto the grid is clip(floor(u / g + 1/2), 0, n_max), and cutting into slices is the
// DBS rule of the code x = n g that comes out; a vector is skipped when all four slices are r.
`default_nettype none

module grid_round_props
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input logic [1:0]                dbs_i,
  input logic [1:0]                slices_i,
  input logic [SliceW-1:0]         r_i,
  input logic [BlockLen*CodeW-1:0] u_i
);

  logic [BlockLen*GridW-1:0] n;
  logic [QuadW-1:0] ho, lo, lo0;
  logic [VecLen-1:0] skip;

  grid_round i_round (
    .dbs_i,
    .slices_i,
    .u_i,
    .n_o(n)
  );
  act_slicer i_slicer (
    .slices_i,
    .r_i,
    .n_i(n),
    .ho_o(ho),
    .lo_o(lo),
    .lo0_o(lo0),
    .skip_o(skip)
  );

  always_comb begin
    assume (dbs_i != '0 && slices_i != '0);
    assume (slices_i == 2'd2 || dbs_i == 2'd1);
  end

  logic [BlockLen-1:0] round, range, slices;
  logic [VecLen-1:0] same;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [CodeW+1:0] code;
    logic [2:0] rounded, in_range, cut;
    logic [GridW-1:0] value;
    assign code  = (CodeW+2)'($signed(u_i[e*CodeW +: CodeW]));
    assign value = n[e*GridW +: GridW];

    for (genvar d = 1; d <= 3; d++) begin : gen_dbs
      localparam int L = 3 + d;
      localparam int G = 1 << (L - 4);
      logic signed [CodeW+1:0] quotient, n_max;
      logic [7:0] x;
      // One fraction bit: u = code / 2, hence u / g + 1/2 = (code + g) / (2 g).
      assign quotient      = (code + (CodeW+2)'(G)) >>> d;
      assign n_max         = slices_i == 2'd1 ? 15 : slices_i == 2'd2 ? 255 / G : 4095;
      assign rounded[d-1]  = (CodeW+2)'(value)
                             == (quotient < 0 ? 0 : quotient > n_max ? n_max : quotient);
      assign in_range[d-1] = (CodeW+2)'(value) <= n_max;
      assign x             = 8'(value << (L - 4));
      assign cut[d-1]      = 8'(ho[e*SliceW +: SliceW]) == x >> L
                             && 8'(lo[e*SliceW +: SliceW]) == (x & 8'((1 << L) - 1)) >> (L - 4);
    end

    assign round[e]  = rounded[dbs_i - 2'd1];
    assign range[e]  = in_range[dbs_i - 2'd1];
    assign slices[e] = slices_i == 2'd1 ? GridW'(lo[e*SliceW +: SliceW]) == value
                     : slices_i == 2'd2 ? cut[dbs_i - 2'd1]
                     : {ho[e*SliceW +: SliceW], lo[e*SliceW +: SliceW],
                        lo0[e*SliceW +: SliceW]} == value;
  end

  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    assign same[i] = ho[(4*i)*SliceW +: SliceW] == r_i && ho[(4*i+1)*SliceW +: SliceW] == r_i
                     && ho[(4*i+2)*SliceW +: SliceW] == r_i && ho[(4*i+3)*SliceW +: SliceW] == r_i;
  end

  always_comb begin
    a_round : assert (&round);
    a_range : assert (&range);
    a_slices : assert (&slices);
    a_skip : assert (skip == same);
    c_top : cover (dbs_i == 2'd3 && int'(n[0+:GridW]) == 63 && n[GridW+:GridW] == '0);
    c_three : cover (slices_i == 2'd3 && int'(n[0+:GridW]) == 4095);
    c_skip : cover (slices_i == 2'd2 && skip == 4'b0101);
  end

endmodule

`default_nettype wire
