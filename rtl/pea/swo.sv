// SPDX-License-Identifier: Apache-2.0
// Four SWOs, static workload operators: the dense products W_L x_L of four consecutive k, summed.
// Combinational. Element e of the sum is sum_o[10*e +: 10], signed, -480 to 420.
`default_nettype none

module swo
  import panacea_pkg::*;
#(
  localparam int SumW = ProdW + 2
) (
  input  logic [QuadW-1:0]         w_i,
  input  logic [QuadW-1:0]         x_i,
  output logic [BlockLen*SumW-1:0] sum_o
);

  logic [BlockLen*ProdW-1:0] products[4];

  for (genvar k = 0; k < 4; k++) begin : gen_opc
    opc i_opc (
      .w_i(w_i[k*VecW +: VecW]),
      .x_i(x_i[k*VecW +: VecW]),
      .p_o(products[k])
    );
  end

  for (genvar e = 0; e < BlockLen; e++) begin : gen_sum
    assign sum_o[e*SumW+:SumW] = SumW'($signed(
        products[0][e*ProdW+:ProdW]
    )) + SumW'($signed(
        products[1][e*ProdW+:ProdW]
    )) + SumW'($signed(
        products[2][e*ProdW+:ProdW]
    )) + SumW'($signed(
        products[3][e*ProdW+:ProdW]
    ));
  end

endmodule

`default_nettype wire
