// SPDX-License-Identifier: Apache-2.0
// The registers of rtl/csr/panacea.rdl behind an AXI4-Lite slave, and the state of the run.
//
// A run begins with `start_o` (one cycle) and ends when the controller pulses `end_i`, also after
// an error or an abort. The program's address and count are to be copied at the start. Bytes that
// a write does not strobe keep their value; unaligned, unmapped and forbidden accesses answer
// SLVERR and change nothing.
`default_nettype none
`include "assert.svh"

module csr
  import csr_pkg::*;
#(
  parameter int NumPea    = 16,
  parameter int NumDwo    = 4,
  parameter int NumSwo    = 8,
  parameter int TileK     = 64,
  parameter int TileN     = 64,
  parameter int WmemBytes = 131072,
  parameter int AmemBytes = 32768,
  parameter int OmemBytes = 32768,
  parameter int IncW      = 8
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        s_axil_awvalid_i,
  output logic                        s_axil_awready_o,
  input  logic [CsrAddrW-1:0]         s_axil_awaddr_i,
  input  logic                        s_axil_wvalid_i,
  output logic                        s_axil_wready_o,
  input  logic [31:0]                 s_axil_wdata_i,
  input  logic [3:0]                  s_axil_wstrb_i,
  output logic                        s_axil_bvalid_o,
  input  logic                        s_axil_bready_i,
  output logic [1:0]                  s_axil_bresp_o,
  input  logic                        s_axil_arvalid_i,
  output logic                        s_axil_arready_o,
  input  logic [CsrAddrW-1:0]         s_axil_araddr_i,
  output logic                        s_axil_rvalid_o,
  input  logic                        s_axil_rready_i,
  output logic [31:0]                 s_axil_rdata_o,
  output logic [1:0]                  s_axil_rresp_o,
  output logic                        irq_o,
  output logic                        start_o,         // pulse
  output logic                        abort_o,         // until the run ends
  output logic                        busy_o,
  output logic [39:0]                 prog_addr_o,
  output logic [31:0]                 prog_count_o,
  input  logic                        end_i,           // pulse: the run is over
  input  logic [7:0]                  end_code_i,      // ErrNone: without an error
  input  logic [15:0]                 end_detail_i,
  input  logic [31:0]                 end_desc_i,      // the descriptor that failed
  input  logic [39:0]                 end_addr_i,      // the bus address that failed
  input  logic [NumCounters*IncW-1:0] count_inc_i      // what each counter counts this cycle
);

  localparam int IndexW = $clog2(NumCounters);

  logic wr_valid, wr_error, rd_valid, rd_error, in_counters, upper;
  logic [CsrAddrW-1:0] wr_addr, rd_addr, offset;
  logic [31:0] wr_data, wr_mask, wr_ones, rd_data, held_q;
  logic [63:0] count;
  logic start, start_accepted, end_ok, end_bad;

  logic start_q, abort_q, busy_q, done_q, error_q, ignored_q, irq_q;
  logic [7:0]  code_q;
  logic [15:0] detail_q;
  logic [31:0] desc_q, prog_count_q;
  logic [39:0] error_addr_q;
  logic [34:0] prog_line_q;              // the program's address / 32
  logic [2:0] irq_status_q, irq_enable_q;

  axil_slave #(
    .AddrW(CsrAddrW)
  ) i_slave (
    .clk_i,
    .rst_ni,
    .s_axil_awvalid_i,
    .s_axil_awready_o,
    .s_axil_awaddr_i,
    .s_axil_wvalid_i,
    .s_axil_wready_o,
    .s_axil_wdata_i,
    .s_axil_wstrb_i,
    .s_axil_bvalid_o,
    .s_axil_bready_i,
    .s_axil_bresp_o,
    .s_axil_arvalid_i,
    .s_axil_arready_o,
    .s_axil_araddr_i,
    .s_axil_rvalid_o,
    .s_axil_rready_i,
    .s_axil_rdata_o,
    .s_axil_rresp_o,
    .wr_valid_o(wr_valid),
    .wr_addr_o(wr_addr),
    .wr_data_o(wr_data),
    .wr_mask_o(wr_mask),
    .wr_error_i(wr_error),
    .rd_valid_o(rd_valid),
    .rd_addr_o(rd_addr),
    .rd_data_i(rd_data),
    .rd_error_i(rd_error)
  );

  perf_counters #(
    .NumCounters(NumCounters),
    .IncW(IncW)
  ) i_counters (
    .clk_i,
    .rst_ni,
    .clear_i  (start_accepted),
    .enable_i (busy_q),
    .inc_i    (count_inc_i),
    .index_i  (IndexW'(offset >> 3)),
    .count_o  (count)
  );

  assign start_o      = start_q;
  assign abort_o      = abort_q;
  assign busy_o       = busy_q;
  assign prog_addr_o  = {prog_line_q, 5'd0};
  assign prog_count_o = prog_count_q;
  assign irq_o        = irq_q;

  // Reads.
  assign offset      = rd_addr - AddrCounters;
  assign upper       = rd_addr[2];
  assign in_counters = rd_addr >= AddrCounters && 32'(offset) < 32'(8 * NumCounters)
                       && rd_addr[1:0] == '0;

  always_comb begin
    rd_error = 1'b0;
    rd_data  = '0;
    case (rd_addr)
      AddrId:          rd_data = IdValue;
      AddrVersion:     rd_data = VersionValue;
      AddrParamCore:   rd_data = {8'd0, 8'(NumSwo), 8'(NumDwo), 8'(NumPea)};
      AddrParamTile:   rd_data = {16'(TileN), 16'(TileK)};
      AddrParamWmem:   rd_data = WmemBytes;
      AddrParamAmem:   rd_data = AmemBytes;
      AddrParamOmem:   rd_data = OmemBytes;
      AddrStatus:      rd_data = {27'd0, ignored_q, error_q, done_q, busy_q, !busy_q};
      AddrError:       rd_data = {detail_q, 8'd0, code_q};
      AddrErrorDesc:   rd_data = desc_q;
      AddrErrorAddrLo: rd_data = 32'(error_addr_q);
      AddrErrorAddrHi: rd_data = 32'(error_addr_q >> 32);
      AddrProgAddrLo:  rd_data = 32'(prog_addr_o);
      AddrProgAddrHi:  rd_data = 32'(prog_addr_o >> 32);
      AddrProgCount:   rd_data = prog_count_q;
      AddrIrqStatus:   rd_data = {29'd0, irq_status_q};
      AddrIrqEnable:   rd_data = {29'd0, irq_enable_q};
      default: begin
        rd_error = !in_counters;
        rd_data  = upper ? held_q : 32'(count);
      end
    endcase
  end

  // Writes.
  assign wr_error = !(wr_addr == AddrCtrl || wr_addr == AddrProgAddrLo || wr_addr == AddrProgAddrHi
                      || wr_addr == AddrProgCount || wr_addr == AddrIrqStatus
                      || wr_addr == AddrIrqEnable);
  assign wr_ones        = wr_data & wr_mask;
  assign start          = wr_valid && wr_addr == AddrCtrl && wr_ones[0];
  assign start_accepted = start && !busy_q;
  assign end_ok         = end_i && end_code_i == ErrNone;
  assign end_bad        = end_i && end_code_i != ErrNone;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {start_q, abort_q, busy_q, done_q, error_q, ignored_q, irq_q} <= '0;
      {code_q, detail_q, desc_q, error_addr_q, held_q}              <= '0;
      {prog_line_q, prog_count_q, irq_status_q, irq_enable_q}       <= '0;
    end else begin
      start_q <= start_accepted;
      busy_q  <= start_accepted || (busy_q && !end_i);
      abort_q <= busy_q && !end_i
                 && (abort_q || (wr_valid && wr_addr == AddrCtrl && wr_ones[1]));
      if (start) ignored_q <= busy_q;
      if (start_accepted || end_i) begin
        done_q       <= end_ok;
        error_q      <= end_bad;
        code_q       <= end_i ? end_code_i : '0;
        detail_q     <= end_bad ? end_detail_i : '0;
        desc_q       <= end_bad ? end_desc_i : '0;
        error_addr_q <= end_bad ? end_addr_i : '0;
      end
      irq_status_q <= {start && busy_q, end_bad, end_ok}
          | (irq_status_q & ~(wr_ones[2:0] & {3{wr_valid && wr_addr == AddrIrqStatus}}));
      irq_q <= |(irq_status_q & irq_enable_q);
      if (wr_valid && wr_addr == AddrProgAddrLo)
        prog_line_q[26:0] <= (prog_line_q[26:0] & ~wr_mask[31:5]) | wr_ones[31:5];
      if (wr_valid && wr_addr == AddrProgAddrHi)
        prog_line_q[34:27] <= (prog_line_q[34:27] & ~wr_mask[7:0]) | wr_ones[7:0];
      if (wr_valid && wr_addr == AddrProgCount) prog_count_q <= (prog_count_q & ~wr_mask) | wr_ones;
      if (wr_valid && wr_addr == AddrIrqEnable)
        irq_enable_q <= (irq_enable_q & ~wr_mask[2:0]) | wr_ones[2:0];
      if (rd_valid && in_counters && !upper) held_q <= count[63:32];
    end
  end

  `PANACEA_ASSERT(!end_i || busy_q, "a run ends that was not begun")

endmodule

`default_nettype wire
