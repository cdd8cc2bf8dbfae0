"""Schedulers and controllers."""

from verif.formal.proof import COMBINATIONAL, Proof, bug

__all__ = ["CONTROL"]

CONTROL = (
    Proof(
        name="static_scheduler",
        top="static_scheduler_props",
        claim="Every LL quad is handed out exactly once, none is invented, none waits.",
        source="docs/scheduler.md",
        blocks=("static_scheduler",),
        limits="two quads of SWOs, two of DWOs, TileK 64",
        bugs={
            "first quads of the next destination twice": bug(
                "pea/static_scheduler.sv", "quad_q <= n_nxt;", "quad_q <= '0;", "a_once"
            ),
            "one quad too few": bug(
                "pea/static_scheduler.sv",
                "ready_i && (free >= left)",
                "ready_i && (free + 1'b1 >= left)",
                "a_all",
            ),
            "busy DWO used": bug(
                "pea/static_scheduler.sv", "dwo_allowed && !dwo_busy_i[q]", "dwo_allowed", "a_idle"
            ),
            "next destination not there": bug(
                "pea/static_scheduler.sv", "same_group || next_ready_i", "1'b1", "a_known"
            ),
        },
    ),
    Proof(
        name="dynamic_scheduler",
        top="dynamic_scheduler_props",
        claim="Every HH, HL, LH product is handed out exactly once, none is invented, none waits.",
        source="docs/scheduler.md",
        blocks=("dynamic_scheduler",),
        limits="NumDwo 4, TileK 8",
        bugs={
            "products of a destination dropped": bug(
                "pea/dynamic_scheduler.sv",
                "advance ? nxt_hl : cur_hl",
                "advance ? '0 : cur_hl",
                "a_all",
            ),
            "product invented": bug(
                "pea/dynamic_scheduler.sv", "gen_w_mask_i & gen_x_mask_i", "gen_w_mask_i", "a_next"
            ),
            "flush does not wait": bug(
                "pea/dynamic_scheduler.sv",
                "advance  = exhausted && !waits",
                "advance  = exhausted",
                "a_",
            ),
            "tile of the next group": bug(
                "pea/dynamic_scheduler.sv",
                "nxt_tile_q  <= gen_tile_q;",
                "nxt_tile_q  <= 1'b0;",
                "a_",
            ),
        },
    ),
    Proof(
        name="workload_scheduler",
        top="workload_scheduler_props",
        claim="Neither half starts without weights, group, sums; no bank is freed before both end.",
        source="docs/scheduler.md",
        blocks=("workload_scheduler", "dynamic_scheduler", "static_scheduler"),
        depth=1,
        cover=14,
        limits="4 DWOs, 4 SWOs, TileK 8; which products are issued: the proofs of the two halves",
        bugs={
            "bank freed by the dynamic half alone": bug(
                "pea/workload_scheduler.sv",
                "(dyn_release[b] && sta_release[b])",
                "dyn_release[b]",
                "a_",
            ),
            "bank used again that is released in this cycle": bug(
                "pea/workload_scheduler.sv",
                "&& !dyn_release[gen_meta.bank]",
                "&& !dyn_done_q[gen_meta.bank]",
                "a_",
            ),
            "static half does not wait for the weights": bug(
                "pea/workload_scheduler.sv",
                "(sta_next_ptr != wr_ptr_i) && full_q[sta_next_meta.bank]",
                "(sta_next_ptr != wr_ptr_i)",
                "a_sta_next",
            ),
            "quad read in the other bank": bug(
                "pea/workload_scheduler.sv",
                "other ? sta_next_meta.bank : sta_meta.bank;",
                "sta_meta.bank;",
                "a_quad",
            ),
        },
    ),
    Proof(
        name="window_picker",
        top="window_picker_props",
        claim="The next NumOps products of the window go to one operator each, and no others.",
        source="docs/scheduler.md",
        blocks=("window_picker",),
        method=COMBINATIONAL,
        cover=1,
        bugs={
            "last place an operator looks at": bug(
                "pea/window_picker.sv",
                "localparam int Last  = i + 3;",
                "localparam int Last  = i + 2;",
                "a_once",
            ),
            "LH taken for HL": bug(
                "pea/window_picker.sv", "nth[1] || (nth[0] && !w)", "nth[1]", "a_once"
            ),
            "part of a quad counted twice": bug(
                "pea/window_picker.sv", "next[3:0] - base", "next[3:0]", "a_"
            ),
            "quad done too early": bug(
                "pea/window_picker.sv",
                "SumW'(next) >= ahead[4*q+4]",
                "SumW'(next) + SumW'(1) >= ahead[4*q+4]",
                "a_progress",
            ),
        },
    ),
    Proof(
        name="pooled_scheduler",
        top="pooled_scheduler_props",
        claim="Every product of every kind is handed out exactly once, none invented, none waits.",
        source="docs/scheduler.md",
        blocks=("pooled_scheduler", "window_picker"),
        depth=1,
        cover=10,
        limits="4 operators, TileK 8; that partial sums are free is not looked at",
        bugs={
            "rest of a quad forgotten": bug(
                "pea/pooled_scheduler.sv", "taken_q <= taken;", "taken_q <= '0;", "a_"
            ),
            "next destination from its first quad again": bug(
                "pea/pooled_scheduler.sv",
                "exhausted ? FirstW'(CountW'(done) - left)",
                "exhausted ? '0",
                "a_once",
            ),
            "next destination not there": bug(
                "pea/pooled_scheduler.sv",
                "in_gen[q] = gen_ready && !in_cur[q]",
                "in_gen[q] = !in_cur[q]",
                "a_next",
            ),
            "weights of the bank not waited for": bug(
                "pea/pooled_scheduler.sv",
                "(gen_ptr_q != wr_ptr_i) && full_q[gen_meta.bank]",
                "(gen_ptr_q != wr_ptr_i)",
                "a_start",
            ),
            "slot of the current destination": bug(
                "pea/pooled_scheduler.sv",
                "in_cur[q] ? cur_slot_q : gen_ptr_q[SlotW-1:0];",
                "cur_slot_q;",
                "a_right",
            ),
        },
    ),
    Proof(
        name="run_control",
        top="run_control_props",
        claim="A run never hangs; each start has exactly one end, which tells an error from none.",
        source="docs/chip.md",
        blocks=("run_control",),
        cover=20,
        limits="Patience 6",
        bugs={
            "patience without end": bug(
                "top/run_control.sv", "still_q == PatienceW'(Patience)", "1'b0", "a_patience"
            ),
            "end waits for the bus for ever": bug(
                "top/run_control.sv",
                "if (bus_idle_i && rest_q == '1) state_d",
                "if (bus_idle_i && rest_q == '0) state_d",
                "a_",
            ),
            "error forgotten": bug(
                "top/run_control.sv", "w_large_i || x_large_i)", "w_large_i)", "a_"
            ),
        },
    ),
    Proof(
        name="dispatcher",
        top="dispatcher_props",
        claim="A descriptor is dealt once to each of its receivers; none waits for ever.",
        source="docs/chip.md; docs/programs.md",
        blocks=("dispatcher", "descriptor_check"),
        depth=1,
        cover=30,
        limits="receivers take a job within 20 cycles",
        flatten_memory=False,
        bugs={
            "full queue not waited for": bug(
                "top/dispatcher.sv",
                "act_space && param_space && output_space;",
                "param_space && output_space;",
                "a_dealt",
            ),
            "bad descriptor dealt out": bug(
                "top/dispatcher.sv",
                "complete && bad == BadNothing && space",
                "complete && space",
                "a_good",
            ),
            "passes have results": bug("top/dispatcher.sv", "SeqW'(gives)", "SeqW'(1)", "a_index"),
        },
    ),
    Proof(
        name="result_drain",
        top="result_drain_props",
        claim="Each group is read once, in order, when both halves are there; none waits longer.",
        source="docs/pea.md",
        blocks=("result_drain",),
        cover=20,
        limits="4 groups; single tiles in the buffer of their own tile",
        bugs={
            "static half not waited for": bug(
                "pea/result_drain.sv", "&& sta_count_q != '0", "", "a_read"
            ),
            "second tile forgotten": bug(
                "pea/result_drain.sv", "take && (tile_q == dtp_i)", "take", "a_"
            ),
            "a waiting block replaced": bug(
                "pea/result_drain.sv", "&& (!out_valid_q || ready_i)", "", "a_read"
            ),
            "outputs are not numbered": bug(
                "pea/result_drain.sv", "cmd_id_q <= cmd_id_q + 1'b1", "cmd_id_q <= '0", "a_number"
            ),
        },
    ),
    Proof(
        name="result_drain_turns",
        top="result_drain_props",
        claim="The same where single tiles take turns in the buffers of either tile.",
        source="docs/pooled.md",
        blocks=("result_drain",),
        cover=20,
        parameters={"TakeTurns": 1},
        limits="4 groups",
        bugs={
            "always in the first buffer": bug(
                "pea/result_drain.sv", "? cmd_id_q[0] : tile_q", "? 1'b0 : tile_q", "a_order"
            ),
        },
    ),
    Proof(
        name="result_merge",
        top="result_merge_props",
        claim="Blocks leave once, in order, each put together of its own sums, bias and command.",
        source="docs/core.md",
        blocks=("result_merge", "stream_fifo"),
        depth=1,
        cover=16,
        limits="2 PEAs; one element (all are alike)",
        bugs={
            "bias of the other tile": bug(
                "core/result_merge.sv",
                "bias_mem[int'({out_bank_q, tile_q})",
                "bias_mem[int'({out_bank_q, 1'b0})",
                "a_bias",
            ),
            "bias overwritten by the command after next": bug(
                "core/result_merge.sv",
                "load_valid && !bias_full_q[load_bank_q]",
                "load_valid",
                "a_",
            ),
            "a waiting block replaced": bug(
                "core/result_merge.sv", "!sel_valid_q || y_space;", "1'b1;", "a_"
            ),
        },
    ),
    Proof(
        name="merge_sum",
        top="merge_sum_props",
        claim="A result is products + bias - (r comp) 2^l modulo 2^32 of the block put together.",
        source="specification, section 4, equation (6)",
        blocks=("result_merge",),
        depth=1,
        cover=8,
        limits="one element (all are alike)",
        bugs={
            "upper part counts 128-fold": bug(
                "core/result_merge.sv", "(wide << 8)", "(wide << 7)", "a_sum"
            ),
            "compensation without its sign": bug(
                "core/result_merge.sv",
                "PsumW'($signed(comp)) * PsumW'(r)",
                "PsumW'(comp) * PsumW'(r)",
                "a_sum",
            ),
        },
    ),
)
