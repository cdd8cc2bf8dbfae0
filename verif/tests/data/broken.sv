// SPDX-License-Identifier: Apache-2.0
// Does not compile: the signal is not declared.
`default_nettype none

module broken (
  output logic y_o
);
  assign y_o = undeclared;
endmodule

`default_nettype wire
