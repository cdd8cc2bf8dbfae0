// SPDX-License-Identifier: Apache-2.0
// Slices of a weight (SBR) and of an activation (DBS), and that their four products, shifted as
// DWOs, SWOs and S-ACC do it, add up to the product of the numbers; so they do with compensation.
`default_nettype none

module slicing_props
  import panacea_pkg::*;
(
  input logic signed [12:0] w_i,      // up to n = 3
  input logic [7:0]         x_i,
  input logic [3:0]         r_i,
  input logic               stored_i  // the activation vector is, so its HO slice need not be r
);

  localparam int ShiftedW = ProdW + 7;

  typedef logic signed [14:0] num_t;  // every value below fits

  // SBR of n + 1 slices, as sections 1 and 2 of the specification define it.
  logic [3:0] fits, back, narrow, zero;
  for (genvar n = 0; n < 4; n++) begin : gen_sbr
    localparam int Top = 4 << (3 * n);  // half of the range of 3 n + 4 bits, halved
    num_t w, sum, ho;
    num_t       lo [3];
    logic [3:0] four;                        // bits are enough for every slice
    assign w       = num_t'(w_i);
    assign fits[n] = w >= -num_t'(2 * Top - 1) - num_t'(1) && w <= num_t'(2 * Top - 1);
    assign ho      = n == 0 ? w : (w >>> (3 * n)) + num_t'(w < 0);
    for (genvar i = 0; i < 3; i++) begin : gen_lo
      assign lo[i]   = i >= n ? '0 : num_t'({1'b0, w[3*i +: 3]})
                                     - (w < 0 ? (i == 0 ? num_t'(8) : num_t'(7)) : num_t'(0));
      assign four[i] = lo[i] >= -8 && lo[i] <= 7;
    end
    assign four[3]   = ho >= -8 && ho <= 7;
    assign sum       = (ho <<< (3 * n)) + (lo[2] <<< 6) + (lo[1] <<< 3) + lo[0];
    assign narrow[n] = !fits[n] || &four;
    assign back[n]   = !fits[n] || sum == w;
    assign zero[n]   = n == 0 || !fits[n] || (ho == 0) == (w >= -num_t'(1 << (3 * n))
                                                           && w < num_t'(1 << (3 * n)));
  end

  // A weight of 7 bits times an activation of two slices, each of which may be any: that the sum of
  // the four shifted products is w (16 x_H + x_L) is shown slice by slice.
  typedef logic signed [15:0] wide_t;
  wide_t w, w_ho, w_lo, w_xh, w_xl, hh, hl, lh, ll;
  logic [3:0] w_h, w_l, x_h, x_l;
  assign w    = wide_t'($signed(w_i[6:0]));
  assign w_ho = (w >>> 3) + wide_t'(w < 0);
  assign w_lo = wide_t'({1'b0, w[2:0]}) - (w < 0 ? wide_t'(8) : wide_t'(0));
  assign w_h  = w_ho[3:0];
  assign w_l  = w_lo[3:0];
  assign {x_h, x_l} = x_i;
  assign w_xh = w * wide_t'({1'b0, x_h});
  assign w_xl = w * wide_t'({1'b0, x_l});

  logic [BlockLen*ShiftedW-1:0] p_hh, p_hl, p_lh;
  logic [BlockLen*ProdW-1:0] p_ll;
  dwo i_hh (
    .w_high_i(1'b1),
    .x_high_i(1'b1),
    .w_i(VecW'(w_h)),
    .x_i(VecW'(x_h)),
    .p_o(p_hh)
  );
  dwo i_hl (
    .w_high_i(1'b1),
    .x_high_i(1'b0),
    .w_i(VecW'(w_h)),
    .x_i(VecW'(x_l)),
    .p_o(p_hl)
  );
  dwo i_lh (
    .w_high_i(1'b0),
    .x_high_i(1'b1),
    .w_i(VecW'(w_l)),
    .x_i(VecW'(x_h)),
    .p_o(p_lh)
  );
  opc i_ll (
    .w_i(VecW'(w_l)),
    .x_i(VecW'(x_l)),
    .p_o(p_ll)
  );
  assign hh = wide_t'($signed(p_hh[0 +: ShiftedW]));
  assign hl = wide_t'($signed(p_hl[0 +: ShiftedW]));
  assign lh = wide_t'($signed(p_lh[0 +: ShiftedW]));
  assign ll = wide_t'($signed(p_ll[0 +: ProdW]));

  // Equation (6) at one k, and hence for any sum over k: an HO slice that is not stored counts as
  // zero, one that is costs r w, and r w for every k is in the bias. Here without the low products.
  wide_t r_w, high;
  assign r_w  = w * wide_t'({1'b0, r_i});
  assign high = (stored_i ? hh + lh - (r_w <<< 4) : '0) + (r_w <<< 4);

  // DBS, type by type: what the hardware uses of an activation is (16 x_H + x_L) 2^(l - 4).
  logic [3:1] width, plain, slices;
  for (genvar d = 1; d <= 3; d++) begin : gen_dbs
    localparam int L = 3 + d;
    logic [7:0] x_ho, x_lo, x_used;
    assign x_ho      = x_i >> L;
    assign x_lo      = (x_i & 8'((1 << L) - 1)) >> (L - 4);
    assign x_used    = (x_ho << L) + (x_lo << (L - 4));
    assign width[d]  = x_ho < 8'd16 && x_lo < 8'd16;
    assign plain[d]  = x_used == (x_i >> (L - 4)) << (L - 4);
    assign slices[d] = x_used == 8'((16 * x_ho + x_lo) << (L - 4));
  end

  always_comb begin
    a_sbr_sum : assert (&back);
    a_sbr_width : assert (&narrow);
    a_sbr_zero : assert (&zero);
    a_dbs_width : assert (&width);
    a_dbs_loss : assert (&plain);
    a_dbs_slices : assert (&slices);
    a_high : assert (hh + lh == w_xh <<< 4);
    a_low : assert (hl + ll == w_xl);
    a_compensate : assert (!(stored_i || x_h == r_i) || high == w_xh <<< 4);
    c_negative : cover (w == -64 && x_i == 8'd255 && stored_i);
    c_zero_ho : cover (w == -8 && w_ho == 0);
    c_skipped : cover (!stored_i && x_h == 4'd5 && r_i == 4'd5 && w == -5);
    c_ten_bits : cover (fits == 4'b1100 && w_i < 0);
  end

endmodule

`default_nettype wire
