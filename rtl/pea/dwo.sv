// SPDX-License-Identifier: Apache-2.0
// DWO, a dynamic workload operator: one OPC whose product is shifted by its kind, so that
// W_H x_H, W_H x_L, W_L x_H and, for an idle operator, W_L x_L can follow each other in any
// order. The shifts are relative to W_L x_L (7, 3, 4, 0); S-ACC adds the DBS shift l - 4.
// Combinational.
`default_nettype none

module dwo
  import panacea_pkg::*;
#(
  localparam int ShiftedW = ProdW + 7
) (
  input  logic                         w_high_i,  // the weight slice is the HO slice
  input  logic                         x_high_i,  // the activation slice is the HO slice
  input  logic [VecW-1:0]              w_i,
  input  logic [VecW-1:0]              x_i,
  output logic [BlockLen*ShiftedW-1:0] p_o
);

  logic [BlockLen*ProdW-1:0] product;

  opc i_opc (
    .w_i,
    .x_i,
    .p_o(product)
  );

  for (genvar e = 0; e < BlockLen; e++) begin : gen_shift
    logic signed [ShiftedW-1:0] raw, by_weight;
    assign raw       = ShiftedW'($signed(product[e*ProdW +: ProdW]));
    assign by_weight = w_high_i ? raw <<< 3 : raw;
    assign p_o[e*ShiftedW +: ShiftedW] = x_high_i ? by_weight <<< 4 : by_weight;
  end

endmodule

`default_nettype wire
