// SPDX-License-Identifier: Apache-2.0
// What each performance counter counts in this cycle, in the order of csr_pkg. Registered once.
`default_nettype none

module chip_counters
  import panacea_pkg::*;
  import csr_pkg::*;
#(
  parameter int NumPea = 16,
  parameter int IncW   = 9,                  // NumPea * 12 operators and BusBytes fit
  localparam int EventW   = $bits(pea_event_t),
  localparam int StrbW    = 32,
  localparam int BusBytes = 32
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic [NumPea*EventW-1:0]    event_i,
  input  logic                        ppu_busy_i,
  input  logic                        reading_i,
  input  logic                        writing_i,
  input  logic                        r_take_i,
  input  logic                        w_take_i,
  input  logic [StrbW-1:0]            w_strb_i,
  input  logic [NumPea-1:0]           wmem_wr_i,
  input  logic [NumPea-1:0]           wmem_rd_i,
  input  logic                        amem_wr_i,
  input  logic                        amem_rd_i,
  input  logic                        omem_wr_i,
  input  logic                        omem_rd_i,
  input  logic                        weights_wait_i,
  input  logic                        acts_wait_i,
  input  logic                        results_wait_i,
  input  logic                        desc_wait_i,
  input  logic                        bus_wait_i,
  output logic [NumCounters*IncW-1:0] inc_o
);

  logic [IncW-1:0] hh, hl, lh, ll_dwo, quads_swo, cs, wmem_wr, wmem_rd, written;

  // Sums over the PEAs: {hh, hl, lh, LL products on DWOs, LL quads on SWOs, busy compensators}. A
  // function, because Icarus evaluates an always_comb that reads the core's events without end.
  function automatic logic [6*IncW-1:0] event_sums(input logic [NumPea*EventW-1:0] events);
    logic [IncW-1:0] a, b, c, d, e, f;
    pea_event_t one;
    {a, b, c, d, e, f} = '0;
    for (int p = 0; p < NumPea; p++) begin
      one = events[p*EventW +: EventW];
      a   = a + IncW'(one.hh);
      b   = b + IncW'(one.hl);
      c   = c + IncW'(one.lh);
      d   = d + IncW'(one.ll_dwo);
      e   = e + IncW'(one.ll_swo);
      f   = f + IncW'(one.hh != '0 || one.lh != '0);
    end
    return {a, b, c, d, e, f};
  endfunction

  assign {hh, hl, lh, ll_dwo, quads_swo, cs} = event_sums(event_i);

  always_comb begin
    {wmem_wr, wmem_rd} = '0;
    for (int p = 0; p < NumPea; p++) begin
      wmem_wr = wmem_wr + IncW'(wmem_wr_i[p]);
      wmem_rd = wmem_rd + IncW'(wmem_rd_i[p]);
    end
  end

  // A beat is written whole, or a length of two bytes; nothing during an abort.
  assign written = (w_strb_i == '1) ? IncW'(BusBytes) : (w_strb_i != '0) ? IncW'(2) : '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      inc_o <= '0;
    end else begin
      inc_o[CntCycles*IncW           +: IncW] <= IncW'(1);
      inc_o[CntDwoBusy*IncW          +: IncW] <= hh + hl + lh + ll_dwo;
      inc_o[CntSwoBusy*IncW          +: IncW] <= quads_swo << 2;
      inc_o[CntCsBusy*IncW           +: IncW] <= cs;
      inc_o[CntPpuBusy*IncW          +: IncW] <= IncW'(ppu_busy_i);
      inc_o[CntDmaReadBusy*IncW      +: IncW] <= IncW'(reading_i);
      inc_o[CntDmaWriteBusy*IncW     +: IncW] <= IncW'(writing_i);
      inc_o[CntProductsHh*IncW       +: IncW] <= hh;
      inc_o[CntProductsHl*IncW       +: IncW] <= hl;
      inc_o[CntProductsLh*IncW       +: IncW] <= lh;
      inc_o[CntProductsLl*IncW       +: IncW] <= ll_dwo + (quads_swo << 2);
      inc_o[CntBytesRead*IncW        +: IncW] <= r_take_i ? IncW'(BusBytes) : '0;
      inc_o[CntBytesWritten*IncW     +: IncW] <= w_take_i ? written : '0;
      inc_o[CntWmemWrites*IncW       +: IncW] <= wmem_wr;
      inc_o[CntWmemReads*IncW        +: IncW] <= wmem_rd;
      inc_o[CntAmemWrites*IncW       +: IncW] <= IncW'(amem_wr_i);
      inc_o[CntAmemReads*IncW        +: IncW] <= IncW'(amem_rd_i);
      inc_o[CntOmemWrites*IncW       +: IncW] <= IncW'(omem_wr_i);
      inc_o[CntOmemReads*IncW        +: IncW] <= IncW'(omem_rd_i);
      inc_o[CntStallWeights*IncW     +: IncW] <= IncW'(weights_wait_i);
      inc_o[CntStallActivations*IncW +: IncW] <= IncW'(acts_wait_i);
      inc_o[CntStallResults*IncW     +: IncW] <= IncW'(results_wait_i);
      inc_o[CntStallDescriptor*IncW  +: IncW] <= IncW'(desc_wait_i);
      inc_o[CntStallBus*IncW         +: IncW] <= IncW'(bus_wait_i);
    end
  end

endmodule

`default_nettype wire
