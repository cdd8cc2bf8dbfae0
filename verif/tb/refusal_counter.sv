// SPDX-License-Identifier: Apache-2.0
// Counts, since reset, the cycles in which memory refuses an address or data that waits.
`default_nettype none

module refusal_counter (
  input  wire logic   clk_i,
  input  wire logic   rst_ni,
  input  wire logic   arvalid_i,
  input  wire logic   arready_i,
  input  wire logic   awvalid_i,
  input  wire logic   awready_i,
  input  wire logic   wvalid_i,
  input  wire logic   wready_i,
  output logic [39:0] sum_o
);

  initial sum_o = '0;

  always @(posedge clk_i) begin
    if (!rst_ni) sum_o <= '0;
    else if ((arvalid_i && !arready_i) || (awvalid_i && !awready_i) || (wvalid_i && !wready_i))
      sum_o <= sum_o + 1'b1;
  end

endmodule

`default_nettype wire
