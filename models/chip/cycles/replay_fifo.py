"""Replay FIFO in the chip's cycle model: WMEM's banks, AMEM, OMEM (rtl/mem/replay_fifo.sv).

Pointers count entries from the start of the run. Streams are legal: no kept block is too long.
"""

from models.cycle_cache import block

__all__ = [
    "FIELDS",
    "FRONT",
    "KEEP0",
    "PASSES",
    "PASS_DEPTH",
    "VALID",
    "step",
    "used",
]

PASS_DEPTH = 2
_MAX_BLOCKS = 8

# FRONT: first pass asked for and not over; keeps of passes and ends of blocks are rings.
(
    BASE, RD, WR, VALID, PASSES, FRONT, KEEP0, KEEP1, ENDS, FIRST_END, END0, FIELDS,
) = (*range(11), 10 + _MAX_BLOCKS)  # fmt: skip


@block
def used(f):
    """Entries held."""
    return f[WR] - f[BASE]


@block
def step(f, push, last, play, keep, ready):
    """One cycle.

    Args:
        f: the FIFO's registers, int64 (FIELDS).
        push, last: an entry is written, a block's last one.
        play, keep: a pass is asked for, which keeps the block.
        ready: the entry at the output, if any, is taken.
    """
    fetch = f[PASSES] > 0 and f[RD] != f[WR] and (f[VALID] == 0 or ready)
    fetch_last = f[ENDS] > 0 and f[RD] == f[END0 + f[FIRST_END]]
    kept = f[KEEP0 + f[FRONT]] == 1
    if push:
        if last:
            f[END0 + (f[FIRST_END] + f[ENDS]) % _MAX_BLOCKS] = f[WR]
            f[ENDS] += 1
        f[WR] += 1
    if play:
        f[KEEP0 + (f[FRONT] + f[PASSES]) % PASS_DEPTH] = keep
        f[PASSES] += 1
    if fetch:
        f[VALID] = 1
        f[RD] = f[BASE] if fetch_last and kept else f[RD] + 1
        if not kept:
            f[BASE] = f[RD]
        if fetch_last:
            f[PASSES] -= 1
            f[FRONT] = (f[FRONT] + 1) % PASS_DEPTH
            if not kept:
                f[ENDS] -= 1
                f[FIRST_END] = (f[FIRST_END] + 1) % _MAX_BLOCKS
    elif ready:
        f[VALID] = 0
