// SPDX-License-Identifier: Apache-2.0
// Passive: writes every accepted beat to NAME.mon (NAMEindex.mon if Index >= 0) in the run's
// folder, little-endian in whole 32-bit words. Fails the simulation when a sender withdraws or
// changes a waiting beat, or when anything it samples is unknown.
`default_nettype none

module stream_monitor #(
  parameter int W = 64,
  parameter Name = "stream",
  parameter int Index = -1
) (
  input  wire logic         clk_i,
  input  wire logic         rst_ni,
  input  wire logic         valid_i,
  input  wire logic         ready_i,
  input  wire logic [W-1:0] data_i,
  input  wire logic         flush_i
);

  logic held_q;
  logic [W-1:0] data_q;
  integer file;

  initial begin
    held_q = 1'b0;
    if (Index >= 0) file = $fopen($sformatf("%s%0d.mon", Name, Index), "wb");
    else file = $fopen($sformatf("%s.mon", Name), "wb");
    if (file == 0) $fatal(1, "%m: cannot write the monitor's file");
  end

  always @(posedge clk_i) begin
    held_q <= 1'b0;
    if (rst_ni) begin
      if ((^{valid_i, ready_i}) === 1'bx) $fatal(1, "%m: valid or ready is unknown");
      if (held_q && !valid_i) $fatal(1, "%m: the sender withdrew a waiting beat");
      if (valid_i) begin
        if ((^data_i) === 1'bx) $fatal(1, "%m: a beat holds unknown bits");
        if (held_q && data_i != data_q) $fatal(1, "%m: the sender changed a waiting beat");
        if (ready_i) begin
          $fwrite(file, "%u", data_i);
        end else begin
          held_q <= 1'b1;
          if (!held_q) data_q <= data_i;
        end
      end
    end
    if (flush_i) $fflush(file);
  end

endmodule

`default_nettype wire
