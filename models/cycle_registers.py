"""Registers of a PEA in the cycle model: columns of an int64 array."""

LOADER_DEPTH = 2  # stream FIFO of commands: weight loader
DRAIN_DEPTH = 4  # result drain
QUAD = 4  # LL products of a quad
TO_BUFFER = 4  # cycles from a scheduling decision to its update of the psum buffer

# Registers, and what the loader did in this cycle: LD_TAKE.
(
    LD_STATE, LD_LEFT, LD_AT, LD_BANK, LD_FIFO, LD_TAKE,
    FULL0, FULL1, DYN_DONE0, DYN_DONE1, STA_DONE0, STA_DONE1,
    GEN, GEN_TILE, DYN_PTR,
    CUR, CUR_HH, CUR_HL, CUR_LH, CUR_ANY, CUR_TILE,
    NXT, NXT_HH, NXT_HL, NXT_LH, NXT_ANY, NXT_TILE,
    STA, STA_TILE, STA_QUAD, WINDOW, TAKEN,
    DYN_COUNT, STA_COUNT, DR_FIFO, DR_CMD, DR_GROUP, DR_TILE, DR_OUT,
    PEA_FIELDS,
) = range(40)  # fmt: skip
IDLE, WAIT, RUN = range(3)  # LD_STATE
TAKE_WORD, TAKE_LAST = 1, 2  # LD_TAKE: a word, a K-tile's last word

# Updates under way to the psum buffer, -1: none, else the tile; finished groups.
DYN_UPD, STA_UPD, DYN_FIN, STA_FIN = range(4)

# Sums over all PEAs and cycles; WEIGHTS_WAIT of this cycle only.
(
    LL_SWO, LL_DWO, STRADDLE_D, STRADDLE_L, FLUSH_WAIT, CS_BUSY, WEIGHTS_WAIT, EVENTS,
) = range(8)  # fmt: skip
