// SPDX-License-Identifier: Apache-2.0
// Passive: writes registers.log in the run's folder, a line for every answered access and every
// change of the interrupt: "W cycle address data strobes resp", "R cycle address data resp"
// (cycle of the request), "I cycle level sums" (event_counter's and refusal_counter's), all but
// cycle and sums in hexadecimal. Fails the simulation when a waiting beat changes, anything sampled
// is unknown, or an answer comes without a request. One access of each kind is open at a time, as
// the driver in use here makes them.
`default_nettype none

module axil_monitor (
  input wire logic        clk_i,
  input wire logic        rst_ni,
  input wire logic        flush_i,
  input wire logic [39:0] cycle_i,
  input wire logic        irq_i,
  input wire logic [9*40-1:0] sums_i,
  input wire logic        awvalid_i,
  input wire logic        awready_i,
  input wire logic [11:0] awaddr_i,
  input wire logic        wvalid_i,
  input wire logic        wready_i,
  input wire logic [31:0] wdata_i,
  input wire logic [3:0]  wstrb_i,
  input wire logic        bvalid_i,
  input wire logic        bready_i,
  input wire logic [1:0]  bresp_i,
  input wire logic        arvalid_i,
  input wire logic        arready_i,
  input wire logic [11:0] araddr_i,
  input wire logic        rvalid_i,
  input wire logic        rready_i,
  input wire logic [31:0] rdata_i,
  input wire logic [1:0]  rresp_i
);

  payload_check #(
    .Width(12)
  ) i_aw (
    .clk_i,
    .rst_ni,
    .valid_i(awvalid_i),
    .ready_i(awready_i),
    .data_i(awaddr_i)
  );
  payload_check #(
    .Width(36)
  ) i_w (
    .clk_i,
    .rst_ni,
    .valid_i(wvalid_i),
    .ready_i(wready_i),
    .data_i({wdata_i, wstrb_i})
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
  payload_check #(
    .Width(12)
  ) i_ar (
    .clk_i,
    .rst_ni,
    .valid_i(arvalid_i),
    .ready_i(arready_i),
    .data_i(araddr_i)
  );
  payload_check #(
    .Width(34)
  ) i_r (
    .clk_i,
    .rst_ni,
    .valid_i(rvalid_i),
    .ready_i(rready_i),
    .data_i({rdata_i, rresp_i})
  );

  integer file, i;
  logic aw_seen, w_seen, ar_seen, irq_q;
  logic [11:0] aw_addr, ar_addr;
  logic [31:0] w_data;
  logic [39:0] w_cycle, r_cycle;
  logic [3:0] w_strb;

  initial begin
    {aw_seen, w_seen, ar_seen, irq_q} = '0;
    file = $fopen("registers.log", "w");
    if (file == 0) $fatal(1, "%m: cannot write registers.log");
  end

  // Testbench variables: assigned with `=`, used by this process only.
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      {aw_seen, w_seen, ar_seen, irq_q} = '0;
    end else begin
      if ((^{awvalid_i, awready_i, wvalid_i, wready_i, bvalid_i, bready_i, arvalid_i, arready_i,
             rvalid_i, rready_i, irq_i}) === 1'bx)
        $fatal(1, "%m: a handshake is unknown");
      if (bvalid_i && !(aw_seen && w_seen)) $fatal(1, "%m: an answer without a write");
      if (rvalid_i && !ar_seen) $fatal(1, "%m: an answer without a read");
      if (bvalid_i && bready_i) begin
        if ((^bresp_i) === 1'bx) $fatal(1, "%m: an answer is unknown");
        $fdisplay(file, "W %0d %h %h %h %h", w_cycle, aw_addr, w_data, w_strb, bresp_i);
        {aw_seen, w_seen} = '0;
      end
      if (rvalid_i && rready_i) begin
        if ((^{rdata_i, rresp_i}) === 1'bx) $fatal(1, "%m: an answer is unknown");
        $fdisplay(file, "R %0d %h %h %h", r_cycle, ar_addr, rdata_i, rresp_i);
        ar_seen = 1'b0;
      end
      if (awvalid_i && awready_i) {w_cycle, aw_seen, aw_addr} = {cycle_i, 1'b1, awaddr_i};
      if (wvalid_i && wready_i) begin
        {w_cycle, w_seen, w_data, w_strb} = {cycle_i, 1'b1, wdata_i, wstrb_i};
      end
      if (arvalid_i && arready_i) {r_cycle, ar_seen, ar_addr} = {cycle_i, 1'b1, araddr_i};
      if (irq_i != irq_q) begin
        $fwrite(file, "I %0d %h", cycle_i, irq_i);
        for (i = 0; i < 9; i = i + 1) $fwrite(file, " %0d", sums_i[i*40+:40]);
        $fwrite(file, "\n");
        irq_q = irq_i;
      end
    end
    if (flush_i) $fflush(file);
  end

endmodule

`default_nettype wire
