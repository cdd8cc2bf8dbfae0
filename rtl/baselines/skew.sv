// SPDX-License-Identifier: Apache-2.0
// Delays lane i of Lanes by i cycles, or by Lanes - 1 - i with Reverse: the edge of a systolic
// array. After reset all lanes are zero.
`default_nettype none

module skew #(
  parameter int Lanes   = 4,
  parameter int Width   = 8,
  parameter bit Reverse = 1'b0
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  input  logic [Lanes*Width-1:0] data_i,
  output logic [Lanes*Width-1:0] data_o
);

  for (genvar i = 0; i < Lanes; i++) begin : gen_lane
    localparam int Delay = Reverse ? Lanes - 1 - i : i;
    if (Delay == 0) begin : gen_through
      assign data_o[i*Width+:Width] = data_i[i*Width+:Width];
    end else begin : gen_delay
      logic [Delay*Width-1:0] line_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) line_q <= '0;
        else line_q <= (Delay * Width)'({line_q, data_i[i*Width+:Width]});
      end
      assign data_o[i*Width+:Width] = line_q[(Delay-1)*Width+:Width];
    end
  end

endmodule

`default_nettype wire
