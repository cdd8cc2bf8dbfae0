// SPDX-License-Identifier: Apache-2.0
// Collects up to four entries a cycle into beats of BeatEntries. A full beat waits until another
// entry follows or the list ends, because its last flag depends on that; the end of a list is
// therefore sent one cycle after it came, which then may already bring the next list's entries.
// An empty list gives one beat without entries.
`default_nettype none

module entry_packer
  import panacea_pkg::*;
(
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     valid_i,
  output logic                     ready_o,
  input  logic                     last_i,
  input  logic [2:0]               count_i,
  input  logic [VecLen*EntryW-1:0] entries_i,   // zero beyond the count
  output logic                     valid_o,
  input  logic                     ready_i,
  output logic [BeatW-1:0]         data_o       // HO beat of the activation stream
);

  localparam int HeldW = BeatEntries * EntryW;
  localparam int BothW = HeldW + VecLen * EntryW;

  logic [HeldW-1:0] held_q;                     // zero beyond its count
  logic [3:0]       count_q;
  logic             ended_q;                    // the list is complete
  logic [4:0]       total;
  logic [BothW-1:0] both;
  logic full, take;

  assign total = 5'(count_q) + 5'(count_i);
  assign both  = BothW'(held_q) | (BothW'(entries_i) << (EntryW * count_q));
  assign full  = !ended_q && valid_i && total > 5'(BeatEntries);

  assign valid_o = ended_q || full;
  assign ready_o = ready_i;
  assign take    = valid_i && ready_i;
  assign data_o  = {(BeatW-HeldW-5)'(0), ended_q,
                    full ? 4'(BeatEntries) : count_q, ended_q ? held_q : both[HeldW-1:0]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      held_q  <= '0;
      count_q <= '0;
      ended_q <= 1'b0;
    end else if (ended_q && ready_i) begin
      held_q  <= take ? HeldW'(entries_i) : '0;
      count_q <= take ? 4'(count_i) : '0;
      ended_q <= take && last_i;
    end else if (take) begin
      held_q  <= full ? HeldW'(both[BothW-1:HeldW]) : both[HeldW-1:0];
      count_q <= full ? 4'(total - 5'(BeatEntries)) : 4'(total);
      ended_q <= last_i;
    end
  end

endmodule

`default_nettype wire
