// SPDX-License-Identifier: Apache-2.0
// What goes into a FIFO comes out, once, in order, and waits there unchanged.
`default_nettype none
`include "formal.svh"

module stream_fifo_props #(
  parameter int Width = 4,
  parameter int Depth = 3
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             valid_i,
  input logic             ready_i,
  input logic [Width-1:0] data_i
);

  logic ready, valid;
  logic [Width-1:0] data;

  stream_fifo #(
    .Width(Width),
    .Depth(Depth)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .data_i,
    .valid_o(valid),
    .ready_i,
    .data_o(data)
  );

  `FORMAL_RESET

  // The entries held, the oldest at place 0, as a queue that is as plain as can be.
  logic [Width-1:0] queue_q [Depth];
  int               held_q;
  logic push, pop;

  assign push = valid_i && ready;
  assign pop  = valid && ready_i;

  always_ff @(posedge clk_i) begin
    if (pop) for (int i = 0; i < Depth - 1; i++) queue_q[i] <= queue_q[i+1];
    if (push) queue_q[held_q-int'(pop)] <= data_i;
    held_q <= !rst_ni ? 0 : held_q + int'(push) - int'(pop);
  end

  always_comb
    if (rst_ni) begin
      a_room : assert (ready == (held_q != Depth));
      a_some : assert (valid == (held_q != 0));
      a_order : assert (!valid || data == queue_q[0]);
    end

  // Invariant: the memory, from the read pointer on, is the queue.
  logic [Depth-1:0] same;
  for (genvar i = 0; i < Depth; i++) begin : gen_same
    assign same[i] = i >= held_q || i_dut.mem[(int'(i_dut.rd_q)+i)%Depth] == queue_q[i];
  end

  always_comb
    if (rst_ni) begin
      inv_count : assert (held_q >= 0 && held_q <= Depth && int'(i_dut.count_q) == held_q);
      inv_rd : assert (int'(i_dut.rd_q) < Depth);
      inv_wr : assert (int'(i_dut.wr_q) == (int'(i_dut.rd_q) + held_q) % Depth);
      inv_held : assert (&same);
    end

  // A waiting entry is neither withdrawn nor changed.
  payload_check #(
    .Width(Width)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(valid),
    .ready_i,
    .data_i(data)
  );

  logic was_full_q;
  always_ff @(posedge clk_i) was_full_q <= rst_ni && (was_full_q || !ready);

  always_comb
    if (rst_ni) begin
      c_full : cover (held_q == Depth && valid_i);
      c_both : cover (push && pop);
      c_drain : cover (was_full_q && !valid);
      c_stall : cover (valid && !ready_i && i_stable.waits_q);
    end

endmodule

`default_nettype wire
