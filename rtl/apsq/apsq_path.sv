// SPDX-License-Identifier: Apache-2.0
// Path of the partial sums behind result merge. Exact blocks pass in the same cycle, unchanged.
// Blocks of an APSQ step are quantised: the codes go to a bank, or, in a tile's last step, what
// they stand for leaves as results, two cycles later. A bank holds a code for every sum of a tile.
// A block a cycle. An exact block waits until no quantised one is under way before it.
`default_nettype none
`include "assert.svh"

module apsq_path
  import panacea_pkg::*;
#(
  parameter int Words = 512,                   // blocks of the largest tile
  localparam int BlockW = BlockLen * PsumW,
  localparam int CodesW = BlockLen * QsumW
) (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  logic              valid_i,
  output logic              ready_o,
  input  logic              last_i,            // of the command
  input  logic [ApsqW-1:0]  apsq_i,
  input  logic [BlockW-1:0] data_i,
  output logic              y_valid_o,
  input  logic              y_ready_i,
  output logic              y_last_o,
  output logic [BlockW-1:0] y_data_o
);

  localparam int AddrW = (Words > 1) ? $clog2(Words) : 1;

  // The block that is quantised, and its place in the tile; the result behind it.
  logic sum_valid_q, sum_gives_q, sum_last_q, y_valid_q, y_last_q;
  logic [BlockW-1:0] sum_q, y_data_q, values;
  logic [ExpW-1:0] exponent_q;
  logic [MaxGs*ExpW-1:0] exponents, exponents_q;
  logic [MaxGs-1:0] used, used_q;
  logic [1:0] bank, bank_q;
  logic [AddrW-1:0] addr_q, sum_addr_q;
  logic [MaxGs*CodesW-1:0] stored;
  logic [CodesW-1:0]      codes;
  logic take, y_space, sum_go, clash;
  apsq_t apsq;

  assign apsq    = apsq_i;
  assign y_space = !y_valid_q || y_ready_i;
  assign sum_go  = sum_valid_q && (!sum_gives_q || y_space);
  // Codes are in the bank one cycle after their block: only a tile of one block can come so soon.
  assign clash   = sum_valid_q && !sum_gives_q && sum_addr_q == addr_q;
  assign ready_o = apsq.on ? (!sum_valid_q || sum_go) && !clash
                           : !sum_valid_q && !y_valid_q && y_ready_i;
  assign take    = valid_i && apsq.on && ready_o;

  assign y_valid_o = y_valid_q || (valid_i && !apsq.on && !sum_valid_q);
  assign y_last_o  = y_valid_q ? y_last_q : last_i;
  assign y_data_o  = y_valid_q ? y_data_q : data_i;

  apsq_steps i_steps (
    .clk_i,
    .rst_ni,
    .apsq_i,
    .end_i       (valid_i && ready_o && last_i),
    .bank_o      (bank),
    .used_o      (used),
    .exponents_o (exponents)
  );

  for (genvar j = 0; j < MaxGs; j++) begin : gen_bank
    ram_1r1w #(
      .Width(CodesW),
      .Depth(Words)
    ) i_ram (
      .clk_i,
      .wr_en_i   (sum_go && !sum_gives_q && bank_q == 2'(j)),
      .wr_addr_i (sum_addr_q),
      .wr_data_i (codes),
      .rd_en_i   (take && used[j]),
      .rd_addr_i (addr_q),
      .rd_data_o (stored[j*CodesW +: CodesW])
    );
  end

  apsq_engine #(
    .W(BlockLen)
  ) i_engine (
    .psum_i      (sum_q),
    .codes_i     (stored),
    .exponents_i (exponents_q),
    .used_i      (used_q),
    .exponent_i  (exponent_q),
    .code_o      (codes),
    .value_o     (values)
  );

  always_ff @(posedge clk_i) begin
    if (take) begin
      sum_q       <= data_i;
      sum_gives_q <= apsq.last;
      sum_last_q  <= last_i;
      sum_addr_q  <= addr_q;
      bank_q      <= bank;
      used_q      <= used;
      exponents_q <= exponents;
      exponent_q  <= apsq.exponent;
    end
    if (sum_go && sum_gives_q) begin
      y_data_q <= values;
      y_last_q <= sum_last_q;
    end
    if (!rst_ni) begin
      addr_q      <= '0;
      sum_valid_q <= 1'b0;
      y_valid_q   <= 1'b0;
    end else begin
      if (take) addr_q <= last_i ? '0 : addr_q + 1'b1;
      sum_valid_q <= take || (sum_valid_q && !sum_go);
      if (y_space) y_valid_q <= sum_go && sum_gives_q;
    end
  end

  `PANACEA_ASSERT(!take || (AddrW + 1)'(addr_q) < (AddrW + 1)'(Words), "a tile is too large")

endmodule

`default_nettype wire
