// SPDX-License-Identifier: Apache-2.0
// The OPC's outer product is the arithmetic one, for all slices.
`default_nettype none

module opc_props
  import panacea_pkg::*;
  import formal_pkg::*;
(
  input logic [VecW-1:0] w_i,
  input logic [VecW-1:0] x_i
);

  logic [BlockLen*ProdW-1:0] p;
  logic [BlockLen-1:0] exact, lowest, highest;

  opc i_dut (
    .w_i,
    .x_i,
    .p_o(p)
  );

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [8:0] value;
    assign value = 9'($signed(p[e*ProdW +: ProdW]));
    assign exact[e]   = value == times(w_i[(e/VecLen)*SliceW +: SliceW],
                                       x_i[(e%VecLen)*SliceW +: SliceW]);
    assign lowest[e]  = value == -120;
    assign highest[e] = value == 105;
  end

  always_comb begin
    a_exact : assert (&exact);
    c_lowest : cover (&lowest);
    c_highest : cover (&highest);
  end

endmodule

`default_nettype wire
