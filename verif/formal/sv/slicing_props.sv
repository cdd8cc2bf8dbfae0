// SPDX-License-Identifier: Apache-2.0
// Slices of a weight (SBR) and of an activation (DBS), and that their four products, shifted as
// DWOs, SWOs and S-ACC do it, add up to the product of the numbers; so they do with compensation.
`default_nettype none

module slicing_props import panacea_pkg::*; import formal_pkg::*; (
  input logic signed [12:0] w_i,      // up to n = 3
  input logic [7:0]         x_i,
  input logic [1:0]         dbs_i,
  input logic [3:0]         r_i,
  input logic               stored_i  // the activation vector is, so its HO slice need not be r
);

  localparam int ShiftedW = ProdW + 7;

  // SBR of n + 1 slices, as sections 1 and 2 of the specification define it.
  logic [3:0] fits, back, tiny, narrow;
  for (genvar n = 0; n < 4; n++) begin : gen_sbr
    int w, sum, ho;
    logic [n:0] four;   // bits are enough for every slice
    assign w  = int'(w_i);
    assign fits[n] = w >= -(4 << (3 * n)) * 2 && w < (4 << (3 * n)) * 2;
    assign ho = (w >>> (3 * n)) + (w < 0 ? 1 : 0);
    always_comb begin
      sum  = ho * (1 << (3 * n));
      four = '1;
      for (int i = 0; i < n; i++) begin
        sum += (((w >> (3 * i)) & 7) - (w < 0 ? (i == 0 ? 8 : 7) : 0)) * (1 << (3 * i));
        four[i] = (((w >> (3 * i)) & 7) - (w < 0 ? (i == 0 ? 8 : 7) : 0)) >= -8;
      end
      if (n == 0) sum = w;
      if (n != 0) four[n] = ho >= -8 && ho <= 7;
    end
    assign narrow[n] = !fits[n] || &four;
    assign back[n]   = !fits[n] || sum == w;
    assign tiny[n]  = n == 0 || !fits[n]
                       || (ho == 0) == (w >= -(1 << (3 * n)) && w < (1 << (3 * n)));
  end

  // Weights of 7 bits, activations of 8 bits: l = 3 + dbs.
  int         l, w, w_ho, w_lo, x_ho, x_lo, x_used, hh, hl, lh, ll, total;
  logic [3:0] w_h, w_l, x_h, x_l;

  assign l      = 3 + int'(dbs_i);
  assign w      = int'($signed(w_i[6:0]));
  assign w_ho   = (w >>> 3) + (w < 0 ? 1 : 0);
  assign w_lo   = (w & 7) - (w < 0 ? 8 : 0);
  assign x_ho   = int'(x_i) >> l;
  assign x_lo   = (int'(x_i) & ((1 << l) - 1)) >> (l - 4);
  assign x_used = (x_ho << l) + (x_lo << (l - 4));
  assign w_h    = w_ho[3:0];
  assign w_l    = w_lo[3:0];
  assign x_h    = x_ho[3:0];
  assign x_l    = x_lo[3:0];

  logic [BlockLen*ShiftedW-1:0] p_hh, p_hl, p_lh;
  logic [BlockLen*ProdW-1:0]    p_ll;

  dwo i_hh (.w_high_i(1'b1), .x_high_i(1'b1), .w_i(VecW'(w_h)), .x_i(VecW'(x_h)), .p_o(p_hh));
  dwo i_hl (.w_high_i(1'b1), .x_high_i(1'b0), .w_i(VecW'(w_h)), .x_i(VecW'(x_l)), .p_o(p_hl));
  dwo i_lh (.w_high_i(1'b0), .x_high_i(1'b1), .w_i(VecW'(w_l)), .x_i(VecW'(x_h)), .p_o(p_lh));
  opc i_ll (.w_i(VecW'(w_l)), .x_i(VecW'(x_l)), .p_o(p_ll));

  assign hh    = int'($signed(p_hh[0 +: ShiftedW]));
  assign hl    = int'($signed(p_hl[0 +: ShiftedW]));
  assign lh    = int'($signed(p_lh[0 +: ShiftedW]));
  assign ll    = int'($signed(p_ll[0 +: ProdW]));
  assign total = (hh + hl + lh + ll) <<< (l - 4);

  // Equation (6) at one k, and hence for any sum over k: an HO slice that is not stored counts as
  // zero, one that is costs r w, and r w for every k is in the bias.
  int compensated;
  assign compensated = ((stored_i ? hh + lh : 0) + hl + ll) <<< (l - 4);

  logic legal;
  assign legal = dbs_i != '0;

  always_comb begin
    a_sbr_sum:    assert (&back);
    a_sbr_width:  assert (&narrow);
    a_sbr_zero:   assert (&tiny);
    a_dbs_width:  assert (!legal || (x_ho < 16 && x_lo < 16));
    a_dbs_plain:  assert (dbs_i != 2'd1 || x_used == int'(x_i));
    a_dbs_loss:   assert (!legal || x_used == (int'(x_i) >> (l - 4)) << (l - 4));
    a_product:    assert (!legal || total == w * x_used);
    a_compensate: assert (!legal || !(stored_i || x_ho == int'(r_i))
                          || compensated - ((stored_i ? int'(r_i) * w : 0) << l)
                             + ((int'(r_i) * w) << l) == w * x_used);
    c_skipped:    cover (legal && !stored_i && x_ho == 11 && r_i == 4'd11 && w == -5);
    c_negative:   cover (legal && w == -64 && x_i == 8'd255 && dbs_i == 2'd3);
    c_zero_ho:    cover (legal && w == -8 && w_ho == 0);
    c_ten_bits:   cover (fits == 4'b1100 && tiny == '1 && w_i < 0);
  end

endmodule

`default_nettype wire
