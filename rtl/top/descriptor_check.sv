// SPDX-License-Identifier: Apache-2.0
// Finds the first rule that a descriptor breaks; BadNothing if none. Combinational.
`default_nettype none

module descriptor_check
  import panacea_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int TileN  = 64,
  localparam int DescW = $bits(descriptor_t)
) (
  input  logic [DescW-1:0] desc_i,
  input  logic             last_i,        // of the program
  input  logic             prev_open_i,   // a pass or step before goes on in this one
  input  logic             prev_dtp_i,
  input  logic [2:0]       prev_gs_i,     // its apsq.gs and apsq.on
  input  logic [7:0]       prev_groups_i,
  output logic             gives_o,       // it has results
  output logic [3:0]       bad_o
);

  descriptor_t desc;
  apsq_t       apsq;
  logic [10:0] rows_max;
  logic reserved, address, stride, block, range, output_bad;

  assign desc    = desc_i;
  assign apsq    = desc.apsq;
  assign gives_o = !desc.more && (!apsq.on || apsq.last);

  assign rows_max = desc.dtp ? 11'(2 * VecLen * NumPea) : 11'(VecLen * NumPea);
  assign reserved = desc.zero_0 != '0 || desc.zero_19 || desc.zero_1 != '0
                    || desc.zero_2 != '0 || desc.zero_3 != '0 || desc.zero_6 != '0
                    || desc.zero_15 != '0 || desc.zero_24 != '0;

  // Addresses beyond AddrW or off their grid: 32 bytes, for lengths 2.
  localparam int HighW = 64 - AddrW;
  assign range   = {desc.w_addr[63:AddrW], desc.x_addr[63:AddrW], desc.x_table[63:AddrW],
                    desc.par_addr[63:AddrW], desc.y_addr[63:AddrW], desc.y_addr_low[63:AddrW],
                    desc.y_table[63:AddrW], desc.y_table_low[63:AddrW]} != (8*HighW)'(0);
  assign address = {desc.w_addr[4:0], desc.x_addr[4:0], desc.x_table[4:0], desc.par_addr[4:0],
                    desc.y_addr[4:0], desc.y_addr_low[4:0], desc.y_table[0], desc.y_table_low[0]}
                   != 32'd0;
  assign stride  = {desc.x_stride[4:0], desc.y_stride[4:0]} != 10'd0;

  assign block = ((desc.w_load || desc.w_keep) && !desc.w_play)
                 || ((desc.x_load || desc.x_keep) && !desc.x_play)
                 || (desc.w_load && desc.w_beats == '0)
                 || (desc.x_load && desc.x_segments == '0);

  assign output_bad = desc.y_slices == '0 || desc.y_dbs == '0
                      || (desc.y_slices != 2'd2 && desc.y_dbs != 2'd1);

  always_comb begin
    bad_o = BadNothing;
    if (desc.kind != KindTile || reserved) bad_o = BadKind;
    else if (desc.k_len == '0) bad_o = BadKLen;
    else if (desc.groups == '0 || desc.groups > 8'(TileN / VecLen)) bad_o = BadGroups;
    else if (desc.dbs == '0) bad_o = BadDbs;
    else if (range || address || stride) bad_o = BadAddress;
    else if (block) bad_o = BadBlock;
    else if (gives_o && (desc.rows == '0 || 11'(desc.rows) > rows_max)) bad_o = BadRows;
    else if (gives_o && !desc.raw && output_bad) bad_o = BadOutput;
    else if (prev_open_i && (desc.groups != prev_groups_i || desc.dtp != prev_dtp_i
                             || {apsq.gs, apsq.on} != prev_gs_i))
      bad_o = BadPass;
    else if (last_i && !gives_o) bad_o = BadEnd;
    else if (!apsq_legal(desc.apsq)) bad_o = BadApsq;
  end

endmodule

`default_nettype wire
