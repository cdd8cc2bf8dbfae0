// SPDX-License-Identifier: Apache-2.0
// Takes every beat of a valid/ready stream, with random pauses of ready.
`default_nettype none

module stream_sink #(
  parameter int Salt = 1
) (
  input  wire logic        clk_i,
  input  wire logic        rst_ni,
  input  wire logic        start_i,
  input  wire logic [31:0] seed_i,
  input  wire logic [7:0]  stall_i,
  input  wire logic        burst_i,
  output logic             ready_o
);

  logic stall;

  stall_gen #(
    .Salt(Salt)
  ) i_stall (
    .clk_i,
    .start_i,
    .seed_i,
    .prob_i(stall_i),
    .burst_i,
    .garbage_i(1'b0),
    .stall_o(stall),
    .random_o()
  );

  assign ready_o = rst_ni && !stall;

endmodule

`default_nettype wire
