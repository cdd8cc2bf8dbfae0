"""Products, shifts, widths, rounding and slicing."""

from verif.formal.proof import COMBINATIONAL, Proof, bug

__all__ = ["ARITHMETIC"]

ARITHMETIC = (
    Proof(
        name="opc",
        top="opc_props",
        claim="The outer product is the arithmetic one for all slices.",
        source="specification, section 2",
        blocks=("opc",),
        method=COMBINATIONAL,
        cover=1,
        bugs={
            "activation taken as signed": bug("pea/opc.sv", "{SignedX && x_i", "{x_i", "a_exact"),
            "weight taken as unsigned": bug(
                "pea/opc.sv",
                "$signed(w_i[i*SliceW +: SliceW])",
                "w_i[i*SliceW +: SliceW]",
                "a_exact",
            ),
        },
    ),
    Proof(
        name="dwo",
        top="dwo_props",
        claim="The shift by kind is exact for all slices and kinds.",
        source="specification, section 4; docs/arithmetic.md",
        blocks=("dwo", "opc"),
        method=COMBINATIONAL,
        cover=1,
        bugs={
            "HO activation counts half": bug(
                "pea/dwo.sv", "by_weight <<< 4", "by_weight <<< 3", "a_exact"
            ),
        },
    ),
    Proof(
        name="swo",
        top="swo_props",
        claim="The sum of four products is exact for all slices.",
        source="docs/arithmetic.md",
        blocks=("swo", "opc"),
        method=COMBINATIONAL,
        cover=1,
        bugs={
            "last product twice": bug("pea/swo.sv", "products[2]", "products[3]", "a_exact"),
        },
    ),
    Proof(
        name="slicing",
        top="slicing_props",
        claim="SBR and DBS slices give the number back; their products, compensated, give w x.",
        source="specification, sections 2 and 4",
        blocks=("dwo", "opc"),
        method=COMBINATIONAL,
        cover=1,
        limits="products: weights of 7 bits, activations of 8 bits; slices: all widths",
        bugs={
            "HO weight counts half": bug("pea/dwo.sv", "raw <<< 3", "raw <<< 2", "a_"),
        },
    ),
    Proof(
        name="operator_array",
        top="operator_array_props",
        claim="A cycle's products reach the sum of their own stream and destination, exactly.",
        source="docs/pea.md; docs/arithmetic.md",
        blocks=("operator_array",),
        depth=3,
        cover=5,
        limits="4 DWOs, 8 SWOs; sums of one element (all are alike)",
        bugs={
            "LL work of a DWO lost": bug(
                "pea/operator_array.sv",
                "? part[k] : part[k] + QuadSumW'",
                "? part[k] + QuadSumW'(1) : part[k] + QuadSumW'",
                "a_sta_",
            ),
            "both destinations in one sum": bug(
                "pea/operator_array.sv",
                "cur_q[i] ? dyn_cur[i] + term",
                "(cur_q[i] || nxt_q[i]) ? dyn_cur[i] + term",
                "a_dyn_cur",
            ),
        },
    ),
    Proof(
        name="compensator",
        top="compensator_props",
        claim="A cycle's compensation is the sum of the weights at HO activations, exactly.",
        source="specification, section 4; docs/arithmetic.md",
        blocks=("compensator", "s_acc"),
        cover=4,
        limits="NumDwo 4, TileK 64",
        bugs={
            "HO weight counts once": bug(
                "pea/compensator.sv", "w_high_i[o] ? slice <<< 3 : slice", "slice", "a_"
            ),
            "LO activations count": bug(
                "pea/compensator.sv", "(nxt_i[o] && x_high_i[o])", "nxt_i[o]", "a_"
            ),
        },
    ),
    Proof(
        name="s_acc_dynamic",
        top="s_acc_props",
        claim="The dynamic S-ACC loses nothing with TileK HH, HL and LH products of any value.",
        source="docs/arithmetic.md",
        blocks=("s_acc",),
        depth=1,
        cover=8,
        limits="NumDwo 4, TileK 64; one element (all are alike)",
        bugs={
            "next destination is dropped": bug(
                "pea/s_acc.sv", "acc_q <= nxt;", "acc_q <= '0;", "a_exact"
            ),
            "accumulator three bits short": bug(
                "pea/s_acc.sv",
                "logic signed [AccW-1:0] acc_q, cur, nxt, sum;",
                "logic signed [AccW-4:0] acc_q, cur, nxt, sum;",
                "a_exact",
            ),
        },
    ),
    Proof(
        name="s_acc_static",
        top="s_acc_props",
        claim="The static S-ACC loses nothing with TileK LL products of any value.",
        source="docs/arithmetic.md",
        blocks=("s_acc",),
        depth=1,
        cover=8,
        parameters={"Unit0": 1, "Unit1": 0, "Unit2": 0, "InW": 12, "AccW": 14},
        limits="three quads, TileK 64; one element",
        bugs={
            "accumulator a bit short": bug(
                "pea/s_acc.sv",
                "logic signed [AccW-1:0] acc_q, cur, nxt, sum;",
                "logic signed [AccW-2:0] acc_q, cur, nxt, sum;",
                "a_exact",
            ),
            "highest bit of the shift lost": bug(
                "pea/s_acc.sv", "wide <<< shift_i", "wide <<< (shift_i & 3'd3)", "a_exact"
            ),
        },
    ),
    Proof(
        name="s_acc_compensator",
        top="s_acc_props",
        claim="The compensator's S-ACC loses nothing with TileK weights of two slices.",
        source="docs/arithmetic.md",
        blocks=("s_acc",),
        depth=1,
        cover=8,
        parameters={
            "Unit0": 8,
            "Unit1": 1,
            "Unit2": 0,
            "Lowest": -8,
            "Highest": 7,
            "InW": 9,
            "AccW": 14,
            "ShiftBits": 2,
        },
        limits="NumDwo 4, TileK 64; one element",
        bugs={
            "never ends": bug("pea/s_acc.sv", "else if (flush_i) acc_q <= nxt;", "", "a_exact"),
        },
    ),
    Proof(
        name="psum_buffer",
        top="psum_buffer_props",
        claim="An entry holds the sum of its updates since it was last read, modulo 2^32.",
        source="specification, section 4; docs/pea.md",
        blocks=("psum_buffer",),
        limits="4 entries of one element",
        bugs={
            "sum goes on after a read": bug(
                "pea/psum_buffer.sv",
                "fresh_q[rd_addr_i]  <= 1'b1",
                "fresh_q[rd_addr_i] <= 1'b0",
                "a_modulo",
            ),
            "read and update at once": bug(
                "pea/psum_buffer.sv", "rd_ready_o = !upd_valid_i", "rd_ready_o = 1'b1", "a_port"
            ),
        },
    ),
    Proof(
        name="csbuf",
        top="psum_buffer_props",
        claim="26 bits hold the compensation sum of any command: K up to 65535, 10-bit weights.",
        source="docs/arithmetic.md",
        blocks=("psum_buffer",),
        parameters={"InW": 17, "OutW": 26, "Exact": 1},
        limits="4 entries of one element",
        bugs={
            "sum does not extend its sign": bug(
                "pea/psum_buffer.sv",
                "OutW'($signed(data[e*InW +: InW]))",
                "OutW'(data[e*InW +: InW])",
                "a_exact",
            ),
        },
    ),
    Proof(
        name="grid_round",
        top="grid_round_props",
        claim="Codes are rounded half up onto the DBS grid, in range, and cut by the DBS rule.",
        source="specification, section 2; docs/ppu.md",
        blocks=("grid_round", "act_slicer"),
        method=COMBINATIONAL,
        cover=1,
        bugs={
            "code beyond the grid's end": bug(
                "ppu/grid_round.sv", "GridW'(255) >> (dbs_i - 2'd1)", "GridW'(255)", "a_r"
            ),
            "rounds down": bug("ppu/grid_round.sv", "+ (CodeW+1)'(1)", "", "a_round"),
            "three columns decide": bug(
                "ppu/act_slicer.sv",
                "ho_o[i*VecW +: VecW] == {VecLen{r_i}}",
                "ho_o[i*VecW +: 3*SliceW] == {3{r_i}}",
                "a_skip",
            ),
        },
    ),
    Proof(
        name="requantiser",
        top="requantiser_props",
        claim="v = saturate(floor(y m / 2^s + 1/2)) for all y, m, s; m and s are the row's.",
        source="docs/ppu.md",
        blocks=("requantiser",),
        depth=3,
        cover=4,
        limits="rounding and saturation of one element (all are alike)",
        quick=False,
        bugs={
            "requantisation cuts": bug("ppu/requantiser.sv", "+ (PreW+1)'(1);", "+ '0;", "a_"),
            "rounding overflows the largest v": bug(
                "ppu/requantiser.sv", "(sum[PreW] && !half[PreW])", "1'b0", "a_result"
            ),
            "scale of the column": bug(
                "ppu/requantiser.sv", "e / VecLen;", "e % VecLen;", "a_product"
            ),
        },
    ),
    Proof(
        name="pwl",
        top="pwl_props",
        claim="u is the line of v's segment, exact to a fraction bit; no v leaves the range.",
        source="docs/ppu.md",
        blocks=("pwl",),
        depth=3,
        cover=6,
        limits="lookup and multiplication of one element (all are alike)",
        flatten_memory=False,
        bugs={
            "segments below zero not mirrored": bug("ppu/pwl.sv", "^ {6{v[PreW-1]}}", "", "a_"),
            "local v of a middle segment too short": bug(
                "ppu/pwl.sv", "{1'b0, v[9:0]}", "{2'b00, v[8:0]}", "a_local"
            ),
            "bank of segments ignored": bug(
                "ppu/pwl.sv", "mem[{bank_i,", "mem[{1'b1,", "a_segment"
            ),
        },
    ),
)
