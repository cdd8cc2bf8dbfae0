// SPDX-License-Identifier: Apache-2.0
// Writes commands.log in the run's folder: "A cycle" when the core accepts a command, and when its
// last result leaves "D first last beats" (cycles of its first and last result, results since
// reset) followed by all counters. Of several passes and steps only the last one has results: it
// alone counts as open until they are out. Wakes Python once a command with results.
`default_nettype none

module command_log #(
  parameter int Counters = 1
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_ni,
  input  wire logic                   flush_i,
  input  wire logic [39:0]            cycle_i,
  input  wire logic                   cmd_taken_i,
  input  wire logic                   cmd_more_i,
  input  wire logic                   y_taken_i,
  input  wire logic                   y_last_i,
  input  wire logic [Counters*40-1:0] counters_i,
  output logic [31:0]                 open_o,
  output logic [31:0]                 done_o
);

  logic [39:0] first;
  logic [39:0] beats;
  logic started;
  integer file;
  integer i;

  initial begin
    open_o = 32'd0;
    done_o = 32'd0;
    beats = 40'd0;
    started = 1'b0;
    file = $fopen("commands.log", "w");
    if (file == 0) $fatal(1, "%m: cannot write commands.log");
  end

  // beats, first and started are testbench variables: blocking, used by this process only.
  always @(posedge clk_i) begin
    if (!rst_ni) begin
      open_o <= 32'd0;
      beats = 40'd0;
      started = 1'b0;
    end else begin
      if (cmd_taken_i) $fdisplay(file, "A %0d", cycle_i);
      open_o <= open_o + 32'(cmd_taken_i && !cmd_more_i) - 32'(y_taken_i && y_last_i);
      if (y_taken_i) begin
        if (open_o == 32'd0) $fatal(1, "%m: a result without a command");
        if (!started) first = cycle_i;
        started = !y_last_i;
        beats = beats + 40'd1;
        if (y_last_i) begin
          $fwrite(file, "D %0d %0d %0d", first, cycle_i, beats);
          for (i = 0; i < Counters; i = i + 1) $fwrite(file, " %0d", counters_i[i*40+:40]);
          $fwrite(file, "\n");
          done_o <= done_o + 32'd1;
        end
      end
    end
    if (flush_i) $fflush(file);
  end

endmodule

`default_nettype wire
