// SPDX-License-Identifier: Apache-2.0
// Where a sum goes, in step with it: keeps sub-tile, group and whether it is a group's last sum
// for as long as the operators take from a flush to its sum.
`default_nettype none

module destination_delay #(
  parameter int GroupA = 4,
  parameter int Stages = 3
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              final_i,
  input  logic              tile_i,
  input  logic [7:0]        group_i,
  output logic              final_o,
  output logic              tile_o,
  output logic [GroupA-1:0] group_o
);

  localparam int Width = 2 + 8;

  logic [Width-1:0] stage_q[Stages];

  always_ff @(posedge clk_i) begin
    stage_q[0] <= rst_ni ? {final_i, tile_i, group_i} : '0;
    for (int s = 1; s < Stages; s++) stage_q[s] <= rst_ni ? stage_q[s-1] : '0;
  end
  assign final_o = stage_q[Stages-1][Width-1];
  assign tile_o  = stage_q[Stages-1][Width-2];
  assign group_o = stage_q[Stages-1][GroupA-1:0];

endmodule

`default_nettype wire
