// SPDX-License-Identifier: Apache-2.0
// Partial sums of Rows rows, by address: the accumulate path and its memory. A word is written as
// it is (`acc_first_i`) or added to what is there, modulo 2^32; the second step follows a cycle
// later. An address must not be used again in the next cycle, which no dataflow does.
//
// Two halves, a memory each: the highest address bit. While one accumulates, finished outputs
// are read from the other. Read data comes a cycle later and stays until that half is read again.
//
// In an APSQ step (`step_i`, with Apsq) a row's 32 bits are four codes of eight, one of each bank: the
// sum becomes a code of its bank, or, in an output's last step, what that code stands for.
`default_nettype none
`include "assert.svh"

module psum_path
  import dense_pkg::*;
#(
  parameter int Rows = 24,
  parameter bit Apsq = 1'b0,
  localparam int StepW = $bits(step_t),
  localparam int AddrW = $clog2(2 * PsumDepth),
  localparam int DataW = Rows * AccW
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             acc_valid_i,
  input  logic             acc_first_i,
  input  logic [AddrW-1:0] acc_addr_i,
  input  logic [DataW-1:0] acc_data_i,
  input  logic [StepW-1:0] acc_step_i,
  input  logic             rd_valid_i,
  input  logic [AddrW-1:0] rd_addr_i,
  output logic [DataW-1:0] rd_data_o
);

  logic wr_valid_q, wr_first_q, rd_half_q;
  logic [AddrW-1:0] wr_addr_q;
  logic [DataW-1:0] wr_data_q, wr_data, exact, old, kept;
  logic [DataW-1:0] ram_data[2];

  assign old = ram_data[wr_addr_q[AddrW-1]];
  assign kept = wr_first_q ? '0 : old;
  for (genvar r = 0; r < Rows; r++) begin : gen_row
    assign exact[r*AccW+:AccW] = wr_data_q[r*AccW+:AccW] + kept[r*AccW+:AccW];
  end

  if (Apsq) begin : gen_apsq
    step_t                 step_q;
    logic [Rows*CodeW-1:0] codes;
    logic [DataW-1:0] banks, values, stored;
    for (genvar r = 0; r < Rows; r++) begin : gen_row
      for (genvar j = 0; j < Banks; j++) begin : gen_bank
        assign banks[(j*Rows+r)*CodeW +: CodeW] = kept[r*AccW+j*CodeW +: CodeW];
        assign stored[r*AccW+j*CodeW +: CodeW] =
            (step_q.bank == 2'(j)) ? codes[r*CodeW +: CodeW] : kept[r*AccW+j*CodeW +: CodeW];
      end
    end
    apsq_engine #(
      .W(Rows)
    ) i_engine (
      .psum_i      (wr_data_q),
      .codes_i     (banks),
      .exponents_i (step_q.exponents),
      .used_i      (step_q.used),
      .exponent_i  (step_q.exponent),
      .code_o      (codes),
      .value_o     (values)
    );
    assign wr_data = !step_q.on ? exact : step_q.gives ? values : stored;
    always_ff @(posedge clk_i) step_q <= acc_step_i;
  end else begin : gen_exact
    assign wr_data = exact;
    `PANACEA_ASSERT(!acc_valid_i || acc_step_i == '0, "APSQ in a path without it")
  end

  for (genvar h = 0; h < 2; h++) begin : gen_half
    logic acc, read;
    assign acc  = acc_valid_i && acc_addr_i[AddrW-1] == 1'(h);
    assign read = rd_valid_i && rd_addr_i[AddrW-1] == 1'(h);
    ram_1r1w #(
      .Width(DataW),
      .Depth(PsumDepth)
    ) i_ram (
      .clk_i,
      .wr_en_i   (wr_valid_q && wr_addr_q[AddrW-1] == 1'(h)),
      .wr_addr_i (wr_addr_q[AddrW-2:0]),
      .wr_data_i (wr_data),
      .rd_en_i   ((acc && !acc_first_i) || read),
      .rd_addr_i (read ? rd_addr_i[AddrW-2:0] : acc_addr_i[AddrW-2:0]),
      .rd_data_o (ram_data[h])
    );
    `PANACEA_ASSERT(!(acc && read), "a half is read while it accumulates")
  end

  assign rd_data_o = ram_data[rd_half_q];

  always_ff @(posedge clk_i) begin
    wr_first_q <= acc_first_i;
    wr_addr_q  <= acc_addr_i;
    wr_data_q  <= acc_data_i;
    if (rd_valid_i) rd_half_q <= rd_addr_i[AddrW-1];
    if (!rst_ni) wr_valid_q <= 1'b0;
    else wr_valid_q <= acc_valid_i;
  end

endmodule

`default_nettype wire
