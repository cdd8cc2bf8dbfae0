"""DMAs: what they ask for, and that there is room for it. Bursts and 4 KB: the AXI masters."""

from verif.formal.proof import RTL_ASSERTION, Proof, bug

__all__ = ["DMA"]

DMA = (
    Proof(
        name="activation_dma",
        top="activation_dma_props",
        claim="A block's segments are asked for once, as its table says, and find room in AMEM.",
        source="docs/memory.md; docs/programs.md",
        blocks=("activation_dma", "stream_fifo"),
        depth=1,
        cover=24,
        limits="AMEM of 8 beats",
        bugs={
            "what is under way not counted": bug(
                "dma/activation_dma.sv",
                "17'(used_i) + 17'(under_way_q) + 17'(len)",
                "17'(used_i) + 17'(len)",
                "a_",
            ),
            "last segment not marked": bug(
                "dma/activation_dma.sv",
                "(left_q == 16'd1) ? TagActLast : TagAct,",
                "(left_q == 16'd0) ? TagActLast : TagAct,",
                "a_last",
            ),
            "table beat kept too long": bug(
                "dma/activation_dma.sv",
                "entry_q == 4'(Entries - 1));",
                "entry_q == 4'(Entries));",
                "a_",
            ),
            "fence ignored": bug(
                "dma/activation_dma.sv", "(!job.fence || written_i >= job.seq)", "1'b1", "a_fence"
            ),
        },
    ),
    Proof(
        name="weight_dma",
        top="weight_dma_props",
        claim="A block is asked for once, with room in every bank; its beats go where headers say.",
        source="docs/memory.md; docs/programs.md",
        blocks=("weight_dma", "stream_fifo"),
        depth=1,
        cover=16,
        limits="2 PEAs, banks of 8 beats, requests of 4, blocks of up to 15",
        bugs={
            "room of one bank only": bug("dma/weight_dma.sv", "full == '0;", "!full[0];", "a_"),
            "what is under way forgotten": bug(
                "dma/weight_dma.sv",
                "under_way_q + (request ? beats : 16'd0) - 16'(take)",
                "(request ? beats : under_way_q) - 16'(take)",
                RTL_ASSERTION,
            ),
            "last request too long": bug(
                "dma/weight_dma.sv",
                "(left_q > 24'(ReqBeats)) ? 16'(ReqBeats) : left_q[15:0];",
                "16'(ReqBeats);",
                "a_ask",
            ),
            "beat too many for a bank": bug(
                "dma/weight_dma.sv",
                "take && data_q && done_q + 1'b1 == count;",
                "take && data_q && done_q == count;",
                "a_",
            ),
        },
    ),
    Proof(
        name="parameter_dma",
        top="parameter_dma_props",
        claim="A block is asked for once, with room; bias, rows, segments, command follow.",
        source="docs/programs.md",
        blocks=("parameter_dma", "stream_fifo"),
        depth=1,
        cover=16,
        limits="2 PEAs; values are not followed through the buffer",
        bugs={
            "a request before there is room for all of it": bug(
                "dma/parameter_dma.sv",
                "open_q <= 5'(Held - ReqBeats)",
                "open_q <= 5'(Held - 1)",
                "a_",
            ),
            "command of a step without results": bug(
                "dma/parameter_dma.sv",
                "else if (step_end && gives) state_d = StCmd;",
                "else if (step_end) state_d = StCmd;",
                "a_command",
            ),
            "segments without rows forgotten": bug(
                "dma/parameter_dma.sv",
                "step_end && new_pwl) state_d = StPwl; else if (step_end && gives)",
                "step_end && gives)",
                "a_command",
            ),
            "second half of the rows": bug(
                "dma/parameter_dma.sv", "at_last = rows - 10'd1;", "at_last = peas - 10'd1;", "a_"
            ),
        },
    ),
    Proof(
        name="descriptor_dma",
        top="descriptor_dma_props",
        claim="All descriptors are asked for once, in order, and there is room for each beat.",
        source="docs/programs.md",
        blocks=("descriptor_dma", "stream_fifo"),
        depth=1,
        cover=16,
        bugs={
            "one descriptor too many": bug(
                "dma/descriptor_dma.sv", "open_q != 2'd2", "open_q != 2'd3", "a_"
            ),
            "room given back too early": bug(
                "dma/descriptor_dma.sv", "beat_q == 2'(DescBeats - 1)", "beat_q == 2'd0", "a_"
            ),
        },
    ),
    Proof(
        name="read_arbiter",
        top="read_arbiter_props",
        claim="One request goes on at a time; activations and weights take turns if both wait.",
        source="docs/memory.md",
        blocks=("read_arbiter",),
        cover=6,
        bugs={
            "weights always first": bug(
                "dma/read_arbiter.sv", "else if (ready_o[3]) weights_next_q <= 1'b0;", "", "a_fair"
            ),
            "two at once": bug(
                "dma/read_arbiter.sv", "valid_i[1] && !valid_i[0]", "valid_i[1]", "a_one"
            ),
        },
    ),
    Proof(
        name="result_dma",
        top="result_dma_props",
        claim="Packets follow each other in their segments; then each gets its length, once.",
        source="docs/dma.md; docs/streams.md",
        blocks=("result_dma",),
        depth=1,
        cover=18,
        limits="OMEM of 4 beats; not: when an output counts as written, the beats' data",
        quick=False,
        bugs={
            "packet over the one before": bug(
                "dma/result_dma.sv", "+ LineAddrW'(length_q[segment])", "", "a_where"
            ),
            "second tile in the place of the first": bug(
                "dma/result_dma.sv",
                "(packet_tile ? LineAddrW'(job.stride) : '0)",
                "LineAddrW'(0)",
                "a_where",
            ),
        },
    ),
)
