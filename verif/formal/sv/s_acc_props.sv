// SPDX-License-Identifier: Apache-2.0
// S-ACC is exact: nothing is lost at the top as long as a destination gets at most TileK products
// of each of three kinds, whatever they are. A kind's products are Unit times Lowest to Highest.
// Both destinations of a cycle are counted, so the sum that goes on after a flush is covered too.
`default_nettype none
`include "formal.svh"

module s_acc_props #(
  parameter int TileK     = 64,
  parameter int Ops       = 4,        // products of each kind in a cycle
  parameter int Unit0     = 128,
  parameter int Unit1     = 8,
  parameter int Unit2     = 16,
  parameter int Lowest    = -120,
  parameter int Highest   = 105,
  parameter int InW       = 17,
  parameter int AccW      = 22,
  parameter int ShiftBits = 3,
  localparam int OutW  = AccW + (1 << ShiftBits) - 1,
  localparam int CntW  = 12
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic signed [InW-1:0] cur_i,
  input logic signed [InW-1:0] nxt_i,
  input logic                  flush_i,
  input logic [ShiftBits-1:0]  shift_i,
  input logic [2:0][CntW-1:0]  cur_count_i,   // products of each kind in cur_i, nxt_i
  input logic [2:0][CntW-1:0]  nxt_count_i
);

  logic [OutW-1:0] sum;

  s_acc #(.Len(1), .InW(InW), .AccW(AccW), .ShiftBits(ShiftBits)) i_dut (
    .clk_i, .rst_ni, .cur_i(cur_i), .nxt_i(nxt_i), .flush_i, .shift_i, .sum_o(sum)
  );

  `FORMAL_RESET

  function automatic int units(input logic [2:0][CntW-1:0] count);
    return Unit0 * int'(count[0]) + Unit1 * int'(count[1]) + Unit2 * int'(count[2]);
  endfunction

  function automatic logic bounded(input int value, input logic [2:0][CntW-1:0] count);
    return value >= Lowest * units(count) && value <= Highest * units(count);
  endfunction

  // Products of the current destination so far, and with this cycle's.
  logic [2:0][CntW-1:0] count_q, total, after;
  int                   acc_q, done, done_q, shift_q;
  logic                 flush_q;

  for (genvar i = 0; i < 3; i++) begin : gen_kind
    assign total[i] = count_q[i] + cur_count_i[i];
    assign after[i] = flush_i ? nxt_count_i[i] : total[i] + nxt_count_i[i];
    always_comb begin
      assume (int'(cur_count_i[i]) + int'(nxt_count_i[i]) <= Ops);
      assume (int'(total[i]) <= TileK);
      assume (int'(after[i]) <= TileK);
    end
  end
  always_comb begin
    assume (bounded(int'(cur_i), cur_count_i));
    assume (bounded(int'(nxt_i), nxt_count_i));
  end

  assign done = acc_q + int'(cur_i);
  always_ff @(posedge clk_i) begin
    flush_q <= rst_ni && flush_i;
    shift_q <= int'(shift_i);
    done_q  <= done;
    acc_q   <= !rst_ni ? 0 : flush_i ? int'(nxt_i) : done + int'(nxt_i);
    count_q <= !rst_ni ? '0 : after;
  end

  logic signed [OutW+8:0] expected, got;
  assign expected = (OutW+9)'(done_q) <<< shift_q;
  assign got      = (OutW+9)'($signed(sum));

  always_comb if (rst_ni) begin
    a_exact:   assert (!flush_q || got == expected);
    inv_acc:   assert (int'(i_dut.gen_element[0].acc_q) == acc_q);
    inv_range: assert (bounded(acc_q, count_q));
    inv_count: assert (int'(count_q[0]) <= TileK && int'(count_q[1]) <= TileK
                       && int'(count_q[2]) <= TileK);
    c_two:     cover (flush_q && done_q < 0 && acc_q > 0);
    c_shifted: cover (flush_q && shift_q == (1 << ShiftBits) - 1 && done_q == Lowest * Unit0 * 4);
  end

endmodule

`default_nettype wire
