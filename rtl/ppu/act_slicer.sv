// SPDX-License-Identifier: Apache-2.0
// Cuts 16 rounded codes n = x / 2^(l-4) into slices, as vectors of the four columns of a row, and
// finds the rows whose HO vector the next layer skips: all four slices equal r.
//   slices   ho        lo       lo0
//   1        -         n[3:0]   -         no HO list: nothing is stored
//   2        n[7:4]    n[3:0]   -         x_H = x >> l, x_L = (x mod 2^l) >> (l - 4)
//   3        n[11:8]   n[7:4]   n[3:0]    lo0 goes to a packet of its own
// Combinational.
`default_nettype none

module act_slicer
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input  logic [1:0]                slices_i,
  input  logic [SliceW-1:0]         r_i,
  input  logic [BlockLen*GridW-1:0] n_i,
  output logic [QuadW-1:0]          ho_o,
  output logic [QuadW-1:0]          lo_o,
  output logic [QuadW-1:0]          lo0_o,
  output logic [VecLen-1:0]         skip_o
);

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic [GridW-1:0] n;
    assign n = n_i[e*GridW +: GridW];
    assign ho_o[e*SliceW +: SliceW]  = (slices_i == 2'd3) ? n[11:8] : n[7:4];
    assign lo_o[e*SliceW +: SliceW]  = (slices_i == 2'd3) ? n[7:4]  : n[3:0];
    assign lo0_o[e*SliceW +: SliceW] = n[3:0];
  end

  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    assign skip_o[i] = ho_o[i*VecW+:VecW] == {VecLen{r_i}};
  end

endmodule

`default_nettype wire
