// SPDX-License-Identifier: Apache-2.0
// A quad of SWOs gives the sum of its four products, exactly; each is that of its own k. The
// products themselves are the OPC's, which has a proof of its own.
`default_nettype none

module swo_props
  import panacea_pkg::*;
(
  input logic [QuadW-1:0] w_i,
  input logic [QuadW-1:0] x_i
);

  localparam int SumW = ProdW + 2;

  logic [BlockLen*SumW-1:0] sum;
  logic [BlockLen-1:0] exact, lowest;
  logic [3:0] own;

  swo i_dut (
    .w_i,
    .x_i,
    .sum_o(sum)
  );

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [SumW+1:0] value, expected;
    assign value = (SumW + 2)'($signed(sum[e*SumW+:SumW]));
    always_comb begin
      expected = '0;
      for (int k = 0; k < 4; k++)
      expected += (SumW + 2)'($signed(i_dut.products[k][e*ProdW+:ProdW]));
    end
    assign exact[e]  = value == expected;
    assign lowest[e] = value == -480;
  end

  for (genvar k = 0; k < 4; k++) begin : gen_own
    logic [BlockLen*ProdW-1:0] p;
    opc i_opc (
      .w_i(w_i[k*VecW +: VecW]),
      .x_i(x_i[k*VecW +: VecW]),
      .p_o(p)
    );
    assign own[k] = p == i_dut.products[k];
  end

  always_comb begin
    a_own : assert (&own);
    a_exact : assert (&exact);
    c_lowest : cover (&lowest);
  end

endmodule

`default_nettype wire
