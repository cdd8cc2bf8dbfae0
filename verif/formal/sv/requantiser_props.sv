// SPDX-License-Identifier: Apache-2.0
// v = saturate_int16(floor(y * mult / 2^shift + 1/2)), exactly, with its own row's multiplier and
// shift; a stopped stage keeps what it holds.
`default_nettype none
`include "formal.svh"

module requantiser_props import panacea_pkg::*; import ppu_pkg::*; (
  input logic                      clk_i,
  input logic                      en_i,
  input logic [BlockLen*PsumW-1:0] y_i,
  input logic [VecLen*ScaleW-1:0]  scale_i
);

  localparam int ScaledW = PsumW + MultW;
  localparam int WideW   = ScaledW + 3;

  logic [BlockLen*PreW-1:0] v;

  requantiser i_dut (.clk_i, .en_i, .y_i, .scale_i, .v_o(v));

  logic [1:0] moved_q;     // cycles so far in which the stages moved, up to 2
  initial moved_q = '0;
  always_ff @(posedge clk_i) if (en_i && moved_q != 2'd2) moved_q <= moved_q + 1'b1;

  logic [BlockLen-1:0] product, result, top, bottom, tie;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    localparam int Row = e / VecLen;
    logic signed [ScaledW-1:0]    p, p_q, done_q;
    logic [MultShiftW-1:0]        shift_q, done_shift_q;
    logic signed [WideW+62:0]     wide, rounded;
    logic signed [PreW-1:0]       expected;

    assign p = ScaledW'($signed(y_i[e*PsumW +: PsumW]))
               * ScaledW'($signed({1'b0, scale_i[Row*ScaleW +: MultW]}));
    always_ff @(posedge clk_i) if (en_i) begin
      p_q          <= p;
      shift_q      <= scale_i[Row*ScaleW+MultW +: MultShiftW];
      done_q       <= p_q;
      done_shift_q <= shift_q;
    end

    // floor((2 p + 2^shift) / 2^(shift + 1))
    assign wide     = ((WideW+63)'(done_q) <<< 1) + ((WideW+63)'(1) << done_shift_q);
    assign rounded  = (wide >>> done_shift_q) >>> 1;
    assign expected = rounded > 32767 ? 16'sd32767 : rounded < -32768 ? -16'sd32768
                                      : rounded[PreW-1:0];

    assign product[e] = i_dut.gen_element[e].product_q == p_q
                        && i_dut.gen_element[e].shift_q == shift_q;
    assign result[e]  = $signed(v[e*PreW +: PreW]) == expected;
    assign top[e]     = rounded > 32767;
    assign bottom[e]  = rounded < -32768;
    assign tie[e]     = done_shift_q == 6'd1 && done_q == -3;
  end

  always_comb begin
    a_product: assert (moved_q == '0 || &product);
    a_result:  assert (moved_q != 2'd2 || result[0]);
    a_others:  assert (moved_q != 2'd2 || &result[15:1]);
    c_range:   cover (moved_q == 2'd2 && top[0] && bottom[5]);
    c_tie:     cover (moved_q == 2'd2 && tie[3]);
  end

endmodule

`default_nettype wire
