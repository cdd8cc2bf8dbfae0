// SPDX-License-Identifier: Apache-2.0
// Constants and types shared by all blocks of the AQS-GEMM core.
//
// Widths that the paper fixes (4-bit slices, vectors of four, 4-bit run lengths) are constants;
// what may be scaled (operators, tiles, buffer depths) is a parameter of each module.
`default_nettype none

package panacea_pkg;

  parameter int SliceW = 4;  // bits of one slice
  parameter int VecLen = 4;  // v: slices in a slice-vector
  parameter int VecW = VecLen * SliceW;  // bits of one slice-vector
  parameter int QuadW = 4 * VecW;  // four slice-vectors of consecutive k
  parameter int IndexW = 4;  // RLE index: 0 to 15 skipped vectors
  parameter int EntryW = IndexW + VecW;  // stored HO vector with its index
  parameter int WordW = 64;  // weight stream
  parameter int WordVecs = WordW / VecW;  // LO vectors in one weight word, or dense HO vectors
  parameter int WordEntries = 3;  // HO entries in one weight word
  parameter int BeatW = 256;  // activation stream
  parameter int BeatVecs = BeatW / VecW;  // LO vectors in one activation beat
  parameter int BeatEntries = 12;  // HO entries in one activation beat
  parameter int BlockLen = VecLen * VecLen;  // elements of a 4x4 output block
  parameter int ProdW = 2 * SliceW;  // signed x unsigned 4b x 4b product
  parameter int CompW = 26;  // sum of up to 2^16 weights of up to 10 bits
  parameter int PsumW = 32;  // partial sums, modulo 2^32
  parameter int ShiftW = 3;  // shift of a pass, 0 to 7
  parameter int QsumW = 8;  // APSQ: a quantised partial sum
  parameter int ExpW = 5;  // its exponent
  parameter int ExpMax = 24;  // largest one: 2^24 times a code fits PsumW
  parameter int MaxGs = 4;  // largest group size

  // APSQ, additive partial sum quantisation: the command is one step of an output tile, and its
  // sums are quantised. All steps of a tile agree in `on` and `gs`.
  typedef struct packed {
    logic [ExpW-1:0] exponent;  // the step's scale is 2^exponent, 0 to ExpMax
    logic            last;      // the tile's last step, which gives the results
    logic [1:0]      gs;        // group size less 1
    logic            on;        // 0: exact, and all other bits are 0
  } apsq_t;

  parameter int ApsqW = 9;

  function automatic logic apsq_legal(input logic [ApsqW-1:0] bits);
    apsq_t apsq;
    apsq = bits;
    return apsq.on ? apsq.exponent <= ExpW'(ExpMax) : {apsq.exponent, apsq.last, apsq.gs} == '0;
  endfunction

  // One output tile: all of K for one M tile (two under DTP) and one N tile; one pass over it; or,
  // under APSQ, one step of it, of one pass or several. Passes and steps of the same outputs agree
  // in groups and dtp; only the last pass of an output or of a step has no `more`.
  typedef struct packed {
    logic        wgt_dense;  // dense HO lists of weights, not run-length coded
    apsq_t       apsq;
    logic        act_up;  // activations of this pass count 16-fold; dbs is 1
    logic        wgt_up;  // weights of this pass count 8-fold
    logic        more;    // another pass for the same outputs follows: no results yet
    logic [15:0] k_len;   // K of this pass, 1 to 65535
    logic [7:0]  groups;  // column groups, 1 to TileN / 4
    logic [1:0]  dbs;     // DBS type, 1 to 3; the LO slice has l = 3 + dbs bits
    logic [3:0]  r;       // frequent HO activation slice
    logic        dtp;     // two weight sub-tiles for every PEA
  } cmd_t;

  // What a PEA needs to know about one column group of one K-tile.
  typedef struct packed {
    logic [7:0]        group;       // column group inside the N tile
    logic [7:0]        quads;       // ceil(kt / 4), the LO quads of this K-tile
    logic              bank;        // WBUF bank that holds this K-tile's weights
    logic [1:0]        cmd_id;      // output tile's number modulo 4
    logic              first_tile;  // first K-tile of the first pass
    logic              last_tile;   // last K-tile of the last pass
    logic              last_group;  // last column group of this K-tile
    logic [ShiftW-1:0] shift;       // of the products' sums: l - 4 + 3 wgt_up + 4 act_up
    logic              wgt_up;      // sums for the compensation count 8-fold
    logic              dtp;
  } group_meta_t;

  // What a PEA does in one cycle, for counters and coverage.
  typedef struct packed {
    logic [3:0] hh;        // outer products issued, by kind
    logic [3:0] hl;
    logic [3:0] lh;
    logic [1:0] ll_swo;    // LL quads issued to SWOs
    logic [3:0] ll_dwo;    // LL products issued to idle DWOs, or to pooled operators
    logic       straddle_d;  // DWOs, or pooled operators, work on two destinations
    logic       straddle_l;  // LL quads go to two destinations
    logic       flush_wait;  // a DWO flush waits for the static flush of the same tile
  } pea_event_t;

  // A group may add to its partial sums: not in an output's first K-tile before the results of
  // the output before it have left, up to group at_group of output at_cmd.
  function automatic logic psum_free(input group_meta_t meta, input logic [1:0] at_cmd,
                                     input logic [7:0] at_group);
    return !meta.first_tile || (meta.cmd_id == at_cmd) ||
           (meta.cmd_id == at_cmd + 2'd1 && meta.group < at_group);
  endfunction

  // Sticky until reset.
  typedef struct packed {
    logic bad_cmd;     // k_len or dbs 0, groups 0 or too many, bad apsq, or passes that do not fit
    logic act_index;   // an activation list runs past its K-tile
    logic wgt_index;   // a weight list runs past its K-tile
  } core_err_t;

endpackage

`default_nettype wire
