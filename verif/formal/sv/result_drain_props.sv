// SPDX-License-Identifier: Apache-2.0
// Every group of every command is read once, in order, tile by tile, when both halves of its work
// are in the partial sums and not before; what was read stands at the output until it is taken, and
// nothing waits that could be read.
`default_nettype none
`include "formal.svh"

module result_drain_props #(
  parameter int TakeTurns = 0,
  localparam int Groups = 4
) (
  input logic       clk_i,
  input logic       rst_ni,
  input logic       cmd_valid_i,
  input logic [7:0] groups_i,
  input logic       dtp_i,
  input logic       dyn_final_i,
  input logic       sta_final_i,
  input logic       rd_ready_i,
  input logic       ready_i
);

  logic cmd_ready, rd_valid, rd_tile, valid, out_tile;
  logic [7:0] rd_group;
  logic [1:0] cmd_id;

  result_drain #(
    .Groups(Groups),
    .TakeTurns(TakeTurns != 0)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o(cmd_ready),
    .groups_i,
    .dtp_i,
    .dyn_final_i,
    .sta_final_i,
    .rd_valid_o(rd_valid),
    .rd_ready_i,
    .rd_tile_o(rd_tile),
    .rd_group_o(rd_group),
    .cmd_id_o(cmd_id),
    .valid_o(valid),
    .tile_o(out_tile),
    .ready_i
  );

  `FORMAL_RESET

  // A command waits unchanged until it is taken. Of each half, two outputs' groups may be in the
  // partial sums: no more fit there.
  logic waits_q, dtp_q;
  logic [7:0] groups_q;
  logic [4:0] dyn_q, sta_q;  // groups whose half is there, not yet read
  always_ff @(posedge clk_i) begin
    waits_q  <= rst_ni && cmd_valid_i && !cmd_ready;
    groups_q <= groups_i;
    dtp_q    <= dtp_i;
  end
  always_comb begin
    assume (groups_i != '0 && int'(groups_i) <= Groups);
    if (waits_q) assume (cmd_valid_i && groups_i == groups_q && dtp_i == dtp_q);
    assume (!dyn_final_i || int'(dyn_q) < 2 * Groups);
    assume (!sta_final_i || int'(sta_q) < 2 * Groups);
  end

  // The place in the order; the block that was read last.
  logic tile_q, held_q, held_tile_q, take, tiles_end, groups_end, may_read, tile;
  logic [7:0] group_q;
  logic [1:0] commands_q;
  assign take       = rd_valid && rd_ready_i;
  assign tiles_end  = tile_q == dtp_i;
  assign groups_end = group_q + 8'd1 == groups_i;
  assign may_read   = cmd_valid_i && dyn_q != '0 && sta_q != '0 && (!held_q || ready_i);
  assign tile       = (TakeTurns != 0 && !dtp_i) ? commands_q[0] : tile_q;

  always_ff @(posedge clk_i) begin
    if (take) held_tile_q <= tile;
    if (!rst_ni) begin
      {dyn_q, sta_q, group_q, commands_q, tile_q, held_q} <= '0;
    end else begin
      dyn_q  <= dyn_q + 5'(dyn_final_i) - 5'(take && tiles_end);
      sta_q  <= sta_q + 5'(sta_final_i) - 5'(take && tiles_end);
      held_q <= take || (held_q && !ready_i);
      if (take) begin
        tile_q <= !tiles_end;
        if (tiles_end) group_q <= groups_end ? '0 : group_q + 1'b1;
        if (tiles_end && groups_end) commands_q <= commands_q + 1'b1;
      end
    end
  end

  always_comb
    if (rst_ni) begin
      a_read : assert (rd_valid == may_read);
      a_order : assert (!rd_valid || (rd_group == group_q && rd_tile == tile));
      a_end : assert (cmd_ready == (take && tiles_end && groups_end));
      a_held : assert (valid == held_q && (!valid || out_tile == held_tile_q));
      a_number : assert (cmd_id == commands_q);
      inv_place : assert (i_dut.tile_q == tile_q && i_dut.group_q == group_q);
      inv_count : assert (5'(i_dut.dyn_count_q) == dyn_q && 5'(i_dut.sta_count_q) == sta_q);
      inv_bound : assert (int'(dyn_q) <= 2 * Groups && int'(sta_q) <= 2 * Groups);
      inv_open : assert ((!tile_q && group_q == '0) || waits_q);
      inv_in : assert (!waits_q || ((!tile_q || dtp_q) && group_q < groups_q));
      c_last : cover (cmd_ready && dtp_i && int'(groups_i) == 2 && commands_q == 2'd1);
      c_full : cover (int'(dyn_q) == 2 * Groups && sta_q == '0);
      c_stall : cover (valid && !ready_i && cmd_valid_i && dyn_q != '0 && sta_q != '0 && out_tile);
    end

endmodule

`default_nettype wire
