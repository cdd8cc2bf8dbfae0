// SPDX-License-Identifier: Apache-2.0
// Holds the PPU's command and the position of the next block in it (column group, tile, PEA), and
// says which of the block's rows the next layer has. A command ends with its last block, and the
// next may follow without a gap. Banks of parameters change with the commands that ask for it.
`default_nettype none

module ppu_control
  import panacea_pkg::*;
  import ppu_pkg::*;
#(
  parameter int NumPea = 16,
  localparam int CmdW   = $bits(ppu_cmd_t),
  localparam int MetaW  = $bits(ppu_meta_t),
  localparam int BlockA = $clog2(2 * NumPea)
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              cmd_valid_i,
  output logic              cmd_ready_o,
  input  logic [CmdW-1:0]   cmd_i,
  input  logic              take_i,       // a block is taken
  input  logic              last_i,       // and said to be the command's last
  output logic              active_o,     // there is a command
  output logic              raw_o,
  output logic              used_o,       // the block has a valid row
  output logic              pea_end_o,    // it is the last of its group and tile
  output logic [MetaW-1:0]  meta_o,
  output logic [BlockA-1:0] block_o,      // its place in the output tile
  output logic              row_bank_o,   // of the scales in use
  output logic              pwl_bank_o,   // of the segments in use
  output ppu_err_t          err_o
);

  ppu_cmd_t cmd, cmd_new;
  logic [CmdW-1:0] cmd_q;
  logic [9:0] block, row, left;  // rows from this block's first on
  logic [7:0] group_q, pea_q;
  logic [3:0] rows;
  logic tile_q, group_end, cmd_end, start, bad_cmd;

  assign cmd         = cmd_q;
  assign cmd_new     = cmd_i;
  assign cmd_ready_o = !active_o || cmd_end;
  assign start       = cmd_valid_i && cmd_ready_o;
  assign raw_o       = cmd.raw;

  assign pea_end_o = pea_q == 8'(NumPea - 1);
  assign group_end = pea_end_o && tile_q == cmd.dtp;
  assign cmd_end   = take_i && group_end && group_q + 8'd1 == cmd.groups;

  assign block   = 10'(pea_q) + (tile_q ? 10'(NumPea) : 10'd0);
  assign row     = block << 2;
  assign block_o = BlockA'(block);
  assign used_o  = 10'(cmd.rows) > row;
  assign left    = 10'(cmd.rows) - row;
  for (genvar i = 0; i < VecLen; i++) begin : gen_row
    assign rows[i] = left > 10'(i);
  end

  // In the order of ppu_meta_t.
  assign meta_o = {pea_end_o || left <= 10'(VecLen), rows, tile_q, pwl_bank_o,
                   cmd.r, cmd.dbs, cmd.slices};

  assign bad_cmd = cmd_new.groups == '0 || cmd_new.rows == '0
      || 10'(cmd_new.rows) > (cmd_new.dtp ? 10'(2 * VecLen * NumPea) : 10'(VecLen * NumPea))
      || (!cmd_new.raw && (cmd_new.slices == '0 || cmd_new.dbs == '0
                           || (cmd_new.slices != 2'd2 && cmd_new.dbs != 2'd1)));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_o   <= 1'b0;
      cmd_q      <= '0;
      row_bank_o <= 1'b0;
      pwl_bank_o <= 1'b0;
      group_q    <= '0;
      tile_q     <= 1'b0;
      pea_q      <= '0;
      err_o      <= '0;
    end else begin
      active_o <= start || (active_o && !cmd_end);
      if (start) begin
        cmd_q      <= cmd_i;
        row_bank_o <= row_bank_o ^ cmd_new.new_rows;
        pwl_bank_o <= pwl_bank_o ^ cmd_new.new_pwl;
        if (bad_cmd) err_o.bad_cmd <= 1'b1;
      end
      if (take_i) begin
        pea_q <= pea_end_o ? '0 : pea_q + 1'b1;
        if (pea_end_o) tile_q <= !group_end;
        if (group_end) group_q <= cmd_end ? '0 : group_q + 1'b1;
        if (last_i != cmd_end) err_o.last <= 1'b1;
      end
    end
  end

endmodule

`default_nettype wire
