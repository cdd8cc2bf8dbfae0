// SPDX-License-Identifier: Apache-2.0
// Arithmetic of the reconfigurable APSQ engine (RAE), W sums at once: adds stored codes to the
// partial sums of this step and quantises, q = clip(floor(v / 2^e + 1/2), -128, 127) with
// v = psum + sum over used j of 2^(e_j) code_j, exact in 35 bits. Also gives what q stands for.
// Which codes are used makes a step additive or not: apsq_steps. Combinational; knows no protocol.
`default_nettype none

module apsq_engine
  import panacea_pkg::*;
#(
  parameter int W = BlockLen
) (
  input  logic [W*PsumW-1:0]       psum_i,       // T_i, two's complement
  input  logic [MaxGs*W*QsumW-1:0] codes_i,      // stored codes, bank by bank
  input  logic [MaxGs*ExpW-1:0]    exponents_i,  // theirs
  input  logic [MaxGs-1:0]         used_i,       // which banks to add
  input  logic [ExpW-1:0]          exponent_i,   // of this step
  output logic [W*QsumW-1:0]       code_o,       // q
  output logic [W*PsumW-1:0]       value_o       // 2^e q
);

  localparam int SumW = PsumW + 3;  // of a partial sum and four values

  function automatic logic [SumW-1:0] value(input logic [QsumW-1:0] code,
                                            input logic [ExpW-1:0] exponent);
    value = SumW'($signed(code)) << exponent;
  endfunction

  // Half up: one bit below the point is enough.
  function automatic logic [QsumW-1:0] quantise(input logic [SumW-1:0] sum,
                                                input logic [ExpW-1:0] exponent);
    logic signed [SumW:0] doubled;
    logic        [SumW:0] rounded;
    doubled  = {sum, 1'b0};
    doubled  = doubled >>> exponent;
    rounded  = doubled + (SumW+1)'(1);
    quantise = (rounded[SumW:QsumW] == {SumW-QsumW+1{rounded[SumW]}})
               ? rounded[QsumW:1] : {rounded[SumW], {QsumW-1{!rounded[SumW]}}};
  endfunction

  for (genvar e = 0; e < W; e++) begin : gen_sum
    logic [SumW-1:0]  sum;
    logic [QsumW-1:0] code;

    always_comb begin
      sum = SumW'($signed(psum_i[e*PsumW+:PsumW]));
      for (int j = 0; j < MaxGs; j++)
      if (used_i[j]) sum = sum + value(codes_i[(j*W+e)*QsumW+:QsumW], exponents_i[j*ExpW+:ExpW]);
    end

    assign code                      = quantise(sum, exponent_i);
    assign code_o[e*QsumW +: QsumW]  = code;
    assign value_o[e*PsumW +: PsumW] = PsumW'(value(code, exponent_i));
  end

endmodule

`default_nettype wire
