// SPDX-License-Identifier: Apache-2.0
// An entry of the partial-sum buffer holds the sum of its updates since it was last read, modulo
// 2^OutW; as CSBUF it holds the sum itself for every K that a command may have. Seen at one
// address, which may be any.
`default_nettype none
`include "formal.svh"

module psum_buffer_props #(
  parameter int Depth   = 4,
  parameter int InW     = 29,
  parameter int OutW    = 32,
  parameter int Exact   = 0,       // as CSBUF: contributions are sums of weights
  parameter int MaxK    = 65535,
  parameter int Lowest  = -512,    // weight of 10 bits
  parameter int Highest = 511,
  localparam int AddrW = $clog2(Depth),
  localparam int WideW = OutW + 4
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic                  upd_valid_i,
  input logic [AddrW-1:0]      upd_addr_i,
  input logic signed [InW-1:0] upd_data_i,
  input logic signed [InW-1:0] upd_least_i,   // that it can be, given how many weights it holds
  input logic signed [InW-1:0] upd_most_i,
  input logic                  rd_valid_i,
  input logic [AddrW-1:0]      rd_addr_i
);

  logic            rd_ready;
  logic [OutW-1:0] rd_data;

  psum_buffer #(
    .Depth(Depth),
    .Len(1),
    .InW(InW),
    .OutW(OutW)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .upd_valid_i,
    .upd_addr_i,
    .upd_data_i(upd_data_i),  // signed here
    .rd_valid_i,
    .rd_ready_o(rd_ready),
    .rd_addr_i,
    .rd_data_o(rd_data)
  );

  `FORMAL_RESET

  typedef logic signed [WideW-1:0] wide_t;

  logic [AddrW-1:0] addr_q;  // any, the same for ever
  wide_t sum_q, out_q, least_q, most_q;
  logic update, taken, taken_q;

  assign update = upd_valid_i && upd_addr_i == addr_q;
  assign taken  = rd_valid_i && rd_ready && rd_addr_i == addr_q;

  always_ff @(posedge clk_i) begin
    addr_q  <= addr_q;
    taken_q <= rst_ni && taken;
    out_q   <= sum_q;
    if (!rst_ni || taken) begin
      sum_q   <= '0;
      least_q <= '0;
      most_q  <= '0;
    end else if (update) begin
      sum_q   <= sum_q + wide_t'(upd_data_i);
      least_q <= least_q + wide_t'(upd_least_i);
      most_q  <= most_q + wide_t'(upd_most_i);
    end
  end

  // As CSBUF: all updates together are sums of at most MaxK weights.
  localparam wide_t Least = wide_t'(Lowest * MaxK);
  localparam wide_t Most = wide_t'(Highest * MaxK);
  if (Exact != 0) begin : gen_weights
    always_comb begin
      assume (upd_data_i >= upd_least_i && upd_data_i <= upd_most_i);
      assume (upd_least_i <= 0 && upd_most_i >= 0);
      if (update) assume (least_q + wide_t'(upd_least_i) >= Least);
      if (update) assume (most_q + wide_t'(upd_most_i) <= Most);
    end
  end

  always_comb
    if (rst_ni) begin
      a_modulo : assert (!taken_q || rd_data == out_q[OutW-1:0]);
      a_exact : assert (Exact == 0 || !taken_q || wide_t'($signed(rd_data)) == out_q);
      a_port : assert (rd_ready == !upd_valid_i);
      inv_held :
      assert (i_dut.fresh_q[addr_q] ? sum_q == '0 : i_dut.mem[addr_q] == sum_q[OutW-1:0]);
      inv_range :
      assert (Exact == 0 || (sum_q >= least_q && sum_q <= most_q && least_q >= Least
                         && most_q <= Most && least_q <= 0 && most_q >= 0));
      c_again : cover (taken_q && out_q > 100 && sum_q == '0);
      c_far : cover (Exact == 0 || (sum_q == least_q && sum_q < wide_t'(100 * Lowest)));
      c_empty : cover (taken_q && out_q == '0);
    end

endmodule

`default_nettype wire
