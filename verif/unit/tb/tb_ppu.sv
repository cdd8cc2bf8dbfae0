// SPDX-License-Identifier: Apache-2.0
// Unit top of the whole PPU. What a stream carries is one vector, so that beat-level agents fit.
`default_nettype none

module tb_ppu
  import panacea_pkg::*;
  import ppu_pkg::*;
#(
  parameter int NumPea = 16
) ();

  localparam int CmdW = $bits(ppu_cmd_t);
  localparam int BlockW = BlockLen * PsumW;

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  logic c_valid, c_ready, p_valid, p_ready, y_valid, y_ready;
  logic o_valid, o_ready, o_last, o_tile, o_part, busy;
  logic [CmdW-1:0]              c_data;
  logic [ParAddrW+ParDataW-1:0] p_data;    // {address, data}
  logic [BlockW:0]              y_data;    // {last, block}
  logic [BeatW-1:0]             o_beat;
  logic [BeatW+2:0]             o_data;    // {last, tile, part, beat}
  logic [1:0]                   err;       // {bad command, last}
  logic [31:0]                  cycle;
  logic [7:0]                   peas;
  ppu_err_t                     err_fields;

  ppu #(
    .NumPea(NumPea)
  ) i_ppu (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(c_valid),
    .cmd_ready_o(c_ready),
    .cmd_i(c_data),
    .par_valid_i(p_valid),
    .par_ready_o(p_ready),
    .par_addr_i(p_data[ParDataW +: ParAddrW]),
    .par_data_i(p_data[ParDataW-1:0]),
    .y_valid_i(y_valid),
    .y_ready_o(y_ready),
    .y_last_i(y_data[BlockW]),
    .y_data_i(y_data[BlockW-1:0]),
    .out_valid_o(o_valid),
    .out_ready_i(o_ready),
    .out_data_o(o_beat),
    .out_last_o(o_last),
    .out_tile_o(o_tile),
    .out_part_o(o_part),
    .busy_o(busy),
    .err_o(err_fields)
  );

  assign o_data = {o_last, o_tile, o_part, o_beat};
  assign err    = err_fields;
  assign peas   = 8'(NumPea);

  always @(posedge clk) cycle <= rst_n ? cycle + 1'b1 : '0;

endmodule

`default_nettype wire
