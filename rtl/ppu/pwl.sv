// SPDX-License-Identifier: Apache-2.0
// Piecewise-linear function of 16 pre-activations at once: u = slope * (v - start) + offset, in
// output codes, exact with FracW fraction bits, of which the highest is passed on. 32 segments on
// each side of zero, 16 of 512, 8 of 1024 and 8 of 2048 steps: index and v - start are bits of v.
// Two banks of segments: one is read, the other is written. Two cycles of latency, one block a
// cycle; both stages move when en_i is high.
`default_nettype none

module pwl
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input  logic                      clk_i,
  input  logic                      wr_valid_i,
  input  logic                      wr_bank_i,
  input  logic [SegW-1:0]           wr_segment_i,
  input  logic [ParDataW-1:0]       wr_data_i,    // {slope, offset}
  input  logic                      en_i,
  input  logic                      bank_i,
  input  logic [BlockLen*PreW-1:0]  v_i,
  output logic [BlockLen*CodeW-1:0] u_o
);

  logic [ParDataW-1:0] mem[2*Segments];

  always_ff @(posedge clk_i) if (wr_valid_i) mem[{wr_bank_i, wr_segment_i}] <= wr_data_i;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic [PreW-1:0]          v;
    logic [5:0]               high;               // of v, or of -v - 1 if that is positive
    logic [SegW-2:0]          segment;
    logic [LocalW-1:0]        local_v;
    logic [ParDataW-1:0]      line_q;
    logic signed [LocalW:0]   local_q;
    logic signed [SlopeW-1:0] slope;
    logic signed [OffsetW-1:0] offset;
    logic [CodeW-1:0]         u_q;

    assign v         = v_i[e*PreW +: PreW];
    assign high      = v[PreW-2 -: 6] ^ {6{v[PreW-1]}};
    assign segment   = high[5] ? {2'b11, high[4:2]} : high[4] ? {2'b10, high[3:1]}
                                                              : {1'b0, high[3:0]};
    assign local_v   = high[5] ? v[10:0] : high[4] ? {1'b0, v[9:0]} : {2'b00, v[8:0]};

    assign slope  = line_q[OffsetW +: SlopeW];
    assign offset = line_q[OffsetW-1:0];

    always_ff @(posedge clk_i)
      if (en_i) begin
        line_q  <= mem[{bank_i, v[PreW-1], segment}];
        local_q <= {1'b0, local_v};
        u_q     <= CodeW'((LineW'(slope) * LineW'(local_q) + LineW'(offset)) >>> (FracW - 1));
      end

    assign u_o[e*CodeW+:CodeW] = u_q;
  end

endmodule

`default_nettype wire
