// SPDX-License-Identifier: Apache-2.0
// Every pass plays the block at the front once, from its first entry to its last; a kept block
// stays for the next pass, all others are freed; nothing is lost, repeated or out of order.
`default_nettype none
`include "formal.svh"

module replay_fifo_props #(
  parameter int Width = 2,
  parameter int Depth = 4,
  localparam int AddrW     = $clog2(Depth),
  localparam int MaxBlocks = 2
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             last_i,
  input logic [Width-1:0] data_i,
  input logic             pass_valid_i,
  input logic             pass_keep_i,
  input logic             ready_i
);

  typedef logic [AddrW:0] ptr_t;  // entries written, modulo 2 Depth

  logic ready, pass_ready, valid, last, held, playing, error;
  logic [Width-1:0] data;
  ptr_t             used;

  replay_fifo #(
    .Width(Width),
    .Depth(Depth),
    .MaxBlocks(MaxBlocks)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .last_i,
    .data_i,
    .pass_valid_i,
    .pass_ready_o(pass_ready),
    .pass_keep_i,
    .valid_o(valid),
    .ready_i,
    .last_o(last),
    .data_o(data),
    .used_o(used),
    .held_o(held),
    .playing_o(playing),
    .error_o(error)
  );

  `FORMAL_RESET

  // Kept blocks fit; what happens to one that does not is the unit bench's.
  always_comb if (rst_ni) assume (!error);
  // Nothing is written while the pointers are not reset yet.
  always_comb if (!rst_ni) assume (!valid_i);

  // Entries as they were written; where the block at the front begins, the next entry to be read in
  // the pass under way, and what was read last. The passes are in a queue that is proven elsewhere.
  logic [Width:0] entry[Depth];
  logic [Width:0] next_entry, read_q;
  ptr_t wr_q, front_q, at_q;
  logic push, step, keep, ends, read_valid_q;
  logic freeing_q;  // in a pass that frees, behind its first entry

  assign push = valid_i && ready;
  assign step = i_dut.fetch;
  assign keep = i_dut.pass_keep;
  assign next_entry = entry[at_q[AddrW-1:0]];
  assign ends = next_entry[Width];

  always_ff @(posedge clk_i) begin
    if (push) entry[wr_q[AddrW-1:0]] <= {last_i, data_i};
    if (step) read_q <= next_entry;
    if (!rst_ni) begin
      {wr_q, front_q, at_q, read_valid_q, freeing_q} <= '0;
    end else begin
      wr_q         <= wr_q + ptr_t'(push);
      read_valid_q <= step || (read_valid_q && !ready_i);
      if (step) begin
        at_q      <= ends && keep ? front_q : at_q + 1'b1;
        freeing_q <= !keep && !ends;
        if (ends && !keep) front_q <= at_q + 1'b1;
      end
    end
  end

  // Held entries: the RAM has them; a block ends exactly where an end is noted.
  ptr_t base, end_0, end_1, ahead;
  logic [1:0]       count;
  logic             slot;
  logic [Depth-1:0] same, noted;
  assign base  = i_dut.base_q;
  assign ahead = at_q - base;
  assign count = i_dut.i_ends.count_q;
  assign slot  = i_dut.i_ends.rd_q;
  assign end_0 = i_dut.i_ends.mem[slot] - base;
  assign end_1 = i_dut.i_ends.mem[!slot] - base;
  for (genvar i = 0; i < Depth; i++) begin : gen_held
    ptr_t                   place;
    logic [AddrW-1:0]       index;
    assign place    = ptr_t'(i);
    assign index    = base[AddrW-1:0] + AddrW'(i);
    assign same[i]  = place >= used || i_dut.i_ram.mem[index] == entry[index][Width-1:0];
    assign noted[i] = place >= used || entry[index][Width] == ((count != '0 && place == end_0)
                                                             || (count == 2'd2 && place == end_1));
  end

  logic [Width-1:0] again_q;
  always_ff @(posedge clk_i) if (valid) again_q <= data;

  always_comb
    if (rst_ni) begin
      a_order : assert (!valid || {last, data} == read_q);
      a_all : assert (valid == read_valid_q);
      a_there : assert (!step || (i_dut.pass_valid && at_q != wr_q));
      a_waits : assert (step || !i_dut.pass_valid || at_q == wr_q || (valid && !ready_i));
      a_room : assert (ready == (int'(used) != Depth && count != 2'd2));
      a_freed : assert (used == ptr_t'(wr_q - (freeing_q ? at_q : front_q)));
      a_kept : assert (!freeing_q || (i_dut.pass_valid && !keep));
      inv_ptr : assert (i_dut.wr_q == wr_q && i_dut.rd_q == at_q && int'(used) <= Depth);
      inv_base : assert (base == (freeing_q ? at_q : front_q) && !i_dut.dropped_q);
      inv_at : assert (ahead <= used && (at_q == base || (i_dut.pass_valid && keep)));
      inv_end : assert (count == '0 || (ahead <= end_0 && end_0 < used));
      inv_ends : assert (count != 2'd2 || (end_0 < end_1 && end_1 < used));
      inv_noted : assert (&noted && count <= 2'd2 && i_dut.i_ends.wr_q == (slot ^ count[0]));
      inv_same : assert (&same);
      inv_pass :
      assert (i_dut.i_passes.count_q <= 2'd2
                       && i_dut.i_passes.wr_q == (i_dut.i_passes.rd_q
                                                  ^ i_dut.i_passes.count_q[0]));
      c_replay : cover (step && ends && keep && ahead == ptr_t'(2) && used == ptr_t'(4));
      c_second : cover (valid && last && ready_i && front_q == ptr_t'(2) && data != again_q);
      c_full : cover (int'(used) == Depth && valid_i && count == '0 && freeing_q);
      c_wrap : cover (step && at_q < front_q);
    end

  payload_check #(
    .Width(Width + 1)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(valid),
    .ready_i,
    .data_i({last, data})
  );

endmodule

`default_nettype wire
