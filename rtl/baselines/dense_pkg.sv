// SPDX-License-Identifier: Apache-2.0
// Types and sizes shared by the dense baselines. Operands are bytes: signed weights, unsigned
// activations.
`default_nettype none

package dense_pkg;

  parameter int WeightW = 8;
  parameter int ActW = 8;
  parameter int ProdW = 16;  // signed 8 bit x unsigned 8 bit: -32640 to 32385
  parameter int AccW = 32;  // partial sums, modulo 2^32
  parameter int CodeW = 8;  // APSQ: quantised partial sums
  parameter int Banks = 4;  // of them, in the place of a partial sum
  parameter int WordK = 4;  // positions of K in a word of the weight memory

  // Words in each half of a memory.
  parameter int WeightDepth = 512;
  parameter int ActDepth = 768;
  parameter int PsumDepth = 256;
  parameter int BiasDepth = 32;  // in each of four banks

  // Which operand moves through the array, and which result.
  parameter int Simd = 0;  // lanes of four-element dot products
  parameter int SaOs = 1;  // systolic array, output stationary
  parameter int SaWs = 2;  // systolic array, weight stationary

  // APSQ of a block (SA-WS): each of its tiles is a step, whose sums are quantised.
  typedef struct packed {
    logic [4:0] exponent;  // of the steps' scale 2^exponent, 0 to 24
    logic [1:0] gs;        // group size less 1
    logic       on;        // 0: exact, and all other bits are 0; 1: `rows` is 1
  } block_apsq_t;

  // One block: some K for some rows and columns. `first` and `last` mark the first and the last
  // block of K for its outputs.
  typedef struct packed {
    block_apsq_t apsq;
    logic       first;
    logic       last;
    logic [3:0] rows;   // row tiles, 1 to 8
    logic [6:0] tiles;  // tiles in a row tile: along N, or along K (SA-WS)
    logic [9:0] steps;  // steps of a tile: along K, or along N (SA-WS)
    logic [7:0] cols;   // columns that are results
  } block_t;

  // A block and the stream words of its operands; one that has none is that of the block before.
  typedef struct packed {
    block_t      block;
    logic [10:0] w_words;
    logic [9:0]  x_words;
  } block_cmd_t;

  // A block whose operands are in the memories: where.
  typedef struct packed {
    block_t     block;
    logic       w_half;
    logic       x_half;
    logic [1:0] b_bank;
  } loaded_t;

  // Outputs that are complete.
  typedef struct packed {
    logic [3:0] rows;
    logic [7:0] cols;
    logic [7:0] stride;    // words from one row tile to the next, less one
    logic       half;
    logic [1:0] b_bank;
  } output_t;

  // What psum_path does with the sums of a tile.
  typedef struct packed {
    logic [19:0] exponents;  // of the codes in the four banks
    logic [3:0]  used;       // banks whose codes are added
    logic [1:0]  bank;       // where the new codes go
    logic [4:0]  exponent;   // theirs
    logic        gives;      // not as codes: as the values that they stand for
    logic        on;         // 0: sums stay exact
  } step_t;

  // A weight times an activation.
  function automatic logic signed [ProdW-1:0] product(input logic [WeightW-1:0] w,
                                                      input logic [ActW-1:0] x);
    product = ProdW'($signed(w)) * ProdW'($signed({1'b0, x}));
  endfunction

endpackage

`default_nettype wire
