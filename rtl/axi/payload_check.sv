// SPDX-License-Identifier: Apache-2.0
// Checks that a waiting beat is neither withdrawn nor changed until it is
// taken. A reset forgets the beat that waits. Empty in synthesis.
`default_nettype none
`include "assert.svh"

module payload_check #(
  parameter int Width = 8
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);

`ifdef PANACEA_CHECKS
  logic             waits_q;
  logic [Width-1:0] data_q;

  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready_i;
    data_q  <= data_i;
  end

  `PANACEA_ASSERT(!waits_q || valid_i, "a waiting beat is withdrawn")
  `PANACEA_ASSERT(!waits_q || data_i === data_q, "a waiting beat is changed")
`endif

endmodule

`default_nettype wire
