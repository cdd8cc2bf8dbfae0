// SPDX-License-Identifier: Apache-2.0
// Rounds 16 values onto the next layer's DBS grid: n = clip(floor(u / g + 1/2), 0, n_max) with
// g = 2^(l-4), so that the output code is n g and its slices are the nibbles of n. One rounding,
// half up, for which one fraction bit is enough; codes saturate at the grid's ends.
// Combinational.
`default_nettype none

module grid_round
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input  logic [1:0]                dbs_i,     // 1 to 3; other than 1 for two slices only
  input  logic [1:0]                slices_i,  // 1 to 3
  input  logic [BlockLen*CodeW-1:0] u_i,
  output logic [BlockLen*GridW-1:0] n_o
);

  logic [GridW-1:0] n_max;

  always_comb begin
    case (slices_i)
      2'd1:    n_max = GridW'(15);
      2'd2:    n_max = GridW'(255) >> (dbs_i - 2'd1);
      default: n_max = '1;
    endcase
  end

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [CodeW-1:0] code, half;
    logic signed [CodeW:0] sum;

    assign code = u_i[e*CodeW +: CodeW];
    assign half = code >>> (dbs_i - 2'd1);
    assign sum  = (CodeW+1)'(half) + (CodeW+1)'(1);

    assign n_o[e*GridW +: GridW] = sum[CodeW]                          ? '0
                                 : (sum[CodeW:1] > CodeW'(n_max))      ? n_max
                                                                       : sum[GridW:1];
  end

endmodule

`default_nettype wire
