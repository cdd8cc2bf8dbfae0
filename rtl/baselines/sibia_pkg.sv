// SPDX-License-Identifier: Apache-2.0
// Types of the Sibia-style core; slices, vectors and beats are those of panacea_pkg.
//
// Both operands are symmetric, in signed bit-slices. One of them is the sparse operand: its HO
// vectors are compressed, and skipped where they are zero. The other one is the dense operand.
// Software decides for each layer which of the weights and activations is which.
`default_nettype none

package sibia_pkg;

  // One output tile: all of K, 4 NumPea rows of the dense operand, up to TileN of the sparse one.
  typedef struct packed {
    logic        single;  // the dense operand has one slice (4 bits), which takes the LO place
    logic [15:0] k_len;   // K, 1 to 65535
    logic [7:0]  groups;  // groups of four of the sparse operand, 1 to TileN / 4
  } sibia_cmd_t;

  // What the sequencer needs to know of one group in one K-tile.
  typedef struct packed {
    logic bank;        // of the operand buffers, that holds this K-tile's dense operand
    logic psum_bank;   // of the partial sums
    logic first_tile;
    logic last_tile;
    logic last_group;  // of this K-tile
    logic single;
  } sibia_meta_t;

  // Outer products issued in every PEA in one cycle, by slice of the dense and of the sparse
  // operand, for counters and coverage.
  typedef struct packed {
    logic [2:0] hh;
    logic [2:0] hl;
    logic [3:0] lh;
    logic [3:0] ll;
    logic       straddle;    // operators work for two groups
  } sibia_event_t;

  // Sticky until reset.
  typedef struct packed {
    logic bad_cmd;   // k_len 0, groups 0 or too many
    logic index;     // a list of the sparse operand runs past its K-tile
  } sibia_err_t;

endpackage

`default_nettype wire
