// SPDX-License-Identifier: Apache-2.0
// Plays a file into a valid/ready stream, a beat a cycle except for random pauses.
// start_i opens NAME.bin (NAMEindex.bin if Index >= 0) in the run's folder; a beat is ceil(W / 8)
// bytes, most significant first. The first beat is valid in the second cycle after start_i, so
// that all sources started together present their first beats together. Payload is stable until
// taken; without a beat it is zero, or random with garbage_i. A missing file is an empty one.
`default_nettype none

module stream_source #(
  parameter int W = 64,
  parameter Name = "stream",
  parameter int Index = -1,
  parameter int Salt = 1
) (
  input  wire logic        clk_i,
  input  wire logic        rst_ni,
  input  wire logic        start_i,
  input  wire logic [31:0] seed_i,
  input  wire logic [7:0]  stall_i,
  input  wire logic        burst_i,
  input  wire logic        garbage_i,
  output logic             valid_o,
  input  wire logic        ready_i,
  output logic [W-1:0]     data_o,
  output logic             busy_o
);

  localparam int Bytes = (W + 7) / 8;

  logic stall;
  logic [31:0] noise;
  logic [Bytes*8-1:0] beat;
  integer file;
  integer got;

  stall_gen #(
    .Salt(Salt)
  ) i_stall (
    .clk_i,
    .start_i,
    .seed_i,
    .prob_i(stall_i),
    .burst_i,
    .garbage_i,
    .stall_o(stall),
    .random_o(noise)
  );

  initial begin
    file = 0;
    valid_o = 1'b0;
    data_o = '0;
    busy_o = 1'b0;
  end

  // The file handle is a testbench variable: blocking, used by this process only.
  always @(posedge clk_i) begin
    if (!rst_ni || start_i) begin
      if (file != 0) $fclose(file);
      file = 0;
      if (rst_ni) begin
        if (Index >= 0) file = $fopen($sformatf("%s%0d.bin", Name, Index), "rb");
        else file = $fopen($sformatf("%s.bin", Name), "rb");
      end
      busy_o <= file != 0;
      valid_o <= 1'b0;
      data_o <= '0;
    end else if (!valid_o || ready_i) begin
      valid_o <= 1'b0;
      if (garbage_i) data_o <= W'({((W + 31) / 32) {noise}});
      else if (valid_o) data_o <= '0;
      if (file != 0 && !stall) begin
        got = $fread(beat, file);
        if (got == Bytes) begin
          valid_o <= 1'b1;
          data_o <= beat[W-1:0];
        end else begin
          if (got != 0) $fatal(1, "%m: %s ends with %0d bytes of a beat", Name, got);
          $fclose(file);
          file = 0;
        end
      end
      busy_o <= file != 0;
    end
  end

endmodule

`default_nettype wire
