// SPDX-License-Identifier: Apache-2.0
// Puts the PEAs' blocks in order and completes them: y = products + folded bias - (r comp) << l,
// modulo 2^32 (equation (6)); l is 3 + dbs, or 8 for the upper part of 12-bit activations. Order
// of a command's beats: column group, tile, PEA. Of several passes it gets the last command.
//
// The folded bias of a command comes first, one beat for every tile and PEA; two commands' bias
// is held, so the next one loads meanwhile. One block a cycle, two cycles of latency.
`default_nettype none

module result_merge
  import panacea_pkg::*;
#(
  parameter int NumPea = 16,
  localparam int CmdW   = $bits(cmd_t),
  localparam int BlockW = BlockLen * PsumW,
  localparam int RowsW  = VecLen * PsumW,
  localparam int CsW    = VecLen * CompW,
  localparam int PeaA   = (NumPea > 1) ? $clog2(NumPea) : 1
) (
  input  logic                     clk_i,
  input  logic                     rst_ni,
  input  logic                     cmd_valid_i,
  output logic                     cmd_ready_o,
  input  logic [CmdW-1:0]          cmd_i,
  input  logic                     b_valid_i,
  output logic                     b_ready_o,
  input  logic [RowsW-1:0]         b_data_i,
  input  logic [NumPea-1:0]        valid_i,
  output logic [NumPea-1:0]        ready_o,
  input  logic [NumPea*BlockW-1:0] psum_i,
  input  logic [NumPea*CsW-1:0]    comp_i,
  output logic                     y_valid_o,
  input  logic                     y_ready_i,
  output logic                     y_last_o,
  output logic [ApsqW-1:0]         y_apsq_o,   // of the command
  output logic [BlockW-1:0]        y_data_o
);

  // Commands, for loading the bias and for the blocks.
  logic load_space, load_valid, load_end, load_dtp;
  logic out_space, out_valid, out_end;
  cmd_t out_cmd;
  logic [CmdW-1:0] out_cmd_bits;

  assign cmd_ready_o = load_space && out_space;
  assign out_cmd     = out_cmd_bits;

  stream_fifo #(
    .Width(1),
    .Depth(2)
  ) i_load_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_valid_i && out_space),
    .ready_o (load_space),
    .data_i  (cmd_i[0]),
    .valid_o (load_valid),
    .ready_i (load_end),
    .data_o  (load_dtp)
  );

  stream_fifo #(
    .Width(CmdW),
    .Depth(4)
  ) i_out_fifo (
    .clk_i,
    .rst_ni,
    .valid_i (cmd_valid_i && load_space),
    .ready_o (out_space),
    .data_i  (cmd_i),
    .valid_o (out_valid),
    .ready_i (out_end),
    .data_o  (out_cmd_bits)
  );

  // Folded bias, by {bank, tile, PEA}.
  logic [RowsW-1:0] bias_mem [4*NumPea];
  logic [1:0]       bias_full_q;
  logic load_bank_q, load_tile_q, out_bank_q;
  logic [PeaA-1:0] load_pea_q;
  logic load_take, load_wrap;

  assign b_ready_o = load_valid && !bias_full_q[load_bank_q];
  assign load_take = b_valid_i && b_ready_o;
  assign load_wrap = load_pea_q == PeaA'(NumPea - 1);
  assign load_end  = load_take && load_wrap && (load_tile_q == load_dtp);

  always_ff @(posedge clk_i) begin
    if (load_take) bias_mem[int'({load_bank_q, load_tile_q})*NumPea+int'(load_pea_q)] <= b_data_i;
    if (!rst_ni) begin
      load_bank_q <= 1'b0;
      load_tile_q <= 1'b0;
      load_pea_q  <= '0;
      bias_full_q <= '0;
    end else begin
      if (load_take) begin
        load_pea_q <= load_wrap ? '0 : load_pea_q + 1'b1;
        if (load_wrap) load_tile_q <= !load_end;
      end
      if (load_end) begin
        load_bank_q              <= !load_bank_q;
        bias_full_q[load_bank_q] <= 1'b1;
      end
      if (out_end) bias_full_q[out_bank_q] <= 1'b0;
    end
  end

  // Sequence of the blocks.
  logic [7:0] group_q;
  logic tile_q, take, pea_end, group_end, sel_ready;
  logic [PeaA-1:0] pea_q;

  assign take      = out_valid && bias_full_q[out_bank_q] && valid_i[pea_q] && sel_ready;
  assign pea_end   = take && (pea_q == PeaA'(NumPea - 1));
  assign group_end = pea_end && (tile_q == out_cmd.dtp);
  assign out_end   = group_end && (group_q + 8'd1 == out_cmd.groups);
  for (genvar p = 0; p < NumPea; p++) begin : gen_ready
    assign ready_o[p] = take && (pea_q == PeaA'(p));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      group_q    <= '0;
      tile_q     <= 1'b0;
      pea_q      <= '0;
      out_bank_q <= 1'b0;
    end else if (take) begin
      pea_q <= pea_end ? '0 : pea_q + 1'b1;
      if (pea_end) tile_q <= !group_end;
      if (group_end) group_q <= out_end ? '0 : group_q + 1'b1;
      if (out_end) out_bank_q <= !out_bank_q;
    end
  end

  // First stage: the selected block. Second stage: the completed one.
  logic sel_valid_q, sel_last_q;
  logic [BlockW-1:0] sel_psum_q;
  logic [CsW-1:0]    sel_comp_q;
  logic [RowsW-1:0]  sel_bias_q;
  logic [3:0]        sel_r_q;
  logic [1:0]        sel_dbs_q;
  logic              sel_act_up_q;
  logic [ApsqW-1:0]  sel_apsq_q;
  logic              y_space;

  assign y_space   = !y_valid_o || y_ready_i;
  assign sel_ready = !sel_valid_q || y_space;

  function automatic logic [PsumW-1:0] complete(
      input logic [PsumW-1:0] psum, input logic [CompW-1:0] comp, input logic [PsumW-1:0] bias,
      input logic [3:0] r, input logic [1:0] dbs, input logic act_up);
    logic [PsumW-1:0] wide;
    wide = PsumW'($signed(comp)) * PsumW'(r);
    case ({
      act_up, dbs
    })
      3'd1:    complete = psum + bias - (wide << 4);
      3'd2:    complete = psum + bias - (wide << 5);
      3'd3:    complete = psum + bias - (wide << 6);
      default: complete = psum + bias - (wide << 8);
    endcase
  endfunction

  always_ff @(posedge clk_i) begin
    if (take) begin
      sel_psum_q <= psum_i[int'(pea_q) * BlockW +: BlockW];
      sel_comp_q <= comp_i[int'(pea_q) * CsW +: CsW];
      sel_bias_q <= bias_mem[int'({out_bank_q, tile_q}) * NumPea + int'(pea_q)];
      sel_r_q    <= out_cmd.r;
      sel_dbs_q  <= out_cmd.dbs;
      sel_act_up_q <= out_cmd.act_up;
      sel_apsq_q <= out_cmd.apsq;
      sel_last_q <= out_end;
    end
    if (sel_valid_q && y_space) begin
      for (int e = 0; e < BlockLen; e++)
      y_data_o[e*PsumW+:PsumW] <= complete(
          sel_psum_q[e*PsumW+:PsumW],
          sel_comp_q[(e/VecLen)*CompW+:CompW],
          sel_bias_q[(e/VecLen)*PsumW+:PsumW],
          sel_r_q,
          sel_dbs_q,
          sel_act_up_q
      );
      y_apsq_o <= sel_apsq_q;
      y_last_o <= sel_last_q;
    end
    if (!rst_ni) begin
      sel_valid_q <= 1'b0;
      y_valid_o   <= 1'b0;
    end else begin
      if (sel_ready) sel_valid_q <= take;
      if (y_space) y_valid_o <= sel_valid_q;
    end
  end

endmodule

`default_nettype wire
