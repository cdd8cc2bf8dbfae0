// SPDX-License-Identifier: Apache-2.0
// Every block is taken once, in the order column group, tile, PEA, and leaves once, in this
// order, and what is put together for it is its own: products, sums for the compensation, bias,
// r and l. Seen at one tile and PEA, which may be any; commands follow each other without end.
// What becomes of it: merge_sum_props.
`default_nettype none
`include "formal.svh"

module result_merge_props
  import panacea_pkg::*;
#(
  parameter int Element = 6,           // row 1, column 2
  localparam int NumPea = 2,
  localparam int CmdW   = $bits(cmd_t),
  localparam int BlockW = BlockLen * PsumW,
  localparam int Row    = Element / VecLen
) (
  input logic                              clk_i,
  input logic                              rst_ni,
  input logic                              cmd_valid_i,
  input logic [CmdW-1:0]                   cmd_i,
  input logic                              b_valid_i,
  input logic [VecLen*PsumW-1:0]           b_data_i,
  input logic [NumPea-1:0]                 valid_i,
  input logic [NumPea-1:0][BlockW-1:0]     psum_i,
  input logic [NumPea-1:0][VecLen*CompW-1:0] comp_i,
  input logic                              y_ready_i
);

  logic cmd_ready, b_ready, y_valid, y_last;
  logic [NumPea-1:0] ready;
  logic [ApsqW-1:0]  y_apsq;
  logic [BlockW-1:0] y_data;

  result_merge #(
    .NumPea(NumPea)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .cmd_valid_i,
    .cmd_ready_o(cmd_ready),
    .cmd_i,
    .b_valid_i,
    .b_ready_o(b_ready),
    .b_data_i,
    .valid_i,
    .ready_o(ready),
    .psum_i(psum_i),
    .comp_i(comp_i),
    .y_valid_o(y_valid),
    .y_ready_i,
    .y_last_o(y_last),
    .y_apsq_o(y_apsq),
    .y_data_o(y_data)
  );

  `FORMAL_RESET

  // The commands that the blocks, and the bias beats, belong to: queues that are proven elsewhere.
  cmd_t cmd;
  logic load_dtp;
  assign cmd      = i_dut.out_cmd_bits;
  assign load_dtp = i_dut.load_dtp;

  // What is looked at.
  logic tile_q, pea_q;
  always_ff @(posedge clk_i) {tile_q, pea_q} <= {tile_q, pea_q};

  // Places in the two streams; the parity of their commands.
  logic load_par_q, load_tile_q, load_pea_q, out_par_q, out_tile_q, out_pea_q;
  logic [7:0] out_group_q;
  logic load, load_end, take, end_of_cmd, ours;
  assign load       = b_valid_i && b_ready;
  assign load_end   = load && load_pea_q && load_tile_q == load_dtp;
  assign take       = ready != '0;
  assign end_of_cmd = out_pea_q && out_tile_q == cmd.dtp && out_group_q + 8'd1 == cmd.groups;
  assign ours       = out_tile_q == tile_q && out_pea_q == pea_q;

  // The bias that was loaded for what is looked at, by parity of the command.
  logic [PsumW-1:0] bias [2];
  logic [1:0]       loaded_q;

  // Blocks taken that have not left, the oldest in front.
  typedef struct packed {
    logic             ours;
    logic             last;
    logic [ApsqW-1:0] apsq;
    logic [3:0]       r;
    logic [1:0]       dbs;
    logic             act_up;
    logic [PsumW-1:0] psum;
    logic [CompW-1:0] comp;
    logic [PsumW-1:0] bias;
  } block_t;
  block_t block, first_q, second_q;
  logic [1:0] held_q;
  logic       leave;

  assign leave = y_valid && y_ready_i;
  always_comb begin
    block.ours  = ours;
    block.last  = end_of_cmd;
    block.apsq  = cmd.apsq;
    block.r     = cmd.r;
    block.dbs   = cmd.dbs;
    block.act_up = cmd.act_up;
    block.psum  = psum_i[out_pea_q][Element*PsumW +: PsumW];
    block.comp  = comp_i[out_pea_q][Row*CompW +: CompW];
    block.bias  = bias[out_par_q];
  end

  always_ff @(posedge clk_i) begin
    if (load && load_tile_q == tile_q && load_pea_q == pea_q)
      bias[load_par_q] <= b_data_i[Row*PsumW+:PsumW];
    if (leave) first_q <= second_q;
    if (take) begin
      if (held_q == 2'(leave)) first_q <= block;
      else second_q <= block;
    end
    if (!rst_ni) begin
      {load_par_q, load_tile_q, load_pea_q, out_par_q, out_tile_q, out_pea_q} <= '0;
      {out_group_q, loaded_q, held_q} <= '0;
    end else begin
      held_q <= held_q + 2'(take) - 2'(leave);
      if (load) begin
        load_pea_q <= !load_pea_q;
        if (load_pea_q) load_tile_q <= !load_end;
        if (load_end) load_par_q <= !load_par_q;
        if (load_tile_q == tile_q && load_pea_q == pea_q) loaded_q[load_par_q] <= 1'b1;
      end
      if (take) begin
        out_pea_q <= !out_pea_q;
        if (out_pea_q) out_tile_q <= cmd.dtp && !out_tile_q;
        if (out_pea_q && out_tile_q == cmd.dtp) out_group_q <= end_of_cmd ? '0 : out_group_q + 1'b1;
        if (end_of_cmd) begin
          out_par_q           <= !out_par_q;
          loaded_q[out_par_q] <= 1'b0;
        end
      end
    end
  end

  // How the two queues of commands and the banks fit together.
  logic [2:0] out_count, load_count, full;
  logic [1:0] at, dtp, load_fits;
  assign out_count  = i_dut.i_out_fifo.count_q;
  assign load_count = 3'(i_dut.i_load_fifo.count_q);
  assign full       = 3'(i_dut.bias_full_q[0]) + 3'(i_dut.bias_full_q[1]);
  assign at         = i_dut.i_out_fifo.rd_q;
  for (genvar c = 0; c < 2; c++) begin : gen_command
    logic [1:0] place;
    assign place        = at + 2'(full) + 2'(c);
    assign dtp[c]       = i_dut.i_out_fifo.mem[at + 2'(c)][0];
    assign load_fits[c] = 3'(c) >= load_count
        || i_dut.i_load_fifo.mem[i_dut.i_load_fifo.rd_q ^ 1'(c)] == i_dut.i_out_fifo.mem[place][0];
  end

  logic bank, other;
  assign bank  = i_dut.out_bank_q;
  assign other = !bank;

  always_comb
    if (rst_ni) begin
      a_order : assert (ready == '0 || ready == NumPea'(1) << out_pea_q);
      a_given : assert ((ready & ~valid_i) == '0);
      a_leaves : assert (!y_valid || held_q != '0);
      a_room : assert (held_q <= 2'd2);
      a_last : assert (!y_valid || (y_last == first_q.last && y_apsq == first_q.apsq));
      a_loaded : assert (!take || !ours || loaded_q[out_par_q]);
      inv_places :
      assert (i_dut.load_bank_q == load_par_q && i_dut.load_tile_q == load_tile_q
                        && i_dut.load_pea_q == load_pea_q && bank == out_par_q
                        && i_dut.tile_q == out_tile_q && i_dut.pea_q == out_pea_q
                        && i_dut.group_q == out_group_q);
      inv_queues :
      assert (out_count == load_count + full && load_count <= 3'd2 && out_count <= 3'd4
                        && &load_fits);
      inv_wr :
      assert (i_dut.i_out_fifo.wr_q == at + 2'(out_count)
                        && i_dut.i_load_fifo.wr_q == (i_dut.i_load_fifo.rd_q ^ load_count[0]));
      inv_banks :
      assert (i_dut.load_bank_q == (bank ^ full[0]) && (full == 3'd0 || i_dut.bias_full_q[bank]));
      inv_part :
      assert ({load_tile_q, load_pea_q} == '0
                        || (load_count != '0 && full != 3'd2 && (!load_tile_q || load_dtp)));
      inv_loaded : assert (full == 3'd0 ? !loaded_q[other] : loaded_q[bank] == (!tile_q || dtp[0]));
      inv_second : assert (full != 3'd2 || loaded_q[other] == (!tile_q || dtp[1]));
      inv_now :
      assert (full == 3'd2 || loaded_q[load_par_q]
                                        == ({load_tile_q, load_pea_q} > {tile_q, pea_q}));
      inv_bias_0 :
      assert (!loaded_q[0] || i_dut.bias_mem[{1'b0, tile_q, pea_q}][Row*PsumW+:PsumW] == bias[0]);
      inv_bias_1 :
      assert (!loaded_q[1] || i_dut.bias_mem[{1'b1, tile_q, pea_q}][Row*PsumW+:PsumW] == bias[1]);
      inv_tile : assert (!out_tile_q || (i_dut.out_valid && cmd.dtp));
      inv_open : assert ((out_group_q == '0 && !out_pea_q) || i_dut.out_valid);
      inv_held : assert (held_q == 2'(i_dut.y_valid_o) + 2'(i_dut.sel_valid_q));
      c_two : cover (leave && y_last && first_q.ours && tile_q && pea_q);
      c_full : cover (full == 3'd2 && out_count == 3'd4);
      c_stream : cover (leave && take && held_q == 2'd2 && out_par_q);
    end

  // The block in the first stage.
  block_t sel;
  assign sel = i_dut.y_valid_o ? second_q : first_q;
  always_comb
    if (rst_ni && i_dut.sel_valid_q) begin
      a_block :
      assert (i_dut.sel_psum_q[Element*PsumW +: PsumW] == sel.psum
                        && i_dut.sel_comp_q[Row*CompW +: CompW] == sel.comp);
      a_bias : assert (!sel.ours || i_dut.sel_bias_q[Row*PsumW+:PsumW] == sel.bias);
      a_command :
      assert (i_dut.sel_last_q == sel.last && i_dut.sel_apsq_q == sel.apsq
                        && i_dut.sel_r_q == sel.r && i_dut.sel_dbs_q == sel.dbs
                        && i_dut.sel_act_up_q == sel.act_up);
    end

  payload_check #(
    .Width(1 + ApsqW)
  ) i_stable (
    .clk_i,
    .rst_ni,
    .valid_i(y_valid),
    .ready_i(y_ready_i),
    .data_i({y_last, y_apsq})
  );

endmodule

`default_nettype wire
