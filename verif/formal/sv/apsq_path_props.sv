// SPDX-License-Identifier: Apache-2.0
// Exact blocks pass unchanged, quantised ones come to the engine with the codes that the blocks
// before them left at their place, and leave as what the engine makes of them; all in order. Seen
// at one element of one bank and place, which may be any. What the engine makes: apsq_engine_props.
`default_nettype none
`include "formal.svh"

module apsq_path_props
  import panacea_pkg::*;
#(
  parameter int Element = 6,
  localparam int Words  = 4,
  localparam int AddrW  = $clog2(Words),
  localparam int BlockW = BlockLen * PsumW,
  localparam int CodesW = BlockLen * QsumW
) (
  input logic              clk_i,
  input logic              rst_ni,
  input logic              valid_i,
  input logic              last_i,
  input logic [ApsqW-1:0]  apsq_i,
  input logic [BlockW-1:0] data_i,
  input logic              y_ready_i
);

  logic ready, y_valid, y_last;
  logic [BlockW-1:0] y_data;
  apsq_t             apsq;

  apsq_path #(
    .Words(Words)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .valid_i,
    .ready_o(ready),
    .last_i,
    .apsq_i,
    .data_i,
    .y_valid_o(y_valid),
    .y_ready_i,
    .y_last_o(y_last),
    .y_data_o(y_data)
  );
  assign apsq = apsq_i;

  `FORMAL_RESET

  logic [PsumW-1:0] sum, result, value;
  assign sum    = data_i[Element*PsumW +: PsumW];
  assign result = y_data[Element*PsumW +: PsumW];
  assign value  = i_dut.values[Element*PsumW +: PsumW];   // by the engine

  // A block waits unchanged until it is taken; a tile has as many as fit. A block is exact or not.
  logic waits_q, last_q, on_q;
  logic [ApsqW-1:0] apsq_q;
  logic [PsumW-1:0] data_q;
  logic [AddrW-1:0] at_q;    // place in the tile
  logic take;
  assign take = valid_i && ready && apsq.on;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready;
    last_q  <= last_i;
    apsq_q  <= apsq_i;
    data_q  <= sum;
    if (!rst_ni) at_q <= '0;
    else if (take) at_q <= last_i ? '0 : at_q + 1'b1;
  end
  always_comb begin
    if (waits_q) assume (valid_i && last_i == last_q && apsq_i == apsq_q && sum == data_q);
    if (int'(at_q) == Words - 1) assume (last_i);
  end

  // The code that was left in the bank and at the place looked at; the block at the engine.
  logic [1:0] bank_q;
  logic [AddrW-1:0] place_q, engine_at_q;
  logic [QsumW-1:0] code, code_q, stored, expected_q;
  logic [1:0] engine_bank_q;
  logic engine_q, gives_q, engine_last_q, looked_q, leaves_q, leaves_last_q, left_q, write, go;
  logic [PsumW-1:0] engine_sum_q, leaves_sum_q;
  assign code   = i_dut.codes[Element*QsumW +: QsumW];
  assign stored = i_dut.stored[int'(bank_q)*CodesW+Element*QsumW +: QsumW];
  assign go     = engine_q && (!gives_q || !leaves_q || y_ready_i);
  assign write  = go && !gives_q && engine_bank_q == bank_q && engine_at_q == place_q;

  always_ff @(posedge clk_i) begin
    {bank_q, place_q} <= {bank_q, place_q};
    if (write) code_q <= code;
    if (take) begin
      engine_sum_q  <= sum;
      engine_last_q <= last_i;
      engine_at_q   <= at_q;
      engine_bank_q <= i_dut.bank;
      gives_q       <= apsq.last;
      expected_q    <= code_q;
      looked_q      <= left_q && i_dut.used[bank_q] && at_q == place_q;
    end
    if (go && gives_q) {leaves_sum_q, leaves_last_q} <= {value, engine_last_q};
    if (!rst_ni) begin
      {engine_q, leaves_q, left_q} <= '0;
    end else begin
      left_q   <= left_q || write;
      engine_q <= take || (engine_q && !go);
      if (go && gives_q) leaves_q <= 1'b1;
      else if (y_ready_i) leaves_q <= 1'b0;
    end
  end

  logic exact;
  assign exact = valid_i && ready && !apsq.on;

  always_comb
    if (rst_ni) begin
      a_exact :
      assert (!exact || (y_valid && y_ready_i && y_last == last_i && result == sum
              && !engine_q && !leaves_q));
      a_given : assert (!(y_valid && y_ready_i) || exact || leaves_q);
      a_result :
      assert (!leaves_q || (y_valid && y_last == leaves_last_q && result == leaves_sum_q));
      a_sum : assert (!engine_q || i_dut.i_engine.psum_i[Element*PsumW+:PsumW] == engine_sum_q);
      a_codes : assert (!engine_q || !looked_q || stored == expected_q);
      a_fresh : assert (!take || !engine_q || gives_q || engine_at_q != at_q);
      a_moves : assert (ready || !valid_i || engine_q || leaves_q || !y_ready_i);
      inv_engine :
      assert (i_dut.sum_valid_q == engine_q && i_dut.addr_q == at_q
              && (!engine_q || (i_dut.sum_gives_q == gives_q && i_dut.sum_last_q == engine_last_q
                  && i_dut.sum_addr_q == engine_at_q && i_dut.bank_q == engine_bank_q)));
      inv_leaves : assert (i_dut.y_valid_q == leaves_q);
      c_codes : cover (engine_q && looked_q && gives_q && bank_q == 2'd2 && expected_q == 8'h5a);
      c_result : cover (leaves_q && y_ready_i && engine_q && go && gives_q);
      c_waits : cover (valid_i && !apsq.on && engine_q && !gives_q);
    end

  // The banks hold what was left there.
  logic [3:0][QsumW-1:0] held;
  for (genvar j = 0; j < 4; j++) begin : gen_bank
    logic [CodesW-1:0] word;
    assign word    = i_dut.gen_bank[j].i_ram.mem[place_q];
    assign held[j] = word[Element*QsumW+:QsumW];
  end
  always_comb if (rst_ni) inv_held : assert (!left_q || held[bank_q] == code_q);

  payload_check #(
    .Width(1 + PsumW)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(y_valid),
    .ready_i(y_ready_i),
    .data_i({y_last, result})
  );

endmodule

`default_nettype wire
