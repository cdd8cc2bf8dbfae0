// SPDX-License-Identifier: Apache-2.0
// The packer keeps a list's entries in order: entry Nth, which may be any, is in the beat and the
// place that it belongs to. All beats of a list but its last hold BeatEntries entries, and the last
// one, which is marked, the rest.
`default_nettype none
`include "formal.svh"

module entry_packer_props
  import panacea_pkg::*;
#(
  parameter int MaxList = 60
) (
  input logic                     clk_i,
  input logic                     rst_ni,
  input logic                     valid_i,
  input logic                     last_i,
  input logic [2:0]               count_i,
  input logic [VecLen*EntryW-1:0] entries_i,
  input logic                     ready_i
);

  logic ready, valid;
  logic [BeatW-1:0] data;

  entry_packer i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .last_i,
    .count_i,
    .entries_i,
    .valid_o(valid),
    .ready_i,
    .data_o(data)
  );

  `FORMAL_RESET

  localparam int CntW = $clog2(MaxList + VecLen + 1);

  function automatic logic [EntryW-1:0] pick(input logic [BeatEntries*EntryW-1:0] list,
                                             input logic [CntW-1:0] at);
    pick = '0;
    for (int i = 0; i < BeatEntries; i++) if (at == CntW'(i)) pick = list[i*EntryW+:EntryW];
  endfunction

  // Nothing beyond the first entries.
  function automatic logic ends(input logic [BeatEntries*EntryW-1:0] list,
                                input logic [CntW-1:0] count);
    ends = 1'b1;
    for (int i = 0; i < BeatEntries; i++)
    if (CntW'(i) >= count && list[i*EntryW+:EntryW] != '0) ends = 1'b0;
  endfunction

  logic [CntW-1:0] nth_q;  // any, the same for ever
  logic [CntW-1:0] in_q, out_q, total_q;  // entries of the list in and out; of a complete list
  logic              last;
  logic [3:0]        beat_count;
  logic [EntryW-1:0] value_q, value, arriving, leaving, kept;
  logic take, fire;

  assign take       = valid_i && ready;
  assign fire       = valid && ready_i;
  assign last       = data[BeatEntries*EntryW+4];
  assign beat_count = data[BeatEntries*EntryW +: 4];
  assign arriving   = pick((BeatEntries*EntryW)'(entries_i), nth_q - in_q);
  assign leaving    = pick(data[BeatEntries*EntryW-1:0], nth_q - out_q);
  assign kept       = pick(i_dut.held_q, nth_q - out_q);
  // The entry, if it is in the beat: it came before, or comes now.
  assign value      = (i_dut.ended_q || nth_q < in_q) ? value_q : arriving;

  logic comes;
  assign comes = take && nth_q >= in_q && nth_q < in_q + CntW'(count_i);

  always_comb begin
    assume (count_i <= 3'd4);
    assume (ends((BeatEntries * EntryW)'(entries_i), CntW'(count_i)));
    assume (int'(in_q) + int'(count_i) <= MaxList);
  end

  always_ff @(posedge clk_i) begin
    nth_q <= nth_q;
    if (comes) value_q <= arriving;
    if (!rst_ni) begin
      in_q  <= '0;
      out_q <= '0;
    end else begin
      if (take) in_q <= last_i ? '0 : in_q + CntW'(count_i);
      if (take && last_i) total_q <= in_q + CntW'(count_i);
      if (fire) out_q <= last ? '0 : out_q + CntW'(beat_count);
    end
  end

  logic [CntW-1:0] held;  // entries held of the list that leaves
  assign held = i_dut.ended_q ? total_q - out_q : in_q - out_q;

  always_comb
    if (rst_ni) begin
      a_order :
      assert (!fire || nth_q < out_q || nth_q >= out_q + CntW'(beat_count) || leaving == value);
      a_full : assert (!fire || last || beat_count == 4'(BeatEntries));
      a_rest : assert (!fire || !last || out_q + CntW'(beat_count) == total_q);
      a_needed : assert (!fire || !last || beat_count != '0 || total_q == '0);
      a_beat : assert (!fire || beat_count <= 4'(BeatEntries));
      inv_held : assert (CntW'(i_dut.count_q) == held && held <= CntW'(BeatEntries));
      inv_some : assert (held != '0 || (i_dut.ended_q ? total_q : in_q) == '0);
      inv_out : assert (out_q <= (i_dut.ended_q ? total_q : in_q));
      inv_next : assert (!i_dut.ended_q || in_q == '0);
      inv_max : assert (int'(in_q) <= MaxList && (!i_dut.ended_q || int'(total_q) <= MaxList));
      inv_zero : assert (ends(i_dut.held_q, CntW'(i_dut.count_q)));
      inv_kept : assert (nth_q < out_q || nth_q >= out_q + held || kept == value_q);
      c_two : cover (fire && last && out_q == CntW'(BeatEntries) && beat_count == 4'd3);
      c_empty : cover (fire && last && out_q == '0 && beat_count == '0 && take);
      c_order : cover (fire && nth_q == out_q + 5 && leaving == 20'h12345);
    end

endmodule

`default_nettype wire
