// SPDX-License-Identifier: Apache-2.0
// Requantises a 4x4 block: v = saturate_int16(floor(y * mult / 2^shift + 1/2)), exact 48-bit
// product, rounding half up. Multiplier and shift are those of the element's row.
// Two cycles of latency, one block a cycle; both stages move when en_i is high.
`default_nettype none

module requantiser
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input  logic                      clk_i,
  input  logic                      en_i,
  input  logic [BlockLen*PsumW-1:0] y_i,
  input  logic [VecLen*ScaleW-1:0]  scale_i,   // of row i: {shift, multiplier}
  output logic [BlockLen*PreW-1:0]  v_o
);

  localparam int ScaledW = PsumW + MultW;  // product, signed
  localparam int HalfW = ScaledW + 1;  // with one fraction bit

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    localparam int Row = e / VecLen;

    logic signed [PsumW-1:0]   y;
    logic signed [MultW:0]     mult;
    logic signed [ScaledW-1:0] product_q;
    logic        [MultShiftW-1:0]  shift_q;
    logic signed [HalfW-1:0] doubled, half;
    logic signed [PreW:0] sum;
    logic [PreW-1:0] v_d, v_q;
    logic fits;

    assign y    = y_i[e*PsumW +: PsumW];
    assign mult = {1'b0, scale_i[Row*ScaleW +: MultW]};

    // One fraction bit is kept, so that adding one to it rounds; whatever exceeds the range by
    // more than the rounding is found before the addition, which so needs few bits.
    assign doubled = {product_q, 1'b0};
    assign half    = doubled >>> shift_q;
    assign fits    = half[HalfW-1:PreW] == {(HalfW-PreW){half[HalfW-1]}};
    assign sum     = $signed(half[PreW:0]) + (PreW+1)'(1);

    assign v_d = !fits                        ? {half[HalfW-1], {(PreW-1){!half[HalfW-1]}}}
               : (sum[PreW] && !half[PreW])   ? {1'b0, {(PreW-1){1'b1}}}
                                              : sum[PreW:1];

    always_ff @(posedge clk_i)
      if (en_i) begin
        product_q <= ScaledW'(y) * ScaledW'(mult);
        shift_q   <= scale_i[Row*ScaleW + MultW +: MultShiftW];
        v_q       <= v_d;
      end

    assign v_o[e*PreW+:PreW] = v_q;
  end

endmodule

`default_nettype wire
