// SPDX-License-Identifier: Apache-2.0
// Every product of the window is handed out exactly if it is among the next NumOps, and then to
// one operator; none is invented; and what is told to be done is done. Seen at one position and
// one kind, which may be any: its number in the order of the window is counted here from the
// definition.
`default_nettype none

module window_picker_props
  import panacea_pkg::*;
#(
  parameter int NumOps = 12,
  localparam int NumQuads = NumOps / 4 + 1,
  localparam int Window   = 4 * NumQuads,
  localparam int AtW      = $clog2(Window),
  localparam int DoneW    = $clog2(NumQuads)
) (
  input logic                clk_i,
  input logic                rst_ni,
  input logic [DoneW:0]      quads_i,      // with work
  input logic [Window-1:0]   w_stored_i,
  input logic [Window-1:0]   x_stored_i,
  input logic [3:0]          taken_i,
  input logic [AtW-1:0]      position_i,
  input logic                w_high_i,
  input logic                x_high_i
);

  logic [NumQuads-1:0] quad_valid;
  logic [NumOps-1:0] valid, w_high, x_high;
  logic [NumOps*AtW-1:0] at;
  logic [DoneW-1:0]      done;
  logic [3:0]            taken;

  window_picker #(
    .NumOps(NumOps)
  ) i_dut (
    .clk_i,
    .rst_ni,
    .quad_valid_i(quad_valid),
    .w_stored_i,
    .x_stored_i,
    .taken_i,
    .valid_o(valid),
    .w_high_o(w_high),
    .x_high_o(x_high),
    .at_o(at),
    .done_o(done),
    .taken_o(taken)
  );

  typedef logic [6:0] count_t;  // up to 64 products and 27 more

  for (genvar q = 0; q < NumQuads; q++) begin : gen_quad
    assign quad_valid[q] = q < int'(quads_i);
  end

  // Products before each position: none before the first, and at each one LL, HL, LH, HH in this
  // order, as far as they exist.
  count_t            ahead [Window+1];
  logic [Window-1:0] counted;
  assign ahead[0] = count_t'(i_dut.ahead[0]);
  for (genvar p = 0; p < Window; p++) begin : gen_position
    count_t here;
    always_comb begin
      here = count_t'(quad_valid[p/4]);
      if (quad_valid[p/4] && w_stored_i[p]) here = here + count_t'(1);
      if (quad_valid[p/4] && x_stored_i[p]) here = here + count_t'(1);
      if (quad_valid[p/4] && w_stored_i[p] && x_stored_i[p]) here = here + count_t'(1);
    end
    assign ahead[p+1] = count_t'(i_dut.ahead[p+1]);
    assign counted[p] = ahead[p+1] == ahead[p] + here;
  end

  // The product: whether it exists, its number, whether it is one of the next NumOps.
  logic exists, due;
  count_t number, first, stop, total;
  assign first  = count_t'(taken_i);
  assign stop   = first + count_t'(NumOps);
  assign total  = ahead[Window];
  assign exists = quad_valid[position_i/4] && (!w_high_i || w_stored_i[position_i])
                  && (!x_high_i || x_stored_i[position_i]);
  assign number = ahead[position_i] + count_t'(w_high_i)
                  + (x_high_i ? count_t'(1) + count_t'(w_stored_i[position_i]) : '0);
  assign due    = exists && number >= first && number < stop;

  logic [3:0] served;  // operators that have it
  always_comb begin
    served = '0;
    for (int i = 0; i < NumOps; i++)
    if (valid[i] && at[i*AtW+:AtW] == position_i && w_high[i] == w_high_i && x_high[i] == x_high_i)
      served = served + 1'b1;
  end

  // The products before the quad that comes next, those in it, and what is done of all.
  count_t first_of, behind, progress;
  always_comb begin
    first_of = '0;
    behind = total;
    for (int q = 0; q < NumQuads; q++)
    if (int'(done) == q) begin
      first_of = ahead[4*q];
      behind = ahead[4*q+4];
    end
  end
  assign progress = stop < total ? stop : total;

  // What is done of the first quad is less than all of it.
  always_comb begin
    assume (int'(quads_i) <= NumQuads);
    assume (taken_i == '0 || first < ahead[4]);
  end

  always_comb begin
    a_ahead : assert (ahead[0] == '0 && &counted);
    a_once : assert (served == 4'(due));
    a_progress : assert (first_of + count_t'(taken) == progress);
    a_part : assert (taken == '0 || first_of + count_t'(taken) < behind);
    c_all : cover (&valid && taken_i == 4'd15 && w_stored_i != '1);
    c_last :
    cover (served == 4'd1 && valid[NumOps-1] && at[(NumOps-1)*AtW +: AtW] == position_i
                       && w_high_i && x_high_i);
    c_dense : cover (int'(done) == NumQuads - 1 && taken_i != '0 && taken != '0);
    c_few : cover (quads_i == 1 && valid[2:0] == 3'b011);
  end

endmodule

`default_nettype wire
