// SPDX-License-Identifier: Apache-2.0
// Chooses which DMA asks for data next: descriptors first, then parameters, both short; then
// activations and weights in turn. Combinational but for the turn.
`default_nettype none

module read_arbiter
  import chip_pkg::*;
#(
  localparam int Sources = 4,             // in order: descriptors, parameters, activations, weights
  localparam int ReqW    = $bits(read_req_t)
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic [Sources-1:0]      valid_i,
  output logic [Sources-1:0]      ready_o,
  input  logic [Sources*ReqW-1:0] req_i,
  output logic                    valid_o,
  input  logic                    ready_i,
  output logic [ReqW-1:0]         req_o
);

  logic               weights_next_q;
  logic [Sources-1:0] grant;

  assign grant[0] = valid_i[0];
  assign grant[1] = valid_i[1] && !valid_i[0];
  assign grant[2] = valid_i[2] && valid_i[1:0] == '0 && !(weights_next_q && valid_i[3]);
  assign grant[3] = valid_i[3] && valid_i[1:0] == '0 && (weights_next_q || !valid_i[2]);

  assign valid_o = valid_i != '0;
  assign ready_o = grant & {Sources{ready_i}};

  always_comb begin
    req_o = '0;
    for (int s = 0; s < Sources; s++) if (grant[s]) req_o = req_i[s*ReqW+:ReqW];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) weights_next_q <= 1'b0;
    else if (ready_o[2]) weights_next_q <= 1'b1;
    else if (ready_o[3]) weights_next_q <= 1'b0;
  end

endmodule

`default_nettype wire
