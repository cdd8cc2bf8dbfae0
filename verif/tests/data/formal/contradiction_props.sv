// SPDX-License-Identifier: Apache-2.0
// A proof that proves nothing: its assumptions contradict each other.
`default_nettype none

module contradiction_props
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
    assume (w_i == '0);
    assume (w_i == '1);
    a_false : assert (p[0+:ProdW] == 8'd127);
    c_any : cover (p[0+:ProdW] == 8'd0);
  end

endmodule

`default_nettype wire
