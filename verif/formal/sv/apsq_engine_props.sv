// SPDX-License-Identifier: Apache-2.0
// The APSQ engine adds the used codes without loss, rounds half up, and clips to eight bits: the
// code is the one whose interval of width 2^e, closed below, the sum is in, or the nearest end.
`default_nettype none

module apsq_engine_props
  import panacea_pkg::*;
(
  input logic signed [PsumW-1:0]       psum_i,
  input logic [MaxGs-1:0][QsumW-1:0]   codes_i,
  input logic [MaxGs-1:0][ExpW-1:0]    exponents_i,
  input logic [MaxGs-1:0]              used_i,
  input logic [ExpW-1:0]               exponent_i
);

  logic [QsumW-1:0] code;
  logic [PsumW-1:0] value;

  apsq_engine #(
    .W(1)
  ) i_dut (
    .psum_i(psum_i),
    .codes_i(codes_i),
    .exponents_i(exponents_i),
    .used_i,
    .exponent_i,
    .code_o(code),
    .value_o(value)
  );

  typedef logic signed [40:0] wide_t;  // nothing below comes near its ends

  wide_t sum, got, twice, low, high, most, least, unit;
  wide_t stands_for[MaxGs];

  for (genvar j = 0; j < MaxGs; j++) begin : gen_code
    assign stands_for[j] = used_i[j] ? wide_t'($signed(codes_i[j])) <<< exponents_i[j] : '0;
    always_comb assume (int'(exponents_i[j]) <= ExpMax);
  end
  always_comb assume (int'(exponent_i) <= ExpMax);

  // All times two, for the half.
  assign sum   = wide_t'(psum_i) + stands_for[0] + stands_for[1] + stands_for[2] + stands_for[3];
  assign got   = wide_t'($signed(i_dut.gen_sum[0].sum));
  assign unit  = wide_t'(1) <<< exponent_i;
  assign twice = (got <<< 1) + unit;
  assign low   = wide_t'($signed(code)) <<< (exponent_i + 1);
  assign high  = low + (unit <<< 1);
  assign most  = wide_t'(127) <<< (exponent_i + 1);
  assign least = wide_t'(-127) <<< (exponent_i + 1);

  always_comb begin
    a_sum : assert (got == sum);
    a_floor : assert (twice >= most || low <= twice || code == 8'h80);
    a_below : assert (twice < least || twice < high || code == 8'h7f);
    a_most : assert (twice < most || code == 8'h7f);
    a_least : assert (twice >= least || code == 8'h80);
    a_value : assert (wide_t'($signed(value)) <<< 1 == low);
    c_half : cover (exponent_i == 5'd3 && twice == low && twice < 0);
    c_most : cover (used_i == '1 && code == 8'h7f && sum > (wide_t'(1) <<< 33));
    c_least : cover (used_i == '1 && code == 8'h80 && sum < (wide_t'(-1) <<< 33));
    c_exact : cover (exponent_i == '0 && used_i == '0 && code == 8'hfe);
  end

endmodule

`default_nettype wire
