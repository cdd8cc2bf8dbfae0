// SPDX-License-Identifier: Apache-2.0
// PEA of the Sibia-style core: NumOps operators for its own four rows of the dense operand, the
// buffer of these rows (two banks of a K-tile, LO and HO vectors by position), S-ACC and partial
// sums. All PEAs do the same at the same time; what they do comes from the sequencer.
//
// Even operators take the LO vector of their item's k, odd ones the HO vector, or the LO vector
// where the dense operand has a single slice. Element (row i, column c) of a block: row i of the
// dense, column c of the sparse operand.
`default_nettype none

module sibia_pea
  import panacea_pkg::*;
#(
  parameter int NumOps = 12,
  parameter int TileK  = 64,
  parameter int Groups = 16,
  localparam int PosW  = $clog2(TileK),
  localparam int QuadA = PosW - 2,
  localparam int PsumA = $clog2(2 * Groups)
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  // A word of the dense operand
  input  logic                      load_i,
  input  logic                      load_bank_i,
  input  logic                      load_high_i,
  input  logic [QuadA-1:0]          load_quad_i,
  input  logic [QuadW-1:0]          load_data_i,
  // Work, stage by stage
  input  logic [NumOps-1:0]         get_i,
  input  logic [NumOps-1:0]         get_bank_i,
  input  logic [NumOps*PosW-1:0]    get_k_i,
  input  logic                      get_single_i,
  input  logic [NumOps*VecW-1:0]    op_vec_i,
  input  logic [NumOps-1:0]         op_high_i,
  input  logic [NumOps-1:0]         op_cur_i,
  input  logic [NumOps-1:0]         op_nxt_i,
  input  logic                      op_single_i,
  input  logic                      flush_i,
  input  logic                      upd_valid_i,
  input  logic [PsumA-1:0]          upd_addr_i,
  // Results
  input  logic                      rd_valid_i,
  output logic                      rd_ready_o,
  input  logic [PsumA-1:0]          rd_addr_i,
  output logic [BlockLen*PsumW-1:0] rd_data_o
);

  localparam int Quads = TileK / 4;
  localparam int TermW = ProdW + 6;  // both slices HO
  localparam int SumW = TermW + 2;  // of a cycle: 6 items, at most 6 x 64 x 72
  localparam int AccW = TermW + PosW;  // of a K-tile: at most TileK x 72 x 72
  localparam int InW = AccW + 1;

  // Dense operand, by {bank, quad}
  logic [QuadW-1:0] lo_mem [2*Quads];
  logic [QuadW-1:0] ho_mem [2*Quads];

  function automatic int quad_addr(input logic bank, input logic [QuadA-1:0] quad);
    return int'(bank) * Quads + int'(quad);
  endfunction

  always_ff @(posedge clk_i) begin
    if (load_i && load_high_i) ho_mem[quad_addr(load_bank_i, load_quad_i)] <= load_data_i;
    if (load_i && !load_high_i) lo_mem[quad_addr(load_bank_i, load_quad_i)] <= load_data_i;
  end

  logic [BlockLen*ProdW-1:0] products [NumOps];
  logic [BlockLen*TermW-1:0] term    [NumOps];

  for (genvar i = 0; i < NumOps; i++) begin : gen_op
    logic [PosW-1:0] k;
    logic [QuadW-1:0] lo_quad, quad;
    logic [VecW-1:0] dense_q;
    assign k       = get_k_i[i*PosW +: PosW];
    assign lo_quad = lo_mem[quad_addr(get_bank_i[i], k[PosW-1:2])];
    if (i % 2 == 1) begin : gen_high
      assign quad = get_single_i ? lo_quad : ho_mem[quad_addr(get_bank_i[i], k[PosW-1:2])];
    end else begin : gen_low
      assign quad = lo_quad;
    end
    always_ff @(posedge clk_i) dense_q <= (rst_ni && get_i[i]) ? quad[{k[1:0], 4'd0}+:VecW] : '0;

    opc #(
      .SignedX(1'b1)
    ) i_opc (
      .w_i(dense_q),
      .x_i(op_vec_i[i*VecW +: VecW]),
      .p_o(products[i])
    );
  end

  // A product counts 8-fold for each HO slice in it.
  for (genvar j = 0; j < NumOps / 2; j++) begin : gen_pair
    for (genvar e = 0; e < BlockLen; e++) begin : gen_shift
      logic signed [TermW-1:0] even, odd, by_dense;
      assign even     = TermW'($signed(products[2*j][e*ProdW +: ProdW]));
      assign odd      = TermW'($signed(products[2*j+1][e*ProdW +: ProdW]));
      assign by_dense = op_single_i ? odd : odd <<< 3;
      assign term[2*j][e*TermW +: TermW]   = op_high_i[2*j] ? even <<< 3 : even;
      assign term[2*j+1][e*TermW +: TermW] = op_high_i[2*j+1] ? by_dense <<< 3 : by_dense;
    end
  end

  // Sums of a cycle, for the current and for the next group
  logic [BlockLen*SumW-1:0] cur_q, nxt_q;

  for (genvar e = 0; e < BlockLen; e++) begin : gen_sum
    // Chains of sums begin with constants; what counts as covered is the end of a chain.
    // verilator coverage_off
    logic signed [SumW-1:0] cur [NumOps+1];
    logic signed [SumW-1:0] nxt [NumOps+1];
    // verilator coverage_on
    assign cur[0] = '0;
    assign nxt[0] = '0;
    for (genvar i = 0; i < NumOps; i++) begin : gen_chain
      logic signed [SumW-1:0] one;
      assign one      = SumW'($signed(term[i][e*TermW +: TermW]));
      assign cur[i+1] = op_cur_i[i] ? cur[i] + one : cur[i];
      assign nxt[i+1] = op_nxt_i[i] ? nxt[i] + one : nxt[i];
    end
    always_ff @(posedge clk_i) begin
      cur_q[e*SumW +: SumW] <= rst_ni ? cur[NumOps] : '0;
      nxt_q[e*SumW +: SumW] <= rst_ni ? nxt[NumOps] : '0;
    end
  end

  logic [BlockLen*InW-1:0] sum;

  s_acc #(
    .Len(BlockLen),
    .InW(SumW),
    .AccW(AccW),
    .ShiftBits(1)
  ) i_s_acc (
    .clk_i,
    .rst_ni,
    .cur_i(cur_q),
    .nxt_i(nxt_q),
    .flush_i,
    .shift_i(1'b0),
    .sum_o(sum)
  );

  psum_buffer #(
    .Depth(2 * Groups),
    .InW(InW)
  ) i_psum_buffer (
    .clk_i,
    .rst_ni,
    .upd_valid_i,
    .upd_addr_i,
    .upd_data_i (sum),
    .rd_valid_i,
    .rd_ready_o,
    .rd_addr_i,
    .rd_data_o
  );

endmodule

`default_nettype wire
