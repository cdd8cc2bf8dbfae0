// SPDX-License-Identifier: Apache-2.0
// u = slope * (v - start) + offset of the segment that v lies in, exact to one fraction bit, and
// nothing is lost at the top. Segments as docs/ppu.md has them; the memory is seen at one segment,
// which may be any.
`default_nettype none
`include "formal.svh"

module pwl_props
  import panacea_pkg::*;
  import ppu_pkg::*;
(
  input logic                     clk_i,
  input logic                     wr_valid_i,
  input logic                     wr_bank_i,
  input logic [SegW-1:0]          wr_segment_i,
  input logic [ParDataW-1:0]      wr_data_i,
  input logic                     en_i,
  input logic                     bank_i,
  input logic [BlockLen*PreW-1:0] v_i
);

  logic [BlockLen*CodeW-1:0] u;

  pwl i_dut (
    .clk_i,
    .wr_valid_i,
    .wr_bank_i,
    .wr_segment_i,
    .wr_data_i,
    .en_i,
    .bank_i,
    .v_i,
    .u_o(u)
  );

  logic [1:0] moved_q;
  initial moved_q = '0;
  always_ff @(posedge clk_i) if (en_i && moved_q != 2'd2) moved_q <= moved_q + 1'b1;

  // One segment of one bank, any, and what was last written there.
  logic [SegW:0]       which_q;
  logic [ParDataW-1:0] line_q;
  logic                written_q;
  initial written_q = 1'b0;
  always_ff @(posedge clk_i) begin
    which_q <= which_q;
    if (wr_valid_i && {wr_bank_i, wr_segment_i} == which_q) begin
      written_q <= 1'b1;
      line_q    <= wr_data_i;
    end
  end

  localparam int Element = 9;
  logic [BlockLen-1:0] looked, local_right, hit, middle;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_element
    logic signed [17:0] v, m, length, start, segment;
    logic               hit_q;
    logic [ParDataW-1:0] expected_q;
    logic signed [17:0] local_q;

    assign v       = 18'($signed(v_i[e*PreW +: PreW]));
    assign m       = v < 0 ? -v - 18'sd1 : v;
    assign length  = m < 8192 ? 18'sd512 : m < 16384 ? 18'sd1024 : 18'sd2048;
    assign segment = (m < 8192 ? m >> 9 : m < 16384 ? 16 + ((m - 8192) >> 10)
                                                    : 24 + ((m - 16384) >> 11))
                     + (v < 0 ? 32 : 0);
    assign start   = v & ~(length - 18'sd1);
    assign hit[e]  = {bank_i, segment[SegW-1:0]} == which_q && written_q;

    always_ff @(posedge clk_i)
      if (en_i) begin
        hit_q      <= hit[e];
        expected_q <= line_q;
        local_q    <= v - start;
      end

    assign looked[e]      = !hit_q || i_dut.gen_element[e].line_q == expected_q;
    assign local_right[e] = 18'(i_dut.gen_element[e].local_q) == local_q && local_q >= 0
                            && local_q < 2048;
    assign middle[e] = v < -8192 && v > -16384;
  end

  // Slope, place in the segment and offset as they were looked up. The product stays below 2^26 in
  // magnitude, and the offset below 2^31, so that the sum fits LineW bits.
  typedef logic signed [LineW-1:0] line_t;
  line_t product, offset, sum_q, u_one;
  assign product = line_t'($signed(i_dut.gen_element[Element].line_q[OffsetW +: SlopeW]))
                   * line_t'($signed(i_dut.gen_element[Element].local_q));
  assign offset  = line_t'($signed(i_dut.gen_element[Element].line_q[OffsetW-1:0]));
  always_ff @(posedge clk_i) if (en_i) sum_q <= product + offset;
  assign u_one = line_t'($signed(u[Element*CodeW+:CodeW]));

  always_comb begin
    a_segment : assert (moved_q == '0 || looked[Element]);
    a_local : assert (moved_q == '0 || &local_right);
    a_fits : assert (moved_q == '0 || (product >= -(1 << 26) && product < (1 << 26)));
    a_result : assert (moved_q != 2'd2 || u_one == sum_q >>> (FracW - 1));
    inv_line : assert (!written_q || i_dut.mem[which_q] == line_q);
    c_hit : cover (hit[Element] && middle[Element] && v_i[Element*PreW+:4] == 4'd5);
    c_result : cover (moved_q == 2'd2 && u_one < -65536);
  end

endmodule

`default_nettype wire
