"""FIFOs, handshakes, lists and bursts."""

from verif.formal.proof import BOUNDED, RTL_ASSERTION, Proof, bug

__all__ = ["STREAMS"]

STREAMS = (
    Proof(
        name="stream_fifo",
        top="stream_fifo_props",
        claim="What goes into a FIFO comes out, once, in order, and waits there unchanged.",
        source="docs/blocks.md",
        blocks=("stream_fifo", "payload_check"),
        limits="Width 4, Depth 3",
        bugs={
            "takes one too many": bug(
                "common/stream_fifo.sv",
                "assign ready_o = count_q != CntW'(Depth)",
                "assign ready_o = 1'b1",
                "a_room",
            ),
            "write pointer wraps late": bug(
                "common/stream_fifo.sv",
                "(wr_q == PtrW'(Depth - 1)) ? '0 : wr_q",
                "wr_q",
                "a_order",
            ),
        },
    ),
    Proof(
        name="burst_splitter",
        top="burst_splitter_props",
        claim="Bursts cover a transfer once, in order, without gap; none crosses 4 KB.",
        source="docs/axi.md",
        blocks=("burst_splitter",),
        cover=14,
        bugs={
            "bursts end anywhere": bug(
                "axi/burst_splitter.sv",
                "16'(MaxBurst) - (16'(line_q) & 16'(MaxBurst - 1))",
                "16'(MaxBurst)",
                "a_page",
            ),
            "one beat left behind": bug(
                "axi/burst_splitter.sv", "(left_q < room)", "(left_q != room)", "a_length"
            ),
            "last burst not marked": bug(
                "axi/burst_splitter.sv", "left_q == beats;", "left_q == room;", "a_last"
            ),
        },
    ),
    Proof(
        name="rle",
        top="rle_props",
        claim="What the encoder writes the decoder reads back: any list round-trips, none past K.",
        source="specification, section 3",
        blocks=("rle_encoder", "idxd"),
        depth=1,
        cover=14,
        limits="lists of 1 to 64 positions",
        bugs={
            "no placeholder": bug("ppu/rle_encoder.sv", "|| run[i] == '1)", ")", "a_right"),
            "run continues in the next list": bug(
                "ppu/rle_encoder.sv", "last_i ? '0 : run[VecLen]", "run[VecLen]", "a_"
            ),
            "position beyond the tile stored": bug(
                "ppu/rle_encoder.sv", "list_i && rows_i[i] &&", "list_i &&", "a_"
            ),
            "decoder counts a place twice": bug(
                "pea/idxd.sv", "at[e] + SumW'(1)", "at[e] + SumW'(2)", "a_"
            ),
        },
    ),
    Proof(
        name="entry_packer",
        top="entry_packer_props",
        claim="Beats carry a list's entries in order, twelve each, the rest in the last, marked.",
        source="docs/ppu.md; docs/streams.md",
        blocks=("entry_packer",),
        depth=1,
        limits="lists of up to 60 entries",
        quick=False,
        bugs={
            "full beat does not wait for the end": bug(
                "ppu/entry_packer.sv",
                "total > 5'(BeatEntries)",
                "total >= 5'(BeatEntries)",
                "a_needed",
            ),
            "first entries of the next list lost": bug(
                "ppu/entry_packer.sv", "take ? HeldW'(entries_i) : '0;", "'0;", "a_order"
            ),
        },
    ),
    Proof(
        name="idxd",
        top="idxd_props",
        claim="No list, legal or not, is decoded past its K-tile; such entries are reported.",
        source="specification, section 3; docs/streams.md",
        blocks=("idxd",),
        bugs={
            "last position counts as past": bug(
                "pea/idxd.sv", "(at[e] >= SumW'(k_len_i))", "(at[e] > SumW'(k_len_i))", "a_inside"
            ),
            "position forgotten": bug(
                "pea/idxd.sv", "next_q <= after[NumEntries];", "next_q <= at[0];", "a_position"
            ),
        },
    ),
    Proof(
        name="idxd_weights",
        top="idxd_props",
        claim="The same for the three entries of a weight word.",
        source="specification, section 3; docs/streams.md",
        blocks=("idxd",),
        parameters={"NumEntries": 3},
        bugs={
            "count not checked": bug(
                "pea/idxd.sv", "count_i > CountW'(NumEntries)", "count_i == '1", "a_report"
            ),
        },
    ),
    Proof(
        name="axi_reader",
        top="axi_reader_props",
        claim="Reads keep to the bus: 4 KB, stable addresses; each beat is passed on once.",
        source="docs/axi.md",
        blocks=("axi_reader", "burst_splitter", "stream_fifo", "payload_check"),
        cover=14,
        limits="16 address bits, 2 bursts under way",
        bugs={
            "one burst too many": bug(
                "axi/axi_reader.sv", "burst_valid && slot_ready;", "burst_valid;", "a_limit"
            ),
            "last of the burst taken for the request's": bug(
                "axi/axi_reader.sv",
                "beat_q == head_len;\n  assign data_o",
                "1'b1;\n  assign data_o",
                "a_last",
            ),
            "beat lost": bug(
                "axi/axi_reader.sv", "head_valid && (ready_i || abort_i)", "head_valid", "a_pass"
            ),
        },
    ),
    Proof(
        name="axi_writer",
        top="axi_writer_props",
        claim="Writes keep to the bus: 4 KB, stable channels, WLAST after as many beats as told.",
        source="docs/axi.md",
        blocks=("axi_writer", "burst_splitter", "stream_fifo", "payload_check"),
        method=BOUNDED,
        depth=10,
        cover=14,
        limits="16 address bits, 2 bursts under way",
        bugs={
            "WLAST a beat early": bug(
                "axi/axi_writer.sv",
                "w_last_q <= beat_q == fill_len",
                "w_last_q <= beat_q + 1'b1 == fill_len",
                "a_last",
            ),
            "waiting beat changed": bug(
                "axi/axi_writer.sv",
                "(valid_i || abort_i) && (!w_valid_q || m_axi_wready_i);",
                "(valid_i || abort_i);",
                RTL_ASSERTION,
            ),
        },
    ),
    Proof(
        name="replay_fifo",
        top="replay_fifo_props",
        claim="Every pass plays the block at the front once, in order; kept ones stay, others go.",
        source="docs/memory.md",
        blocks=("replay_fifo", "ram_1r1w", "stream_fifo"),
        depth=1,
        cover=16,
        limits="4 entries of 2 bits, 2 blocks; kept blocks that fit",
        bugs={
            "block played from its second entry": bug(
                "mem/replay_fifo.sv",
                "(fetch_last && keep) ? base_q :",
                "(fetch_last && keep) ? base_q + 1'b1 :",
                "a_",
            ),
            "kept block is freed": bug(
                "mem/replay_fifo.sv",
                "if (fetch && !keep) base_q",
                "if (fetch) base_q",
                "a_freed",
            ),
            "written over": bug(
                "mem/replay_fifo.sv",
                "ready_o = !full && end_ready",
                "ready_o = end_ready",
                "a_room",
            ),
        },
    ),
    Proof(
        name="group_buffer",
        top="group_buffer_props",
        claim="A group is read as it was sent until both halves have released it.",
        source="docs/pea.md",
        blocks=("group_buffer",),
        limits="TileK 8 in two beats, 2 groups; one vector and one quad read at a time",
        bugs={
            "all beats in the first one's place": bug(
                "pea/group_buffer.sv",
                "int'(beat_q) * BeatQuads + q] <= ho_i",
                "q] <= ho_i",
                "a_",
            ),
            "flags of a longer group left": bug(
                "pea/group_buffer.sv",
                "mask_q[wr_slot] <= TileK'(stored_i)",
                "mask_q[wr_slot][BeatLen-1:0] <= stored_i",
                "a_mask",
            ),
            "static half not waited for": bug(
                "pea/group_buffer.sv",
                "((SlotW+1)'(wr_q - sta_ptr_i) != (SlotW+1)'(Depth))",
                "1'b1",
                "a_",
            ),
            "HO vector for LO": bug(
                "pea/group_buffer.sv", "vec_high_i[i] ? ho_mem", "!vec_high_i[i] ? ho_mem", "a_vec"
            ),
        },
    ),
    Proof(
        name="global_activation_buffer",
        top="global_activation_buffer_props",
        claim="Each group is broadcast once, in order, as it came, with what the PEAs need of it.",
        source="docs/core.md",
        blocks=("global_activation_buffer",),
        depth=1,
        cover=16,
        limits="TileK 8 in two beats, position 6; which entries a list has: the proof of the IDXD",
        quick=False,
        bugs={
            "placeholder kept": bug(
                "core/global_activation_buffer.sv",
                "listed[e] && (data_i[e*EntryW+:VecW] != frequent)",
                "listed[e]",
                "a_kept",
            ),
            "flags of the group before left": bug(
                "core/global_activation_buffer.sv", "stored_q[fill_q] <= '0;", "", "a_kept"
            ),
            "all K-tiles in one bank": bug(
                "core/global_activation_buffer.sv", "bank_d  = !bank_q;", "bank_d  = bank_q;", "a_"
            ),
            "a pass begins the sums again": bug(
                "core/global_activation_buffer.sv",
                "first_d = !open_q;",
                "first_d = 1'b1;",
                "a_meta",
            ),
        },
    ),
    Proof(
        name="weight_path",
        top="weight_path_props",
        claim="Weights are taken once, into the free bank, and read as they were sent.",
        source="docs/pea.md; docs/streams.md",
        blocks=("weight_loader", "wbuf"),
        cover=16,
        limits="TileK 8, position 6; which entries a list has: the proof of the IDXD",
        bugs={
            "full bank not waited for": bug(
                "pea/weight_loader.sv", "if (!bank_full_i[bank_q]) state_d", "state_d", "a_"
            ),
            "placeholder kept": bug(
                "pea/weight_loader.sv",
                "there[v] && (ho_vec_o[v*VecW+:VecW] != '0)",
                "there[v]",
                RTL_ASSERTION,
            ),
            "second sub-tile over the first": bug(
                "pea/wbuf.sv",
                "if (lo_valid_i) lo_mem[lo_addr(bank_i, tile_i, wr_quad_i)]",
                "if (lo_valid_i) lo_mem[lo_addr(bank_i, 1'b0, wr_quad_i)]",
                "a_",
            ),
            "dense words in the first quad": bug(
                "pea/weight_loader.sv",
                "dense_i ? PosW'({quad_q, 2'(v)})",
                "dense_i ? PosW'(v)",
                "a_",
            ),
        },
    ),
)
