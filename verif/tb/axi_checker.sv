// SPDX-License-Identifier: Apache-2.0
// Passive: fails the simulation when a 256-bit AXI4 bus with one ID breaks the protocol: payload
// changed or withdrawn while it waits, unknown bits, bursts other than INCR of whole aligned beats
// within 4 KB, wrong number of beats, RLAST or WLAST at the wrong one, answers without a request.
// open_o counts bursts that are not answered.
`default_nettype none

module axi_checker (
  input  wire logic         clk_i,
  input  wire logic         rst_ni,
  input  wire logic         arvalid_i,
  input  wire logic         arready_i,
  input  wire logic         arid_i,
  input  wire logic [39:0]  araddr_i,
  input  wire logic [7:0]   arlen_i,
  input  wire logic [2:0]   arsize_i,
  input  wire logic [1:0]   arburst_i,
  input  wire logic         rvalid_i,
  input  wire logic         rready_i,
  input  wire logic [255:0] rdata_i,
  input  wire logic [1:0]   rresp_i,
  input  wire logic         rlast_i,
  input  wire logic         awvalid_i,
  input  wire logic         awready_i,
  input  wire logic         awid_i,
  input  wire logic [39:0]  awaddr_i,
  input  wire logic [7:0]   awlen_i,
  input  wire logic [2:0]   awsize_i,
  input  wire logic [1:0]   awburst_i,
  input  wire logic         wvalid_i,
  input  wire logic         wready_i,
  input  wire logic [255:0] wdata_i,
  input  wire logic [31:0]  wstrb_i,
  input  wire logic         wlast_i,
  input  wire logic         bvalid_i,
  input  wire logic         bready_i,
  input  wire logic [1:0]   bresp_i,
  output logic [31:0]       open_o
);

  localparam int Bursts = 256;  // more than any memory here holds

  payload_check #(
    .Width(54)
  ) i_ar (
    .clk_i,
    .rst_ni,
    .valid_i(arvalid_i),
    .ready_i(arready_i),
    .data_i({arid_i, araddr_i, arlen_i, arsize_i, arburst_i})
  );
  payload_check #(
    .Width(259)
  ) i_r (
    .clk_i,
    .rst_ni,
    .valid_i(rvalid_i),
    .ready_i(rready_i),
    .data_i({rdata_i, rresp_i, rlast_i})
  );
  payload_check #(
    .Width(54)
  ) i_aw (
    .clk_i,
    .rst_ni,
    .valid_i(awvalid_i),
    .ready_i(awready_i),
    .data_i({awid_i, awaddr_i, awlen_i, awsize_i, awburst_i})
  );
  payload_check #(
    .Width(289)
  ) i_w (
    .clk_i,
    .rst_ni,
    .valid_i(wvalid_i),
    .ready_i(wready_i),
    .data_i({wdata_i, wstrb_i, wlast_i})
  );
  payload_check #(
    .Width(2)
  ) i_b (
    .clk_i,
    .rst_ni,
    .valid_i(bvalid_i),
    .ready_i(bready_i),
    .data_i(bresp_i)
  );

  // Unknown strobed bytes; others may be anything.
  function automatic logic known_write(input logic [255:0] data, input logic [31:0] strb);
    integer i;
    known_write = (^strb) !== 1'bx;
    for (i = 0; i < 32; i = i + 1) begin
      if (strb[i] === 1'b1 && (^data[i*8+:8]) === 1'bx) known_write = 1'b0;
    end
  endfunction

  function automatic logic good_burst(input logic id, input logic [39:0] addr,
                                      input logic [7:0] len, input logic [2:0] size,
                                      input logic [1:0] burst);
    return {id, size, burst} === {1'b0, 3'd5, 2'd1} && addr[4:0] === 5'd0
           && 13'(addr[11:0]) + 13'd32 * (13'(len) + 13'd1) <= 13'd4096;
  endfunction

  always @(posedge clk_i) begin
    if (rst_ni) begin
      if ((^{arvalid_i, arready_i, rvalid_i, rready_i, awvalid_i, awready_i, wvalid_i, wready_i,
             bvalid_i, bready_i}) === 1'bx)
        $fatal(1, "%m: valid or ready is unknown");
      if (arvalid_i && !good_burst(arid_i, araddr_i, arlen_i, arsize_i, arburst_i))
        $fatal(1, "%m: an illegal read burst at %h", araddr_i);
      if (awvalid_i && !good_burst(awid_i, awaddr_i, awlen_i, awsize_i, awburst_i))
        $fatal(1, "%m: an illegal write burst at %h", awaddr_i);
      if (rvalid_i && (^{rdata_i, rresp_i, rlast_i}) === 1'bx)
        $fatal(1, "%m: a read beat holds unknown bits: memory that was never written");
      if (wvalid_i && !known_write(wdata_i, wstrb_i))
        $fatal(1, "%m: a write beat holds unknown bits");
      if (bvalid_i && (^bresp_i) === 1'bx) $fatal(1, "%m: an answer holds unknown bits");
    end
  end

  // Counts of bursts since reset. Addresses and beats of writes come in any order: lengths are
  // compared as soon as both are known. Assigned with `=`: used by this process only.
  logic [7:0] ar_len [Bursts];
  logic [7:0] aw_len [Bursts];
  logic [7:0] w_len [Bursts];
  logic [31:0] ar, r, aw, w, aw_w, b;
  logic [7:0] r_beat, w_beat;

  initial {ar, r, aw, w, aw_w, b, r_beat, w_beat, open_o} = '0;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      {ar, r, aw, w, aw_w, b, r_beat, w_beat} = '0;
    end else begin
      if (rvalid_i && r == ar) $fatal(1, "%m: read data without a request");
      if (rvalid_i && rready_i) begin
        if (rlast_i != (r_beat == ar_len[8'(r)])) $fatal(1, "%m: RLAST at the wrong beat");
        r_beat = rlast_i ? 8'd0 : r_beat + 8'd1;
        r = r + 32'(rlast_i);
      end
      if (bvalid_i && b == aw_w) $fatal(1, "%m: a write is answered that is not complete");
      if (bvalid_i && bready_i) b = b + 32'd1;
      if (arvalid_i && arready_i) begin
        ar_len[8'(ar)] = arlen_i;
        ar = ar + 32'd1;
      end
      if (awvalid_i && awready_i) begin
        aw_len[8'(aw)] = awlen_i;
        aw = aw + 32'd1;
      end
      if (wvalid_i && wready_i) begin
        if (wlast_i) begin
          w_len[8'(w)] = w_beat;
          w = w + 32'd1;
        end
        w_beat = wlast_i ? 8'd0 : w_beat + 8'd1;
      end
      if (aw_w < aw && aw_w < w) begin
        if (aw_len[8'(aw_w)] != w_len[8'(aw_w)]) $fatal(1, "%m: WLAST at the wrong beat");
        aw_w = aw_w + 32'd1;
      end
    end
    open_o <= ar - r + aw - b;
  end

endmodule

`default_nettype wire
