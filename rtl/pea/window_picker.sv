// SPDX-License-Identifier: Apache-2.0
// Deals the products of a window of consecutive k out to pooled operators: NumOps a cycle, in
// order, any product to any operator. A position of the window has one to four products: W_L x_L,
// W_H x_L if the weight vector is kept, W_L x_H if the activation vector is, W_H x_H if both
// are, in this order; then comes the next position.
//
// The window is NumOps / 4 + 1 quads of four positions, so that NumOps products are in it
// wherever in its first quad the next product is. Combinational.
`default_nettype none
`include "assert.svh"

module window_picker
  import panacea_pkg::*;
#(
  parameter int NumOps = 12,
  localparam int NumQuads = NumOps / 4 + 1,
  localparam int Window   = 4 * NumQuads,
  localparam int AtW      = $clog2(Window),
  localparam int DoneW    = $clog2(NumQuads)
) (
  input  logic                  clk_i,        // for the assertion
  input  logic                  rst_ni,
  input  logic [NumQuads-1:0]   quad_valid_i, // quads with work: the lowest ones
  input  logic [Window-1:0]     w_stored_i,
  input  logic [Window-1:0]     x_stored_i,
  input  logic [3:0]            taken_i,      // products of the first quad that are done
  output logic [NumOps-1:0]     valid_o,
  output logic [NumOps-1:0]     w_high_o,
  output logic [NumOps-1:0]     x_high_o,
  output logic [NumOps*AtW-1:0] at_o,         // position in the window
  output logic [DoneW-1:0]      done_o,       // quads that are done after this cycle
  output logic [3:0]            taken_o       // and products of the first quad after them
);

  localparam int SumW = $clog2(4 * Window + 1);
  localparam int TargetW = $clog2(15 + NumOps);

  // Products before each position. A chain that begins with a constant; what counts as covered is
  // what becomes of it.
  // verilator coverage_off
  logic [SumW-1:0] ahead[Window+1];
  // verilator coverage_on
  assign ahead[0] = '0;
  for (genvar p = 0; p < Window; p++) begin : gen_position
    logic w, x;
    assign w = w_stored_i[p];
    assign x = x_stored_i[p];
    assign ahead[p+1] = quad_valid_i[p/4]
        ? ahead[p] + SumW'(1) + SumW'(w) + SumW'(x) + SumW'(w && x) : ahead[p];
  end

  // Operator i takes product number taken + i, which is at position i / 4 at the earliest and at
  // i + 3 at the latest: every position from the first quad's last one on has a product.
  for (genvar i = 0; i < NumOps; i++) begin : gen_op
    localparam int First = i / 4;
    localparam int Last = i + 3;
    logic [TargetW-1:0]  target;
    logic [Last:First]   hit;
    logic [2*Last+1:2*First] rank;   // of the product among those of each position
    logic [1:0]          nth;
    logic                w;
    logic [AtW-1:0]      at;
    assign target = TargetW'(taken_i) + TargetW'(i);
    for (genvar p = First; p <= Last; p++) begin : gen_hit
      assign hit[p]         = SumW'(target) >= ahead[p] && SumW'(target) < ahead[p+1];
      assign rank[2*p +: 2] = target[1:0] - ahead[p][1:0];
    end
    always_comb begin
      at  = '0;
      nth = '0;
      w   = 1'b0;
      for (int p = First; p <= Last; p++)
      if (hit[p]) begin
        at  = AtW'(p);
        nth = rank[2*p +: 2];
        w   = w_stored_i[p];
      end
    end
    assign valid_o[i]          = |hit;
    assign w_high_o[i]         = nth[0] && w;
    assign x_high_o[i]         = nth[1] || (nth[0] && !w);
    assign at_o[i*AtW +: AtW]  = at;
  end

  // The quads that are done after this cycle, and what is done of the one after them. The last quad
  // never is: it has four products, and so have those before it, but for what is done of the first.
  logic [TargetW-1:0]  next;       // product after those handed out, if there is one
  logic [NumQuads-2:0] finished;
  logic [DoneW-1:0]    done;
  logic [3:0]          base;       // products before the first quad that is not done
  assign next = TargetW'(taken_i) + TargetW'(NumOps);
  for (genvar q = 0; q < NumQuads - 1; q++) begin : gen_finished
    assign finished[q] = quad_valid_i[q] && SumW'(next) >= ahead[4*q+4];
  end
  always_comb begin
    done = '0;
    base = '0;
    for (int q = 0; q < NumQuads - 1; q++)
    if (finished[q]) begin
      done = done + 1'b1;
      base = ahead[4*q+4][3:0];
    end
  end
  assign done_o  = done;
  assign taken_o = (SumW'(next) < ahead[Window]) ? next[3:0] - base : '0;

  `PANACEA_ASSERT(((quad_valid_i + 1'b1) & quad_valid_i) == '0, "a quad behind one without work")

endmodule

`default_nettype wire
