// SPDX-License-Identifier: Apache-2.0
// Unit top of the read arbiter and of the DMAs for descriptors, activations, parameters, results.
`default_nettype none

module tb_dma
  import panacea_pkg::*;
  import ppu_pkg::*;
  import chip_pkg::*;
#(
  parameter int NumPea = 16
) ();

  localparam int AmemDepth = 64;
  localparam int OmemDepth = 128;
  localparam int ReqW = $bits(read_req_t);
  localparam int UsedW = $clog2(AmemDepth) + 1;

  logic clk, rst_n;
  initial begin
    clk = 1'b0;
    forever #5 clk = !clk;
  end

  // For the benches: the parameters.
  logic [15:0] num_pea, amem_depth, omem_depth;
  assign num_pea    = 16'(NumPea);
  assign amem_depth = 16'(AmemDepth);
  assign omem_depth = 16'(OmemDepth);

  logic [3:0] g_valid, g_ready;
  logic [4*ReqW-1:0] g_req;
  logic g_out_valid, g_out_ready;
  logic [ReqW-1:0] g_out_req;
  read_arbiter i_arbiter (
    .clk_i(clk),
    .rst_ni(rst_n),
    .valid_i(g_valid),
    .ready_o(g_ready),
    .req_i(g_req),
    .valid_o(g_out_valid),
    .ready_i(g_out_ready),
    .req_o(g_out_req)
  );

  logic d_start, d_req_valid, d_req_ready, d_valid, d_out_valid, d_out_ready;
  logic [LineAddrW-1:0] d_line;
  logic [31:0]          d_count;
  logic [ReqW-1:0]      d_req;
  logic [BusW-1:0] d_data, d_out;
  descriptor_dma i_descriptors (
    .clk_i(clk),
    .rst_ni(rst_n),
    .start_i(d_start),
    .line_i(d_line),
    .count_i(d_count),
    .req_valid_o(d_req_valid),
    .req_ready_i(d_req_ready),
    .req_o(d_req),
    .valid_i(d_valid),
    .data_i(d_data),
    .valid_o(d_out_valid),
    .ready_i(d_out_ready),
    .data_o(d_out)
  );

  logic a_job_valid, a_job_ready, a_req_valid, a_req_ready;
  logic a_table_valid, a_act_valid, a_act_ready, a_held, a_error;
  logic                        a_too_large;
  logic [$bits(act_job_t)-1:0] a_job;
  logic [SeqW-1:0]             a_written;
  logic [ReqW-1:0]             a_req;
  logic [BusW-1:0]             a_data;
  logic [UsedW-1:0]            a_used;
  activation_dma #(
    .Depth(AmemDepth)
  ) i_activations (
    .clk_i(clk),
    .rst_ni(rst_n),
    .job_valid_i(a_job_valid),
    .job_ready_o(a_job_ready),
    .job_i(a_job),
    .written_i(a_written),
    .req_valid_o(a_req_valid),
    .req_ready_i(a_req_ready),
    .req_o(a_req),
    .table_valid_i(a_table_valid),
    .data_i(a_data),
    .act_valid_i(a_act_valid),
    .act_ready_i(a_act_ready),
    .used_i(a_used),
    .held_i(a_held),
    .error_o(a_error),
    .too_large_o(a_too_large)
  );

  logic p_job_valid, p_job_ready, p_req_valid, p_req_ready, p_valid;
  logic p_b_valid, p_b_ready, p_par_valid, p_par_ready;
  logic p_cmd_valid, p_cmd_ready;
  logic [$bits(param_job_t)-1:0] p_job;
  logic [ReqW-1:0]               p_req;
  logic [BusW-1:0]               p_data;
  logic [VecLen*PsumW-1:0]       p_b;
  logic [ParAddrW-1:0]           p_par_addr;
  logic [ParDataW-1:0]           p_par;
  logic [$bits(ppu_cmd_t)-1:0]   p_cmd;
  parameter_dma #(
    .NumPea(NumPea)
  ) i_parameters (
    .clk_i(clk),
    .rst_ni(rst_n),
    .job_valid_i(p_job_valid),
    .job_ready_o(p_job_ready),
    .job_i(p_job),
    .req_valid_o(p_req_valid),
    .req_ready_i(p_req_ready),
    .req_o(p_req),
    .valid_i(p_valid),
    .data_i(p_data),
    .b_valid_o(p_b_valid),
    .b_ready_i(p_b_ready),
    .b_data_o(p_b),
    .par_valid_o(p_par_valid),
    .par_ready_i(p_par_ready),
    .par_addr_o(p_par_addr),
    .par_data_o(p_par),
    .cmd_valid_o(p_cmd_valid),
    .cmd_ready_i(p_cmd_ready),
    .cmd_o(p_cmd)
  );

  logic o_job_valid, o_job_ready, o_valid, o_ready, o_last, o_tile;
  logic o_part, o_req_valid, o_req_ready, o_out_valid, o_out_ready;
  logic o_done, o_mem_wr, o_mem_rd;
  logic [$bits(output_job_t)-1:0] o_job;
  logic [BusW-1:0] o_data, o_out;
  logic [AddrW-1:0]               o_req_addr;
  logic [15:0]                    o_req_beats;
  logic [BusW/8-1:0]              o_strb;
  logic [SeqW-1:0]                o_written;
  logic [31:0]                    o_next_desc;
  result_dma #(
    .Depth(OmemDepth)
  ) i_results (
    .clk_i(clk),
    .rst_ni(rst_n),
    .job_valid_i(o_job_valid),
    .job_ready_o(o_job_ready),
    .job_i(o_job),
    .valid_i(o_valid),
    .ready_o(o_ready),
    .data_i(o_data),
    .last_i(o_last),
    .tile_i(o_tile),
    .part_i(o_part),
    .req_valid_o(o_req_valid),
    .req_ready_i(o_req_ready),
    .req_addr_o(o_req_addr),
    .req_beats_o(o_req_beats),
    .valid_o(o_out_valid),
    .ready_i(o_out_ready),
    .data_o(o_out),
    .strb_o(o_strb),
    .done_i(o_done),
    .written_o(o_written),
    .next_desc_o(o_next_desc),
    .mem_wr_o(o_mem_wr),
    .mem_rd_o(o_mem_rd)
  );

endmodule

`default_nettype wire
