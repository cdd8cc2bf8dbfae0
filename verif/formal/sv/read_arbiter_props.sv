// SPDX-License-Identifier: Apache-2.0
// One request goes on at a time, unchanged, and whose it was is told; the bus is not left idle. Of
// two that both wait, activations and weights, neither is passed over twice.
`default_nettype none
`include "formal.svh"

module read_arbiter_props
  import chip_pkg::*;
#(
  localparam int Sources = 4,
  localparam int ReqW    = $bits(read_req_t)
) (
  input logic                         clk_i,
  input logic                         rst_ni,
  input logic [Sources-1:0]           valid_i,
  input logic [Sources-1:0][ReqW-1:0] req_i,
  input logic                         ready_i
);

  logic [Sources-1:0] ready;
  logic               valid;
  logic [ReqW-1:0]    req;

  read_arbiter i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .req_i(req_i),
    .valid_o(valid),
    .ready_i,
    .req_o(req)
  );

  `FORMAL_RESET

  logic [Sources-1:0] taken;
  logic [Sources-1:0] passed_q;    // waits, and one of its kind went before it
  assign taken = valid_i & ready;
  always_ff @(posedge clk_i) begin
    passed_q[1:0] <= '0;
    passed_q[2]   <= rst_ni && valid_i[2] && !taken[2] && (passed_q[2] || taken[3]);
    passed_q[3]   <= rst_ni && valid_i[3] && !taken[3] && (passed_q[3] || taken[2]);
  end

  logic [Sources-1:0] same;
  for (genvar s = 0; s < Sources; s++) begin : gen_source
    assign same[s] = !ready[s] || req == req_i[s];
  end

  always_comb
    if (rst_ni) begin
      a_one : assert ((ready & (ready - 1'b1)) == '0);
      a_valid : assert (valid == (valid_i != '0) && (ready & ~valid_i) == '0);
      a_taken : assert (!(valid && ready_i) || ready != '0);
      a_same : assert (&same);
      a_short : assert (!(ready_i && valid_i[0]) || ready[0]);
      a_fair :
      assert (!(passed_q[2] && valid_i[2] && taken[3]) && !(passed_q[3] && valid_i[3] && taken[2]));
      inv_turn :
      assert ((!passed_q[2] || !i_dut.weights_next_q) && (!passed_q[3] || i_dut.weights_next_q));
      c_weights : cover (passed_q[3] && taken[3]);
      c_acts : cover (passed_q[2] && taken[2]);
      c_short : cover (taken[1] && valid_i == 4'b1110);
    end

endmodule

`default_nettype wire
