// SPDX-License-Identifier: Apache-2.0
// Every pass plays the block at the front once, from its first entry to its last; a kept block
// stays for the next pass, all others are freed; nothing is lost, repeated or out of order.
`default_nettype none
`include "formal.svh"

module replay_fifo_props #(
  parameter int Width = 2,
  parameter int Depth = 4,
  parameter int Bound = 16,            // cycles of the proof
  localparam int CntW = $clog2(Bound + 1)
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

  logic ready, pass_ready, valid, last, held, playing, error;
  logic [Width-1:0]       data;
  logic [$clog2(Depth):0] used;

  replay_fifo #(
    .Width(Width),
    .Depth(Depth),
    .MaxBlocks(2)
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

  `FORMAL_ONE_RESET

  // Kept blocks fit; what happens to one that does not is the unit bench's.
  always_comb if (rst_ni) assume (!error);
  // Nothing is written while the pointers are not reset yet.
  always_comb if (!rst_ni) assume (!valid_i);

  // All that was ever written, and all passes that were ever asked for.
  logic [Width:0]  entry [Bound];
  logic [Bound-1:0] keep_q;
  logic [CntW-1:0] wr_q, rd_q, first_q, asked_q, played_q;
  logic push, pop, ask;
  logic [Width:0] expected;

  assign push     = valid_i && ready;
  assign pop      = valid && ready_i;
  assign ask      = pass_valid_i && pass_ready;
  assign expected = entry[rd_q];

  always_ff @(posedge clk_i) begin
    if (push) entry[wr_q] <= {last_i, data_i};
    if (ask) keep_q[asked_q] <= pass_keep_i;
    if (!rst_ni) {wr_q, rd_q, first_q, asked_q, played_q} <= '0;
    else begin
      wr_q     <= wr_q + CntW'(push);
      asked_q  <= asked_q + CntW'(ask);
      if (pop) begin
        played_q <= played_q + CntW'(last);
        rd_q     <= last && keep_q[played_q] ? first_q : rd_q + 1'b1;
        if (last && !keep_q[played_q]) first_q <= rd_q + 1'b1;
      end
    end
  end

  logic [Width-1:0] again_q;
  always_ff @(posedge clk_i) again_q <= data;

  always_comb
    if (rst_ni) begin
      a_order : assert (!valid || {last, data} == expected);
      a_there : assert (!valid || (rd_q < wr_q && played_q < asked_q));
      a_used : assert (int'(used) <= Depth && int'(used) <= int'(wr_q));
      c_replay : cover (pop && last && played_q == CntW'(2) && first_q == '0 && data != again_q);
      c_second : cover (pop && first_q == CntW'(2) && keep_q[1:0] == 2'b01);
      c_full : cover (int'(used) == Depth && valid_i);
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
