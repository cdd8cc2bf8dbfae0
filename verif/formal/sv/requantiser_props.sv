// SPDX-License-Identifier: Apache-2.0
// v = saturate_int16(floor(y * mult / 2^shift + 1/2)), exactly, with its own row's multiplier and
// shift; a stopped stage keeps what it holds.
`default_nettype none
`include "formal.svh"

module requantiser_props
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input logic                      clk_i,
  input logic                      en_i,
  input logic [BlockLen*PsumW-1:0] y_i,
  input logic [VecLen*ScaleW-1:0]  scale_i
);

  localparam int ScaledW = PsumW + MultW;

  logic [BlockLen*PreW-1:0] v;

  requantiser i_dut (
    .clk_i,
    .en_i,
    .y_i,
    .scale_i,
    .v_o(v)
  );

  logic [1:0] moved_q;  // cycles so far in which the stages moved, up to 2
  initial moved_q = '0;
  always_ff @(posedge clk_i) if (en_i && moved_q != 2'd2) moved_q <= moved_q + 1'b1;

  // The multiplication, of every element by its row's multiplier.
  logic [BlockLen-1:0] product;
  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    localparam int Row = e / VecLen;
    logic signed [ScaledW-1:0] p_q;
    logic [MultShiftW-1:0]     shift_q;
    always_ff @(posedge clk_i)
      if (en_i) begin
        p_q     <= ScaledW'($signed(y_i[e*PsumW +: PsumW]))
                 * ScaledW'($signed({1'b0, scale_i[Row*ScaleW +: MultW]}));
        shift_q <= scale_i[Row*ScaleW+MultW +: MultShiftW];
      end
    assign product[e] = i_dut.gen_element[e].product_q == p_q
                        && i_dut.gen_element[e].shift_q == shift_q;
  end

  // Shift, rounding and saturation of any 48-bit product, in one element:
  // floor(p / 2^s + 1/2) is floor(p / 2^s) and 1 more if bit s - 1 of p is set.
  localparam int Element = 6;
  logic signed [ScaledW-1:0] p_q, below;
  logic [MultShiftW-1:0] s_q;
  logic signed [ScaledW:0] quotient, rounded;
  logic signed [PreW-1:0] expected, v_one;
  logic half;
  always_ff @(posedge clk_i)
    if (en_i) begin
      p_q <= i_dut.gen_element[Element].product_q;
      s_q <= i_dut.gen_element[Element].shift_q;
    end
  assign below    = p_q >>> (s_q - 1'b1);
  assign half     = s_q != '0 && below[0];
  assign quotient  = (ScaledW+1)'(p_q >>> s_q);
  assign rounded  = quotient + (ScaledW+1)'($signed({1'b0, half}));
  assign expected = rounded > 32767 ? 16'sd32767 : rounded < -32768 ? 16'sh8000
                                    : rounded[PreW-1:0];
  assign v_one    = v[Element*PreW +: PreW];

  always_comb begin
    a_product : assert (moved_q == '0 || &product);
    a_result : assert (moved_q != 2'd2 || v_one == expected);
    c_top : cover (moved_q == 2'd2 && rounded > 32767);
    c_bottom : cover (moved_q == 2'd2 && rounded < -32768);
    c_tie : cover (moved_q == 2'd2 && s_q == 6'd1 && p_q == -3);
  end

endmodule

`default_nettype wire
