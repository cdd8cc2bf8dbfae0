// SPDX-License-Identifier: Apache-2.0
// A one-entry stream buffer with its clock: the smallest thing to try beat-level agents on.
// +drop=N loses the N-th beat (from 1).
`default_nettype none

module beats;
  logic clk, rst_n;
  logic in_valid, in_ready, out_valid, out_ready;
  logic [69:0] in_data, out_data;
  logic [31:0] drop, count;

  initial begin
    clk = 1'b0;
    rst_n = 1'b0;
    {in_valid, out_ready, in_data} = '0;
    if (!$value$plusargs("drop=%d", drop)) drop = 32'd0;
    #20 rst_n = 1'b1;
  end
  always #5 clk = !clk;

  assign in_ready = !out_valid || out_ready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      out_valid <= 1'b0;
      count <= 32'd1;
    end else if (in_ready) begin
      out_valid <= in_valid && count != drop;
      out_data <= in_data;
      count <= count + 32'(in_valid);
    end
  end
endmodule

`default_nettype wire
