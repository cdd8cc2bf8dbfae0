// SPDX-License-Identifier: Apache-2.0
// A DWO's result is the product times 2^3 for an HO weight slice, times 2^4 for an HO activation
// slice, and nothing is lost at the top.
`default_nettype none

module dwo_props
  import panacea_pkg::*;
  import formal_pkg::*;
(
  input logic            w_high_i,
  input logic            x_high_i,
  input logic [VecW-1:0] w_i,
  input logic [VecW-1:0] x_i
);

  localparam int ShiftedW = ProdW + 7;

  logic [BlockLen*ShiftedW-1:0] p;
  logic [BlockLen-1:0] exact, lowest;

  dwo i_dut (
    .w_high_i,
    .x_high_i,
    .w_i,
    .x_i,
    .p_o(p)
  );

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [15:0] value, product, by_weight;
    assign value     = 16'($signed(p[e*ShiftedW +: ShiftedW]));
    assign product   = 16'(times(w_i[(e/VecLen)*SliceW +: SliceW],
                                 x_i[(e%VecLen)*SliceW +: SliceW]));
    assign by_weight = product * (w_high_i ? 16'sd8 : 16'sd1);
    assign exact[e]  = value == by_weight * (x_high_i ? 16'sd16 : 16'sd1);
    assign lowest[e] = value == -15360;
  end

  always_comb begin
    a_exact : assert (&exact);
    c_lowest : cover (&lowest);
    c_low : cover (!w_high_i && !x_high_i);
  end

endmodule

`default_nettype wire
