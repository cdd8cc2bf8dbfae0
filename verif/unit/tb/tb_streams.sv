// SPDX-License-Identifier: Apache-2.0
// Unit top of the core's ends: global_activation_buffer, and result_merge for three PEAs. What a
// stream carries is one vector, so that beat-level agents fit; what may be unknown is masked.
`default_nettype none

module tb_streams
  import panacea_pkg::*;
();

  localparam int CmdW = $bits(cmd_t);
  localparam int MetaW = $bits(group_meta_t);
  localparam int BlockW = BlockLen * PsumW;
  localparam int CsW = VecLen * CompW;
  localparam int Peas = 3;

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // Commands and compressed activations in; groups by position out.
  logic gc_valid, gc_ready, x_valid, x_ready, a_valid, a_ready;
  logic a_last, gab_error;
  logic [CmdW-1:0] gc_data;
  logic [BeatW-1:0] x_data, a_lo, a_ho, a_ho_stored;
  logic [MetaW-1:0] a_meta;
  logic [15:0] a_stored, gab_errors;
  logic [BeatEntries-1:0] gab_listed, gab_kept;
  logic [1+MetaW+16+2*BeatW-1:0] a_data;

  global_activation_buffer #(
    .TileK(64),
    .BeatLen(16)
  ) i_gab (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(gc_valid),
    .cmd_ready_o(gc_ready),
    .cmd_i(gc_data),
    .valid_i(x_valid),
    .ready_o(x_ready),
    .data_i(x_data),
    .valid_o(a_valid),
    .ready_i(a_ready),
    .last_o(a_last),
    .meta_o(a_meta),
    .stored_o(a_stored),
    .lo_o(a_lo),
    .ho_o(a_ho),
    .error_o(gab_error)
  );

  assign gab_listed = i_gab.listed;
  assign gab_kept   = i_gab.ho_valid;

  for (genvar i = 0; i < 16; i++) begin : gen_stored
    assign a_ho_stored[i*VecW+:VecW] = a_stored[i] ? a_ho[i*VecW+:VecW] : '0;
  end
  assign a_data = {a_last, a_meta, a_stored, a_ho_stored, a_lo};

  always @(posedge clk) gab_errors <= rst_n ? gab_errors + 16'(gab_error) : '0;

  // Commands, folded bias and blocks in; completed blocks out.
  logic mc_valid, mc_ready, b_valid, b_ready, y_valid, y_ready, y_last;
  logic p0_valid, p0_ready, p1_valid, p1_ready, p2_valid, p2_ready;
  logic [CmdW-1:0]        mc_data;
  logic [VecLen*PsumW-1:0] b_data;
  logic [CsW+BlockW-1:0] p0_data, p1_data, p2_data;
  logic [BlockW-1:0]      y_block;
  logic [ApsqW-1:0]       y_apsq;
  logic [ApsqW+BlockW:0]  y_data;

  result_merge #(
    .NumPea(Peas)
  ) i_merge (
    .clk_i(clk),
    .rst_ni(rst_n),
    .cmd_valid_i(mc_valid),
    .cmd_ready_o(mc_ready),
    .cmd_i(mc_data),
    .b_valid_i(b_valid),
    .b_ready_o(b_ready),
    .b_data_i(b_data),
    .valid_i({p2_valid, p1_valid, p0_valid}),
    .ready_o({p2_ready, p1_ready, p0_ready}),
    .psum_i({p2_data[0 +: BlockW], p1_data[0 +: BlockW], p0_data[0 +: BlockW]}),
    .comp_i({p2_data[BlockW +: CsW], p1_data[BlockW +: CsW], p0_data[BlockW +: CsW]}),
    .y_valid_o(y_valid),
    .y_ready_i(y_ready),
    .y_last_o(y_last),
    .y_apsq_o(y_apsq),
    .y_data_o(y_block)
  );
  assign y_data = {y_apsq, y_last, y_block};

endmodule

`default_nettype wire
