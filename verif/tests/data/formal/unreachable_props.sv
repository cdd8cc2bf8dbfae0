// SPDX-License-Identifier: Apache-2.0
// A proof that proves nothing: what it is about never happens.
`default_nettype none

module unreachable_props
  import panacea_pkg::*;
(
  input logic [VecW-1:0] w_i,
  input logic [VecW-1:0] x_i
);

  logic [BlockLen*ProdW-1:0] p;

  opc i_dut (
    .w_i,
    .x_i,
    .p_o(p)
  );

  always_comb begin
    a_large : assert (p[0+:ProdW] != 8'd127 || x_i == '0);
    c_large : cover (p[0+:ProdW] == 8'd127);
    c_small : cover (p[0+:ProdW] == 8'd1);
  end

endmodule

`default_nettype wire
