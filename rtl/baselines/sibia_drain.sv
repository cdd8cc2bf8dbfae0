// SPDX-License-Identifier: Apache-2.0
// Takes finished groups out of the partial sums, all PEAs at once, and sends their blocks one PEA
// after the other: group by group, a block a cycle, without gaps unless updates hold the memory
// port. Reading a command's last group frees its bank of partial sums.
`default_nettype none

module sibia_drain
  import panacea_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int Groups = 16,
  localparam int GroupW = $clog2(Groups + 1),
  localparam int PeaA   = (NumPea > 1) ? $clog2(NumPea) : 1,
  localparam int PsumA  = $clog2(2 * Groups),
  localparam int CountW = $clog2(2 * Groups + 1)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              cmd_valid_i,
  output logic              cmd_ready_o,     // its last group is read
  input  logic [GroupW-1:0] groups_i,
  input  logic              final_i,         // a group's last update is made
  input  logic              rd_ready_i,
  output logic              rd_take_o,
  output logic [PsumA-1:0]  rd_addr_o,
  output logic              valid_o,
  input  logic              ready_i,
  output logic              last_o,          // of the command
  output logic [PeaA-1:0]   pea_o
);

  logic [CountW-1:0] count_q;    // finished groups not yet read
  logic [PsumA-2:0]  group_q;
  logic [PeaA-1:0]   pea_q;
  logic bank_q, valid_q, last_group_q, last_pea, block_end;

  assign last_pea    = pea_q == PeaA'(NumPea - 1);
  assign block_end   = ready_i && last_pea;
  assign rd_take_o   = cmd_valid_i && count_q != '0 && (!valid_q || block_end) && rd_ready_i;
  assign rd_addr_o   = {bank_q, group_q};
  assign cmd_ready_o = rd_take_o && (GroupW'(group_q) + 1'b1 == groups_i);
  assign valid_o     = valid_q;
  assign last_o      = last_group_q && last_pea;
  assign pea_o       = pea_q;

  always_ff @(posedge clk_i) begin
    if (rd_take_o) last_group_q <= cmd_ready_o;
    if (!rst_ni) begin
      count_q <= '0;
      group_q <= '0;
      pea_q   <= '0;
      bank_q  <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      count_q <= count_q + CountW'(final_i) - CountW'(rd_take_o);
      if (rd_take_o) valid_q <= 1'b1;
      else if (block_end) valid_q <= 1'b0;
      if (valid_q && ready_i) pea_q <= last_pea ? '0 : pea_q + 1'b1;
      if (rd_take_o) group_q <= cmd_ready_o ? '0 : group_q + 1'b1;
      if (cmd_ready_o) bank_q <= !bank_q;
    end
  end

endmodule

`default_nettype wire
