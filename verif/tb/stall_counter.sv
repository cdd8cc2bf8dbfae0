// SPDX-License-Identifier: Apache-2.0
// Counts, since reset, the cycles in which a receiver holds a beat up and those in which it waits
// for one, summed over N streams.
`default_nettype none

module stall_counter #(
  parameter int N = 1
) (
  input  wire logic         clk_i,
  input  wire logic         rst_ni,
  input  wire logic [N-1:0] valid_i,
  input  wire logic [N-1:0] ready_i,
  output logic [39:0]       held_o,
  output logic [39:0]       waited_o
);

  integer i;
  logic [15:0] held, waited;  // temporaries: blocking, used by this process only

  initial begin
    held_o = 40'd0;
    waited_o = 40'd0;
  end

  always @(posedge clk_i) begin
    held = 16'd0;
    waited = 16'd0;
    for (i = 0; i < N; i = i + 1) begin
      held = held + 16'(valid_i[i] && !ready_i[i]);
      waited = waited + 16'(!valid_i[i] && ready_i[i]);
    end
    held_o <= rst_ni ? held_o + 40'(held) : 40'd0;
    waited_o <= rst_ni ? waited_o + 40'(waited) : 40'd0;
  end

endmodule

`default_nettype wire
