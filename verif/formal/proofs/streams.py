"""FIFOs, handshakes, lists and bursts."""

from verif.formal.proof import Proof, bug

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
        bugs={
            "full beat does not wait for the end": bug(
                "ppu/entry_packer.sv",
                "total > 5'(BeatEntries)",
                "total >= 5'(BeatEntries)",
                "a_rest",
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
)
