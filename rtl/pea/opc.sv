// SPDX-License-Identifier: Apache-2.0
// OPC, the outer product calculator: 16 signed x unsigned 4b x 4b multipliers form the outer
// product of a 4x1 weight slice-vector and a 1x4 activation slice-vector. Combinational.
// Element (row i, column c) of the result is p_o[8*(4*i+c) +: 8], signed, -120 to 105; with SignedX
// activation slices are signed too, and it is -56 to 64.
`default_nettype none

module opc
  import panacea_pkg::*;
#(
  parameter logic SignedX = 1'b0
) (
  input  logic [VecW-1:0]           w_i,
  input  logic [VecW-1:0]           x_i,
  output logic [BlockLen*ProdW-1:0] p_o
);

  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    logic signed [ProdW-1:0] w;
    assign w = ProdW'($signed(w_i[i*SliceW+:SliceW]));
    for (genvar c = 0; c < VecLen; c++) begin : gen_col
      logic signed [ProdW-1:0] x;
      assign x = ProdW'($signed({SignedX && x_i[c*SliceW+SliceW-1], x_i[c*SliceW +: SliceW]}));
      assign p_o[(i*VecLen+c)*ProdW +: ProdW] = w * x;
    end
  end

endmodule

`default_nettype wire
