// SPDX-License-Identifier: Apache-2.0
// Number formats and types of the post-processing unit.
`default_nettype none

package ppu_pkg;

  parameter int MultW = 16;  // row multiplier, unsigned
  parameter int MultShiftW = 6;  // right shift after it
  parameter int ScaleW = MultShiftW + MultW;  // both
  parameter int PreW = 16;  // pre-activation v, signed
  parameter int Segments = 64;  // of the piecewise-linear function
  parameter int SegW = 6;
  parameter int LocalW = 11;  // v inside its segment, unsigned
  parameter int SlopeW = 16;  // signed, FracW fraction bits
  parameter int OffsetW = 32;  // signed, FracW fraction bits
  parameter int FracW = 16;
  parameter int LineW = OffsetW + 1;  // slope * local + offset
  parameter int CodeW = LineW - FracW + 1;  // the same with one fraction bit
  parameter int GridW = 12;  // output code / 2^(l - 4), up to three slices
  parameter int ParAddrW = 9;  // parameter address: bit 8 selects the segments
  parameter int ParDataW = SlopeW + OffsetW;

  // What to do with the results of one command of the core.
  typedef struct packed {
    logic [7:0] rows;      // valid rows of the command's output tile, 1 to 4 NumPea (8 if dtp)
    logic [7:0] groups;    // column groups, 1 or more
    logic [3:0] r;         // frequent HO slice of the next layer
    logic [1:0] dbs;       // its DBS type, 1 to 3
    logic [1:0] slices;    // slices of its activations, 1 to 3
    logic       raw;       // pass 32-bit results on
    logic       dtp;       // two tiles
    logic       new_pwl;   // from here on use the segments written last
    logic       new_rows;  // from here on use the rows' scales written last
  } ppu_cmd_t;

  // What travels with a block through the pipeline.
  typedef struct packed {
    logic       last;      // last block of its packet
    logic [3:0] rows;      // which of its rows are valid
    logic       tile;
    logic       bank;      // of the segments
    logic [3:0] r;
    logic [1:0] dbs;
    logic [1:0] slices;
  } ppu_meta_t;

  // Sticky until reset.
  typedef struct packed {
    logic bad_cmd;         // a field out of range
    logic last;            // the results' last flag is not at the command's last block
  } ppu_err_t;

endpackage

`default_nettype wire
