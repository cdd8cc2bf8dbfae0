// SPDX-License-Identifier: Apache-2.0
// Definitions that several property modules compare the RTL with.
`default_nettype none

package formal_pkg;

  // Product of a signed and an unsigned slice, bit by bit: a two's complement number is the sum of
  // its bits' weights, the highest one negative.
  function automatic int times(input logic [3:0] w, input logic [3:0] x);
    return (w[0] ? int'(x) : 0) + (w[1] ? 2 * int'(x) : 0) + (w[2] ? 4 * int'(x) : 0)
           - (w[3] ? 8 * int'(x) : 0);
  endfunction

  function automatic int slice_value(input logic [3:0] w);
    return times(w, 4'd1);
  endfunction

endpackage

`default_nettype wire
