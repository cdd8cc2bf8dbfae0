// SPDX-License-Identifier: Apache-2.0
// One of every cell that the symbolic simulator knows, on words that may be symbols.
`default_nettype none

module cells (
  input  logic         clk_i,
  input  logic [7:0]   a_i,
  input  logic [7:0]   b_i,
  input  logic [3:0]   c_i,
  input  logic [2:0]   s_i,
  input  logic         on_i,
  output logic [319:0] y_o
);

  logic signed [7:0] sa, sb;
  logic [7:0] memory [4];
  logic [7:0] parts_q;
  logic [31:0] sum_q;
  logic [7:0] mix;
  assign sa = a_i;
  assign sb = b_i;

  always_ff @(posedge clk_i) begin
    sum_q <= on_i ? sum_q + 32'($signed(a_i)) : 32'(b_i);
    if (s_i[0]) memory[s_i[2:1]] <= a_i;
    if (on_i) memory[c_i[1:0]][3:0] <= b_i[3:0];
    parts_q[s_i] <= a_i[0];
  end

  always_comb begin
    case (s_i)
      3'd0: mix = a_i;
      3'd1: mix = b_i;
      3'd2: mix = a_i & b_i;
      3'd5: mix = {a_i[3:0], b_i[7:4]};
      default: mix = 8'h5a;
    endcase
  end

  assign y_o = {
    sum_q,
    parts_q,
    memory[s_i[1:0]],
    mix,
    16'(sa * sb),
    16'(a_i * b_i),
    12'(sa) + 12'(sb),
    9'(a_i) - 9'(b_i),
    12'(-sa),
    a_i / 8'(c_i + 1),
    a_i << s_i,
    sa >>> s_i,
    a_i >> s_i,
    16'(sa) <<< c_i[1:0],
    4'(a_i[{1'b0, s_i[1:0]}+:4]),
    a_i & b_i,
    a_i | b_i,
    a_i ^ b_i,
    ~a_i,
    a_i & 8'h3c,
    8'h3c | b_i,
    a_i ^ 8'h0f,
    a_i == b_i,
    a_i != 8'h12,
    a_i < b_i,
    sa <= sb,
    sa > sb,
    a_i >= b_i,
    a_i && b_i,
    a_i || c_i,
    !a_i,
    &a_i,
    |b_i,
    on_i ? a_i : b_i,
    {4'd0, c_i} * a_i,
    16'(sa * $signed({1'b0, c_i})) + 16'(sb),
    {{8{a_i[7]}}, a_i} + {{8{b_i[7]}}, b_i}
  };

endmodule

`default_nettype wire
