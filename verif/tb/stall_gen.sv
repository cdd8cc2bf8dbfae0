// SPDX-License-Identifier: Apache-2.0
// Decides, cycle by cycle, whether a stream pauses: a seeded xorshift generator hits with
// probability prob_i / 256; with burst_i a hit lasts 1 to 64 cycles, otherwise one.
// start_i loads the seed; prob_i = 0 never pauses. Without need for it the generator rests, which
// spares the simulator.
`default_nettype none

module stall_gen #(
  parameter int Salt = 1
) (
  input  wire logic        clk_i,
  input  wire logic        start_i,
  input  wire logic [31:0] seed_i,
  input  wire logic [7:0]  prob_i,
  input  wire logic        burst_i,
  input  wire logic        garbage_i,   // random_o is used
  output logic             stall_o,
  output logic [31:0]      random_o
);

  logic [5:0] hold_q;

  // Xorshift never leaves a non-zero state; a product with an odd constant spreads the salts.
  function automatic logic [31:0] step(input logic [31:0] state);
    logic [31:0] s;
    s = state ^ (state << 13);
    s = s ^ (s >> 17);
    return s ^ (s << 5);
  endfunction

  initial begin
    random_o = 32'd1;
    hold_q = 6'd0;
    stall_o = 1'b0;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      random_o <= step((seed_i ^ (Salt * 32'h9e3779b9)) | 32'd1);
      hold_q <= 6'd0;
      stall_o <= 1'b0;
    end else if (prob_i != 8'd0 || garbage_i) begin
      random_o <= step(random_o);
      if (hold_q != 6'd0) begin
        hold_q <= hold_q - 6'd1;
      end else begin
        stall_o <= random_o[15:8] < prob_i;
        if (burst_i && random_o[15:8] < prob_i) hold_q <= random_o[21:16];
      end
    end
  end

endmodule

`default_nettype wire
