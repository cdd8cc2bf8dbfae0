// SPDX-License-Identifier: Apache-2.0
// Takes finished blocks out of the partial-sum buffers, group by group and tile by tile, as soon
// as both schedulers have finished a group's last K-tile. Updates of later work go first at the
// memory port. Its position tells the scheduler which psum entries the next command may use.
//
// TakeTurns: the psums of single tiles are in the buffers of either tile in turn, by cmd_id_o.
`default_nettype none

module result_drain
  import panacea_pkg::*;
#(
  parameter int Groups = 16,
  parameter bit TakeTurns = 1'b0,
  localparam int CountW = $clog2(2 * Groups + 1)
) (
  input  logic       clk_i,
  input  logic       rst_ni,
  input  logic       cmd_valid_i,
  output logic       cmd_ready_o,
  input  logic [7:0] groups_i,
  input  logic       dtp_i,
  input  logic       dyn_final_i,   // a group's dynamic work is in the buffer
  input  logic       sta_final_i,   // a group's static work is in the buffer
  output logic       rd_valid_o,
  input  logic       rd_ready_i,
  output logic       rd_tile_o,
  output logic [7:0] rd_group_o,
  output logic [1:0] cmd_id_o,
  output logic       valid_o,       // the data that was read stands at the buffers' outputs
  output logic       tile_o,
  input  logic       ready_i
);

  logic [CountW-1:0] dyn_count_q, sta_count_q;  // finished groups not yet read
  logic [7:0]        group_q;
  logic [1:0]        cmd_id_q;
  logic tile_q, out_valid_q, out_tile_q, take, group_end;

  assign rd_valid_o  = cmd_valid_i && dyn_count_q != '0 && sta_count_q != '0
                       && (!out_valid_q || ready_i);
  assign take        = rd_valid_o && rd_ready_i;
  assign group_end   = take && (tile_q == dtp_i);
  assign cmd_ready_o = group_end && (group_q + 8'd1 == groups_i);
  assign rd_tile_o   = (TakeTurns && !dtp_i) ? cmd_id_q[0] : tile_q;
  assign rd_group_o  = group_q;
  assign cmd_id_o    = cmd_id_q;
  assign valid_o     = out_valid_q;
  assign tile_o      = out_tile_q;

  always_ff @(posedge clk_i) begin
    if (take) out_tile_q <= rd_tile_o;
    if (!rst_ni) begin
      dyn_count_q <= '0;
      sta_count_q <= '0;
      group_q     <= '0;
      cmd_id_q    <= '0;
      tile_q      <= 1'b0;
      out_valid_q <= 1'b0;
    end else begin
      dyn_count_q <= dyn_count_q + CountW'(dyn_final_i) - CountW'(group_end);
      sta_count_q <= sta_count_q + CountW'(sta_final_i) - CountW'(group_end);
      out_valid_q <= take || (out_valid_q && !ready_i);
      if (take) tile_q <= !group_end;
      if (group_end) group_q <= cmd_ready_o ? '0 : group_q + 1'b1;
      if (cmd_ready_o) cmd_id_q <= cmd_id_q + 1'b1;
    end
  end

endmodule

`default_nettype wire
