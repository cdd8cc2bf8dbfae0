// SPDX-License-Identifier: Apache-2.0
// Performs one AXI4-Lite access at a time: go_i takes the request, done_o counts finished ones,
// data_o and resp_o are the last answer. Every channel pauses by itself (stall_i, in 256ths), so
// that address or data of a write comes first at random. An access that a reset cuts off counts as
// finished, so that nobody waits for it.
`default_nettype none

module axil_driver (
  input  wire logic        clk_i,
  input  wire logic        rst_ni,
  input  wire logic        go_i,
  input  wire logic        write_i,
  input  wire logic [11:0] addr_i,
  input  wire logic [31:0] data_i,
  input  wire logic [3:0]  strb_i,
  output logic [31:0]      done_o,
  output logic [31:0]      data_o,
  output logic [1:0]       resp_o,
  input  wire logic        start_i,     // seeds the pauses
  input  wire logic [31:0] seed_i,
  input  wire logic [7:0]  stall_i,
  input  wire logic        burst_i,
  output logic             awvalid_o,
  input  wire logic        awready_i,
  output logic [11:0]      awaddr_o,
  output logic             wvalid_o,
  input  wire logic        wready_i,
  output logic [31:0]      wdata_o,
  output logic [3:0]       wstrb_o,
  input  wire logic        bvalid_i,
  output logic             bready_o,
  input  wire logic [1:0]  bresp_i,
  output logic             arvalid_o,
  input  wire logic        arready_i,
  output logic [11:0]      araddr_o,
  input  wire logic        rvalid_i,
  output logic             rready_o,
  input  wire logic [31:0] rdata_i,
  input  wire logic [1:0]  rresp_i
);

  localparam int Aw = 0, W = 1, Ar = 2, Answer = 3;
  logic [3:0] stall;
  logic aw_due, w_due, ar_due, b_due, r_due;

  for (genvar c = 0; c < 4; c = c + 1) begin : gen_stall
    stall_gen #(
      .Salt(8 + c)
    ) i_stall (
      .clk_i,
      .start_i,
      .seed_i,
      .prob_i(stall_i),
      .burst_i,
      .garbage_i(1'b0),
      .stall_o(stall[c]),
      .random_o()
    );
  end

  initial begin
    {aw_due, w_due, ar_due, b_due, r_due, done_o, data_o, resp_o} = '0;
    {awvalid_o, awaddr_o, wvalid_o, wdata_o, wstrb_o, arvalid_o, araddr_o} = '0;
  end

  assign bready_o = rst_ni && b_due && !stall[Answer];
  assign rready_o = rst_ni && r_due && !stall[Answer];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {aw_due, w_due, ar_due, b_due, r_due, awvalid_o, wvalid_o, arvalid_o} <= '0;
      if (go_i || b_due || r_due) done_o <= done_o + 32'd1;
    end else if (go_i) begin
      {aw_due, w_due, b_due} <= {3{write_i}};
      {ar_due, r_due} <= {2{!write_i}};
    end else begin
      if (awready_i) awvalid_o <= 1'b0;
      if (wready_i) wvalid_o <= 1'b0;
      if (arready_i) arvalid_o <= 1'b0;
      if (aw_due && !stall[Aw]) begin
        {aw_due, awvalid_o, awaddr_o} <= {2'b01, addr_i};
      end
      if (w_due && !stall[W]) begin
        {w_due, wvalid_o, wdata_o, wstrb_o} <= {2'b01, data_i, strb_i};
      end
      if (ar_due && !stall[Ar]) begin
        {ar_due, arvalid_o, araddr_o} <= {2'b01, addr_i};
      end
      if ((bvalid_i && bready_o) || (rvalid_i && rready_o)) begin
        {b_due, r_due} <= '0;
        done_o <= done_o + 32'd1;
        if (r_due) data_o <= rdata_i;
        resp_o <= b_due ? bresp_i : rresp_i;
      end
    end
  end

endmodule

`default_nettype wire
