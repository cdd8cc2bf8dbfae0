// SPDX-License-Identifier: Apache-2.0
// What several property modules compare the RTL with.
`default_nettype none

package formal_pkg;

  // Product of a signed and an unsigned slice, bit by bit: a two's complement number is the sum of
  // its bits' weights, the highest one negative.
  function automatic logic signed [8:0] times(input logic [3:0] w, input logic [3:0] x);
    logic signed [8:0] wide;
    wide = 9'(x);
    return (w[0] ? wide : '0) + (w[1] ? wide <<< 1 : '0) + (w[2] ? wide <<< 2 : '0)
           - (w[3] ? wide <<< 3 : '0);
  endfunction

endpackage

`default_nettype wire
