// SPDX-License-Identifier: Apache-2.0
// Passive: writes all handshakes of an AXI4 bus to axi.mon in the run's folder, in the order of
// their cycles; in one cycle B, AR, R, AW, W. A record is 12 words of 32 bits, little-endian:
// 0 to 7 data, 8 strobes, 9 address, 10 {kind[2:0], 10'b0, last, resp[1:0], len[7:0],
// address[39:32]}, 11 cycle. Kinds: 0 AR, 1 R, 2 AW, 3 W, 4 B, 5 reset (its first cycle).
`default_nettype none

module axi_monitor (
  input wire logic         clk_i,
  input wire logic         rst_ni,
  input wire logic         flush_i,
  input wire logic [39:0]  cycle_i,
  input wire logic         ar_i,      // handshakes
  input wire logic [39:0]  araddr_i,
  input wire logic [7:0]   arlen_i,
  input wire logic         r_i,
  input wire logic [255:0] rdata_i,
  input wire logic [1:0]   rresp_i,
  input wire logic         rlast_i,
  input wire logic         aw_i,
  input wire logic [39:0]  awaddr_i,
  input wire logic [7:0]   awlen_i,
  input wire logic         w_i,
  input wire logic [255:0] wdata_i,
  input wire logic [31:0]  wstrb_i,
  input wire logic         wlast_i,
  input wire logic         b_i,
  input wire logic [1:0]   bresp_i
);

  integer file;
  logic rst_nq;

  initial begin
    rst_nq = 1'b0;
    file = $fopen("axi.mon", "wb");
    if (file == 0) $fatal(1, "%m: cannot write axi.mon");
  end

  function automatic logic [127:0] head(input logic [2:0] kind, input logic [39:0] addr,
                                        input logic [7:0] len, input logic [1:0] resp,
                                        input logic last, input logic [31:0] strb);
    return {32'(cycle_i), kind, 10'd0, last, resp, len, addr, strb};
  endfunction

  always @(posedge clk_i) begin
    rst_nq <= rst_ni;
    if (rst_ni) begin
      if (b_i) $fwrite(file, "%u", {head(3'd4, '0, '0, bresp_i, 1'b1, '0), 256'd0});
      if (ar_i) $fwrite(file, "%u", {head(3'd0, araddr_i, arlen_i, '0, '0, '0), 256'd0});
      if (r_i) $fwrite(file, "%u", {head(3'd1, '0, '0, rresp_i, rlast_i, '0), rdata_i});
      if (aw_i) $fwrite(file, "%u", {head(3'd2, awaddr_i, awlen_i, '0, '0, '0), 256'd0});
      if (w_i) $fwrite(file, "%u", {head(3'd3, '0, '0, '0, wlast_i, wstrb_i), wdata_i});
    end else if (rst_nq) begin
      $fwrite(file, "%u", {head(3'd5, '0, '0, '0, '0, '0), 256'd0});
    end
    if (flush_i) $fflush(file);
  end

endmodule

`default_nettype wire
