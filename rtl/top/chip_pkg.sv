// SPDX-License-Identifier: Apache-2.0
// Descriptors, jobs and codes of the chip around the core. docs/programs.md describes what
// software sees of them.
`default_nettype none

package chip_pkg;

  import panacea_pkg::ApsqW;

  parameter int AddrW = 40;
  parameter int LineShift = 5;  // a line is a beat of 32 bytes
  parameter int LineAddrW = AddrW - LineShift;
  parameter int StrideW = 32 - LineShift;  // strides, in lines
  parameter int BusW = 256;
  parameter int DescBeats = 4;
  parameter int SeqW = 32;  // counts outputs, as many as descriptors
  parameter int PwlBeats = 16;  // 64 segments of 64 bits

  // One command of the core, or one pass of it; the lowest bits are word 0.
  typedef struct packed {
    logic [255:0] zero_24;
    logic [63:0]  y_table_low;
    logic [63:0]  y_table;
    logic [63:0]  y_addr_low;
    logic [63:0]  y_addr;
    logic [31:0]  zero_15;
    logic [31:0]  y_stride;
    logic [63:0]  par_addr;
    logic [63:0]  x_table;
    logic [63:0]  x_addr;
    logic [31:0]  x_stride;
    logic [15:0]  zero_6;
    logic [15:0]  x_segments;
    logic [63:0]  w_addr;
    logic [7:0]   zero_3;
    logic [23:0]  w_beats;
    logic [6:0]   zero_2;
    logic [ApsqW-1:0] apsq;
    logic [1:0]   y_slices;
    logic [1:0]   y_dbs;
    logic [3:0]   y_r;
    logic [7:0]   rows;
    logic [1:0]   zero_1;
    logic [1:0]   dbs;
    logic [3:0]   r;
    logic [7:0]   groups;
    logic [15:0]  k_len;
    logic [7:0]   zero_0;
    logic         raw;
    logic         new_pwl;
    logic         new_rows;
    logic         fence;
    logic         zero_19;
    logic         x_keep;
    logic         x_play;
    logic         x_load;
    logic         wgt_dense;
    logic         w_keep;
    logic         w_play;
    logic         w_load;
    logic         act_up;
    logic         wgt_up;
    logic         more;
    logic         dtp;
    logic [7:0]   kind;
  } descriptor_t;

  parameter logic [7:0] KindTile = 8'd1;

  // Why a descriptor is refused: the detail of ErrBadDescriptor.
  parameter logic [3:0] BadNothing = 4'd0;
  parameter logic [3:0] BadKind = 4'd1;  // kind, or a reserved bit
  parameter logic [3:0] BadKLen = 4'd2;
  parameter logic [3:0] BadGroups = 4'd3;
  parameter logic [3:0] BadDbs = 4'd4;
  parameter logic [3:0] BadAddress = 4'd5;  // alignment, or beyond 40 bits
  parameter logic [3:0] BadBlock = 4'd6;  // load, play, keep do not go together
  parameter logic [3:0] BadRows = 4'd7;
  parameter logic [3:0] BadOutput = 4'd8;  // y_slices, y_dbs
  parameter logic [3:0] BadPass = 4'd9;  // differs from the pass before
  parameter logic [3:0] BadEnd = 4'd10;  // the program ends between two passes, or steps
  parameter logic [3:0] BadApsq = 4'd11;  // exponent, or bits of what is not on

  // What a corrupt stream showed itself by: the detail of ErrCorruptStream.
  parameter logic [2:0] StreamChunk = 3'd1;  // a weight block's headers and beats disagree
  parameter logic [2:0] StreamTable = 3'd2;  // a segment's length
  parameter logic [2:0] StreamWeights = 3'd3;  // a weight block ends inside a command
  parameter logic [2:0] StreamActs = 3'd4;  // an activation block does
  parameter logic [2:0] StreamUnplayed = 3'd5;  // blocks not played to their end

  typedef struct packed {
    logic [LineAddrW-1:0] line;
    logic [23:0]          beats;
  } weight_job_t;

  typedef struct packed {
    logic [LineAddrW-1:0] table_line;
    logic [LineAddrW-1:0] line;
    logic [StrideW-1:0]   stride;
    logic [15:0]          segments;
    logic                 fence;
    logic [SeqW-1:0]      seq;                     // outputs of earlier descriptors
  } act_job_t;

  typedef struct packed {
    logic [LineAddrW-1:0] line;
    logic                 dtp;
    logic                 new_rows;
    logic                 new_pwl;
    logic                 gives;                   // results follow: the PPU gets its command
    logic [27:0]          ppu_cmd;
  } param_job_t;

  typedef struct packed {
    logic w_play;
    logic w_keep;
    logic x_play;
    logic x_keep;
  } play_t;

  typedef struct packed {
    logic [31:0]          desc;                    // number of the descriptor
    logic [LineAddrW-1:0] line_low;
    logic [LineAddrW-1:0] line;
    logic [StrideW-1:0]   stride;
    logic [AddrW-2:0]     table_low;               // addresses / 2
    logic [AddrW-2:0]     table_addr;
    logic [7:0]           groups;
    logic                 two_tiles;               // packets of two tiles
    logic                 wide;                    // packets of two parts
    logic                 raw;
  } output_job_t;

  // Whose data a read request brings.
  parameter int TagW = 3;
  parameter logic [TagW-1:0] TagDesc = 3'd0;
  parameter logic [TagW-1:0] TagParam = 3'd1;
  parameter logic [TagW-1:0] TagTable = 3'd2;
  parameter logic [TagW-1:0] TagAct = 3'd3;
  parameter logic [TagW-1:0] TagActLast = 3'd4;  // the last segment of a block
  parameter logic [TagW-1:0] TagWeight = 3'd5;

  typedef struct packed {
    logic [TagW-1:0]      tag;
    logic [15:0]          beats;
    logic [LineAddrW-1:0] line;
  } read_req_t;

endpackage

`default_nettype wire
