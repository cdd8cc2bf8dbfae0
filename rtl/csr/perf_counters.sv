// SPDX-License-Identifier: Apache-2.0
// NumCounters counters of 64 bits, each with its own amount to add in a cycle. Cleared and
// enabled together. They do not saturate: at 255 a cycle and 1 GHz 64 bits last for two years.
`default_nettype none

module perf_counters #(
  parameter int NumCounters = 24,
  parameter int IncW        = 8,
  localparam int IndexW = (NumCounters > 1) ? $clog2(NumCounters) : 1
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  input  logic                        clear_i,
  input  logic                        enable_i,
  input  logic [NumCounters*IncW-1:0] inc_i,
  input  logic [IndexW-1:0]           index_i,
  output logic [63:0]                 count_o    // of counter index_i
);

  logic [63:0] count_q[NumCounters];

  for (genvar i = 0; i < NumCounters; i++) begin : gen_counter
    always_ff @(posedge clk_i) begin
      if (!rst_ni || clear_i) count_q[i] <= '0;
      else if (enable_i) count_q[i] <= count_q[i] + 64'(inc_i[i*IncW+:IncW]);
    end
  end

  assign count_o = count_q[index_i];

endmodule

`default_nettype wire
