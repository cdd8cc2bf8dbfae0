"""The core end to end: a small one, with symbols for all data."""

from verif.formal.proof import bug
from verif.formal.symbolic.core_case import CoreSize
from verif.formal.symbolic.proof import SymbolicProof

__all__ = ["CORE"]

_CLAIM = (
    "Every result is bias + w x of its row and column, modulo 2^32, for all operands and any bias."
)
_SOURCE = "specification, equation (6); docs/arithmetic.md"
_BLOCKS = (
    "aqs_gemm_core",
    "global_activation_buffer",
    "result_merge",
    "pea",
    "weight_loader",
    "wbuf",
    "group_buffer",
    "psum_buffer",
    "result_drain",
)
_SPLIT = (*_BLOCKS, "split_datapath", "workload_scheduler", "operator_array")
_LIMITS = (
    "2 PEAs, TileK 4, TileN 8, GroupDepth 2, exact results. Control is one of the cases: K up to 9,"
    " nine patterns of pauses, up to three output tiles; all lists of one K-tile, chosen ones of"
    " more."
)

CORE = (
    SymbolicProof(
        name="core_end_to_end",
        claim=_CLAIM,
        source=_SOURCE,
        blocks=_SPLIT,
        core=CoreSize(num_dwo=4, num_swo=8),
        limits=f"{_LIMITS} A K-tile is one quad, so that two SWO quads need no help of the DWOs.",
        without=("operators of other products take dense ones",),
        bugs={
            "high weight slices count 4-fold": bug(
                "pea/dwo.sv", "w_high_i ? raw <<< 3", "w_high_i ? raw <<< 2", "a_result"
            ),
            "weight slices have no sign": bug(
                "pea/opc.sv",
                "ProdW'($signed(w_i[i*SliceW+:SliceW]))",
                "ProdW'(w_i[i*SliceW+:SliceW])",
                "a_known",
            ),
            "a product is lost where both vectors are kept": bug(
                "pea/dynamic_scheduler.sv",
                "nxt_lh_q    <= gen_x_mask_i;",
                "nxt_lh_q    <= gen_x_mask_i & ~gen_w_mask_i;",
                "a_result",
            ),
            "compensation is added": bug(
                "core/result_merge.sv",
                "psum + bias - (wide << 4)",
                "psum + bias + (wide << 4)",
                "a_result",
            ),
            "compensation of the other sub-tile": bug(
                "pea/pea.sv",
                ".rd_addr_i   ({rd_tile, rd_group[GroupA-1:0]})",
                ".rd_addr_i   ({1'b0, rd_group[GroupA-1:0]})",
                "a_result",
            ),
            "sums of the output before": bug(
                "pea/psum_buffer.sv",
                "else if (rd_valid_i) fresh_q[rd_addr_i] <= 1'b1",
                "else if (rd_valid_i) fresh_q[rd_addr_i] <= 1'b0",
                "a_result",
            ),
            "bias of the first sub-tile for both": bug(
                "core/result_merge.sv",
                "bias_mem[int'({out_bank_q, tile_q}) * NumPea",
                "bias_mem[int'({out_bank_q, 1'b0}) * NumPea",
                "a_result",
            ),
            "share of the next destination forgotten": bug(
                "pea/s_acc.sv",
                "else if (flush_i) acc_q <= nxt;",
                "else if (flush_i) acc_q <= '0;",
                "a_result",
            ),
            "upper parts of weights count once": bug(
                "core/global_activation_buffer.sv", "+ {1'b0, {2{cmd.wgt_up}}}", "", "a_result"
            ),
            "vectors of r are multiplied": bug(
                "core/global_activation_buffer.sv",
                "listed[e] && (data_i[e*EntryW+:VecW] != frequent)",
                "listed[e]",
                "a_products",
            ),
            "a weight vector is dropped for one bit of it": bug(
                "pea/weight_loader.sv",
                "there[v] && (ho_vec_o[v*VecW+:VecW] != '0)",
                "there[v] && ho_vec_o[v*VecW]",
                "a_known",
            ),
            "each group's last block is marked": bug(
                "core/result_merge.sv",
                "sel_last_q <= out_end;",
                "sel_last_q <= group_end;",
                "a_order",
            ),
            "a whole list is called too long": bug(
                "pea/idxd.sv", "assign error_o = (|over)", "assign error_o = (|used)", "a_legal"
            ),
        },
    ),
    SymbolicProof(
        name="core_end_to_end_long",
        claim=_CLAIM,
        source=_SOURCE,
        blocks=_SPLIT,
        core=CoreSize(num_dwo=8, num_swo=4, tile_k=32),
        limits="2 PEAs, TileK 32, TileN 8, GroupDepth 2, exact results. Control is one of the"
        " cases, all but four of them at random: K up to 65, nine patterns of pauses, two output"
        " tiles.",
        bugs={
            "dense products of the next destination are lost": bug(
                "pea/operator_array.sv",
                "quad_next_q[q] ? sta_nxt[q] + term : sta_nxt[q]",
                "sta_nxt[q]",
                "a_result",
            ),
            "runs of skipped vectors are at most 7": bug(
                "pea/idxd.sv",
                "SumW'(index_i[e*IndexW +: IndexW])",
                "SumW'(index_i[e*IndexW +: IndexW-1])",
                "a_result",
            ),
            "dense products start before the results have left": bug(
                "pea/workload_scheduler.sv",
                "&& psum_free(sta_meta, drain_cmd_i, drain_group_i)",
                "",
                "a_result",
            ),
        },
    ),
    SymbolicProof(
        name="core_end_to_end_pooled",
        claim=_CLAIM,
        source=_SOURCE,
        blocks=(*_BLOCKS, "pooled_datapath", "pooled_scheduler", "window_picker", "pooled_array"),
        core=CoreSize(num_dwo=12, num_swo=0),
        limits=f"{_LIMITS} Pooled operators have no dense products, nor flushes, of their own.",
        without=("dense products for two destinations", "a flush waits for the other one"),
        bugs={
            "an operator misses its last position": bug(
                "pea/pooled_array.sv",
                "localparam int Last = i + 3;",
                "localparam int Last = i + 2;",
                "a_result",
            ),
            "compensation of upper parts counts once": bug(
                "pea/pooled_array.sv", ".up_i     (wgt_up_q[1])", ".up_i     (1'b0)", "a_result"
            ),
            "next products start before the results have left": bug(
                "pea/pooled_scheduler.sv",
                "&& (other_half || psum_free(gen_meta, drain_cmd_i, drain_group_i))",
                "",
                "a_result",
            ),
        },
    ),
)
