// SPDX-License-Identifier: Apache-2.0
// A weight block is asked for once, in order, without gap, and only while every bank has room
// for all that is under way: weights never hold up the bus. Each beat goes to one bank
// unchanged, to each bank as many of a chunk as its header says.
`default_nettype none
`include "formal.svh"

module weight_dma_props
  import chip_pkg::*;
#(
  parameter int Depth    = 8,
  parameter int ReqBeats = 4,
  parameter int MaxBlock = 15,           // beats of a block
  localparam int NumPea = 2,
  localparam int JobW   = $bits(weight_job_t),
  localparam int UsedW  = $clog2(Depth) + 1
) (
  input logic                         clk_i,
  input logic                         rst_ni,
  input logic                         job_valid_i,
  input logic [JobW-1:0]              job_i,
  input logic                         req_ready_i,
  input logic                         valid_i,
  input logic [BusW-1:0]              data_i,
  input logic [NumPea-1:0][UsedW-1:0] freed_i,
  input logic [NumPea-1:0]            held_i
);

  logic job_ready, req_valid, ready, last, error, too_large;
  read_req_t         req;
  weight_job_t       job;
  logic [NumPea-1:0] bank_valid, bank_ready;
  logic [BusW-1:0]   bank_data;
  logic [NumPea-1:0][UsedW-1:0] used_q;

  weight_dma #(
    .NumPea(NumPea),
    .Depth(Depth),
    .ReqBeats(ReqBeats)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .job_valid_i,
    .job_ready_o(job_ready),
    .job_i,
    .req_valid_o(req_valid),
    .req_ready_i,
    .req_o(req),
    .valid_i,
    .ready_o(ready),
    .data_i,
    .used_i(used_q),
    .held_i,
    .bank_valid_o(bank_valid),
    .bank_ready_i(bank_ready),
    .bank_last_o(last),
    .bank_data_o(bank_data),
    .error_o(error),
    .too_large_o(too_large)
  );
  assign job = job_i;

  `FORMAL_RESET

  // Beats under way, and of the block that are not asked for yet; banks take while they have room.
  logic [15:0]          due_q;
  logic [23:0]          left_q;
  logic [LineAddrW-1:0] line_q;
  logic start, request, take;
  assign start   = job_valid_i && job_ready;
  assign request = req_valid && req_ready_i;
  assign take    = valid_i && ready;
  for (genvar p = 0; p < NumPea; p++) begin : gen_bank
    assign bank_ready[p] = used_q[p] != UsedW'(Depth);
    always_comb assume (freed_i[p] <= used_q[p]);
    always_ff @(posedge clk_i)
      used_q[p] <= !rst_ni ? '0 : used_q[p] + UsedW'(bank_valid[p] && bank_ready[p]) - freed_i[p];
  end
  always_comb begin
    assume (!valid_i || due_q != '0);
    assume (!job_valid_i || (job.beats != '0 && int'(job.beats) <= MaxBlock));
    // Counts in a header are not 0: that is an error, and the end of the run.
    assume (!valid_i || i_dut.data_q || (data_i[11:0] != '0 && data_i[27:16] != '0));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {due_q, left_q} <= '0;
    end else begin
      due_q <= due_q + (request ? req.beats : 16'd0) - 16'(take);
      if (start) begin
        left_q <= job.beats;
        line_q <= job.line;
      end else if (request) begin
        left_q <= left_q - 24'(req.beats);
        line_q <= line_q + LineAddrW'(req.beats);
      end
    end
  end

  // A chunk: its header, then the beats of one bank, then those of the other.
  logic        data_q;
  logic [11:0] count [NumPea];
  logic [11:0] got   [NumPea];
  always_ff @(posedge clk_i) begin
    if (take && !data_q) count <= '{data_i[11:0], data_i[27:16]};
    if (!rst_ni) begin
      data_q <= 1'b0;
      got    <= '{default: '0};
    end else if (take) begin
      data_q <= !data_q || bank_valid[0] || got[1] + 1'b1 != count[1];
      for (int p = 0; p < NumPea; p++) got[p] <= data_q ? got[p] + 12'(bank_valid[p]) : '0;
    end
  end

  // Beats of all blocks that have been begun, as far as they have not arrived.
  localparam int SumW = $clog2(4 * MaxBlock + 1);
  logic [SumW-1:0] announced;
  logic [3:0] fits, brief;
  always_comb begin
    announced = '0;
    for (int i = 0; i < 4; i++) begin
      fits[i] = i >= int'(i_dut.i_blocks.count_q)
                || i_dut.i_blocks.mem[i_dut.i_blocks.rd_q + 2'(i)] != '0;
      brief[i] = i >= int'(i_dut.i_blocks.count_q)
                || i_dut.i_blocks.mem[i_dut.i_blocks.rd_q + 2'(i)] <= 24'(MaxBlock);
      if (i < int'(i_dut.i_blocks.count_q))
        announced = announced + SumW'(i_dut.i_blocks.mem[i_dut.i_blocks.rd_q+2'(i)]);
    end
  end

  always_comb
    if (rst_ni) begin
      a_room :
      assert (int'(used_q[0]) + int'(due_q) <= Depth && int'(used_q[1]) + int'(due_q) <= Depth);
      a_bus : assert (!valid_i || ready);
      a_ask :
      assert (!request || (req.tag == TagWeight && req.line == line_q && req.beats != '0
                       && int'(req.beats) <= ReqBeats && 24'(req.beats) <= left_q));
      a_all : assert (!start || left_q == '0);
      a_one : assert (!take || (bank_valid == '0) == !data_q);
      a_single : assert (bank_valid != '1);
      a_order : assert (!bank_valid[1] || got[0] == count[0]);
      a_counts : assert (!(take && data_q) || bank_valid[1] || got[0] < count[0]);
      a_data : assert (bank_data == data_i);
      inv_ask :
      assert (i_dut.under_way_q == due_q && i_dut.left_q == left_q
                       && (left_q == '0 || i_dut.line_q == line_q));
      inv_chunk : assert (i_dut.data_q == data_q && !i_dut.header_q);
      inv_count :
      assert (!data_q || (i_dut.count_q[0] == count[0] && i_dut.count_q[1] == count[1]));
      inv_got :
      assert (!data_q || (count[0] != '0 && count[1] != '0
                       && i_dut.done_q == (i_dut.pea_q ? got[1] : got[0])
                       && (i_dut.pea_q ? got[0] == count[0] && got[1] < count[1]
                                       : got[0] < count[0] && got[1] == '0)));
      inv_head : assert (data_q || (i_dut.done_q == '0 && !i_dut.pea_q));
      inv_sum : assert (announced == SumW'(i_dut.beat_q) + SumW'(due_q) + SumW'(left_q));
      inv_queue :
      assert (&fits && &brief && int'(left_q) <= MaxBlock && i_dut.i_blocks.count_q <= 3'd4
                       && i_dut.i_blocks.wr_q == i_dut.i_blocks.rd_q + 2'(i_dut.i_blocks.count_q));
      inv_front :
      assert (i_dut.i_blocks.count_q == '0 ? i_dut.beat_q == '0
                       : i_dut.beat_q < i_dut.i_blocks.mem[i_dut.i_blocks.rd_q]);
      c_two : cover (take && bank_valid[1] && got[0] == 12'd2 && i_dut.i_blocks.count_q == 3'd2);
      c_full : cover (int'(due_q) == Depth);
      c_waits : cover (left_q != '0 && !req_valid && used_q[1] == '0 && used_q[0] == UsedW'(6));
    end

endmodule

`default_nettype wire
