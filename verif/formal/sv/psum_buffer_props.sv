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
  parameter int Exact   = 0,       // contributions are sums of weights, see below
  parameter int TileK   = 64,
  parameter int MaxK    = 65535,
  parameter int Lowest  = -512,    // weight of 10 bits
  parameter int Highest = 511,
  localparam int AddrW = $clog2(Depth)
) (
  input logic                  clk_i,
  input logic                  rst_ni,
  input logic                  upd_valid_i,
  input logic [AddrW-1:0]      upd_addr_i,
  input logic signed [InW-1:0] upd_data_i,
  input logic [7:0]            upd_count_i,   // weights in it
  input logic                  rd_valid_i,
  input logic [AddrW-1:0]      rd_addr_i
);

  logic            rd_ready;
  logic [OutW-1:0] rd_data;

  psum_buffer #(.Depth(Depth), .Len(1), .InW(InW), .OutW(OutW)) i_dut (
    .clk_i, .rst_ni, .upd_valid_i, .upd_addr_i, .upd_data_i(upd_data_i), .rd_valid_i, .rd_ready_o(rd_ready),
    .rd_addr_i, .rd_data_o(rd_data)
  );

  `FORMAL_RESET

  logic [AddrW-1:0]   addr_q;      // any, the same for ever
  logic signed [47:0] sum_q, out_q;
  logic [16:0]        count_q;
  logic               update, taken, taken_q;

  assign update = upd_valid_i && upd_addr_i == addr_q;
  assign taken  = rd_valid_i && rd_ready && rd_addr_i == addr_q;

  always_ff @(posedge clk_i) begin
    addr_q  <= addr_q;
    taken_q <= rst_ni && taken;
    out_q   <= sum_q;
    if (!rst_ni || taken) begin
      sum_q   <= '0;
      count_q <= '0;
    end else if (update) begin
      sum_q   <= sum_q + 48'(upd_data_i);
      count_q <= count_q + 17'(upd_count_i);
    end
  end

  if (Exact != 0) begin : gen_exact
    always_comb begin
      assume (int'(upd_count_i) <= TileK);
      assume (int'(upd_data_i) >= Lowest * int'(upd_count_i));
      assume (int'(upd_data_i) <= Highest * int'(upd_count_i));
      if (update) assume (int'(count_q) + int'(upd_count_i) <= MaxK);
    end
    always_comb if (rst_ni) begin
      a_exact:   assert (!taken_q || 48'($signed(rd_data)) == out_q);
      inv_range: assert (sum_q >= 48'(Lowest) * 48'(count_q)
                         && sum_q <= 48'(Highest) * 48'(count_q));
      inv_count: assert (int'(count_q) <= MaxK);
      c_far:     cover (sum_q == 48'(Lowest) * 48'(2 * TileK));
    end
  end

  always_comb if (rst_ni) begin
    a_modulo:  assert (!taken_q || rd_data == out_q[OutW-1:0]);
    a_port:    assert (rd_ready == !upd_valid_i);
    inv_held:  assert (i_dut.fresh_q[addr_q] ? sum_q == '0
                                             : i_dut.mem[addr_q] == sum_q[OutW-1:0]);
    c_again:   cover (taken_q && out_q > 48'd100 && sum_q == '0);
    c_empty:   cover (taken_q && out_q == '0);
  end

endmodule

`default_nettype wire
