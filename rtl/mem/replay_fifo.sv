// SPDX-License-Identifier: Apache-2.0
// FIFO of *blocks* on a RAM, that can play a block several times before it lets go of it.
//
// The writer marks the last entry of each block. The reader asks for *passes*: a pass plays the
// block at the front once, from its first entry to its last. `pass_keep_i` leaves the block in
// place, for the next pass; otherwise every entry is freed as it is read, and the block after it
// comes to the front. A freed pass may start before the block is complete, so a block that is
// played once may be longer than the memory. A kept block may not: when the memory is full of
// one, `error_o` pulses and the pass goes on as if it were not kept.
//
// One entry a cycle on both sides, also across passes and blocks. Two cycles from write to read.
// At most MaxBlocks complete blocks are held. `ready_i` reaches the RAM's read enable.
`default_nettype none
`include "assert.svh"

module replay_fifo #(
  parameter int Width     = 64,
  parameter int Depth     = 1024,  // a power of two
  parameter int MaxBlocks = 8,
  localparam int AddrW = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             valid_i,
  output logic             ready_o,
  input  logic             last_i,
  input  logic [Width-1:0] data_i,
  input  logic             pass_valid_i,
  output logic             pass_ready_o,
  input  logic             pass_keep_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic             last_o,
  output logic [Width-1:0] data_o,
  output logic [AddrW:0]   used_o,     // entries held
  output logic             held_o,     // nothing is freed before the block played is complete
  output logic             playing_o,  // a pass is asked for or not over
  output logic             error_o     // a kept block does not fit
);

  // Pointers count entries modulo 2 * Depth. From oldest to newest: base (first entry held),
  // rd (next to be read), wr (next to be written).
  logic [AddrW:0] base_q, rd_q, wr_q, end_ptr;
  logic push, full, fetch, fetch_last, end_valid, end_ready, valid_q, last_q;
  logic pass_valid, pass_keep, keep, dropped_q, too_long;

  assign used_o  = wr_q - base_q;
  assign full    = used_o == (AddrW+1)'(Depth);
  assign ready_o = !full && end_ready;
  assign push    = valid_i && ready_o;

  stream_fifo #(
    .Width(1),
    .Depth(2)
  ) i_passes (
    .clk_i,
    .rst_ni,
    .valid_i (pass_valid_i),
    .ready_o (pass_ready_o),
    .data_i  (pass_keep_i),
    .valid_o (pass_valid),
    .ready_i (fetch && fetch_last),
    .data_o  (pass_keep)
  );

  // Where the complete blocks end. No end is known while the front block is still being written.
  stream_fifo #(
    .Width(AddrW + 1),
    .Depth(MaxBlocks)
  ) i_ends (
    .clk_i,
    .rst_ni,
    .valid_i (push && last_i),
    .ready_o (end_ready),
    .data_i  (wr_q),
    .valid_o (end_valid),
    .ready_i (fetch && fetch_last && !keep),
    .data_o  (end_ptr)
  );

  // Full, and the front block's end is not among the entries held: all of them are its own.
  assign too_long   = pass_valid && keep && full && !end_valid;
  assign error_o    = too_long;
  assign held_o     = pass_valid && keep && !end_valid;
  assign playing_o  = pass_valid || valid_q;
  assign keep       = pass_keep && !dropped_q;
  assign fetch      = pass_valid && rd_q != wr_q && (!valid_q || ready_i);
  assign fetch_last = end_valid && rd_q == end_ptr;

  ram_1r1w #(
    .Width(Width),
    .Depth(Depth)
  ) i_ram (
    .clk_i,
    .wr_en_i   (push),
    .wr_addr_i (wr_q[AddrW-1:0]),
    .wr_data_i (data_i),
    .rd_en_i   (fetch),
    .rd_addr_i (rd_q[AddrW-1:0]),
    .rd_data_o (data_o)
  );

  assign valid_o = valid_q;
  assign last_o  = last_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      base_q    <= '0;
      rd_q      <= '0;
      wr_q      <= '0;
      valid_q   <= 1'b0;
      last_q    <= 1'b0;
      dropped_q <= 1'b0;
    end else begin
      if (push) wr_q <= wr_q + 1'b1;
      if (fetch) begin
        rd_q   <= (fetch_last && keep) ? base_q : rd_q + 1'b1;
        last_q <= fetch_last;
      end
      if (fetch && !keep) base_q <= rd_q + 1'b1;
      else if (too_long) base_q <= rd_q;
      if (fetch || ready_i) valid_q <= fetch;
      if (fetch && fetch_last) dropped_q <= 1'b0;
      else if (too_long) dropped_q <= 1'b1;
    end
  end

  `PANACEA_ASSERT(used_o <= (AddrW + 1)'(Depth), "more entries than the memory has")
  `PANACEA_ASSERT((AddrW + 1)'(rd_q - base_q) <= used_o, "the read pointer left the entries held")
  `PANACEA_ASSERT((Depth & (Depth - 1)) == 0, "Depth is not a power of two")

endmodule

`default_nettype wire
