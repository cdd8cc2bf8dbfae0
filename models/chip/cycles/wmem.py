"""WMEM in the chip's cycle model: a bank for every PEA (rtl/mem/wmem.sv)."""

from models.chip.cycles import replay_fifo
from models.chip.cycles.replay_fifo import PASS_DEPTH, PASSES, VALID
from models.cycle_cache import block
from models.cycle_registers import LD_TAKE, TAKE_LAST

__all__ = ["pass_space", "step", "used"]

_WORDS = 4  # weight words in an entry


@block
def used(banks):
    """Entries of the fullest bank."""
    most = 0
    for p in range(len(banks)):
        most = max(most, replay_fifo.used(banks[p]))
    return most


@block
def pass_space(banks):
    """All banks would take another pass."""
    for p in range(len(banks)):
        if banks[p, PASSES] == PASS_DEPTH:
            return False
    return True


@block
def step(banks, word, valid, pea, bank, last, play, keep):
    """One cycle; returns the entries that were read to their end.

    Args:
        banks: registers of the banks' replay FIFOs.
        word: int64 (PEAs), the word of its entry that each bank offers.
        valid: int64 (PEAs), set to 1 for banks that offer a word from now on.
        pea: registers of the PEAs, whose loaders have moved on.
        bank, last: the bank that is written, or -1, and whether its block ends.
        play, keep: a pass is asked for, which keeps the block.
    """
    reads = 0
    for p in range(len(banks)):
        taken = pea[p, LD_TAKE]
        pop = taken == TAKE_LAST or (taken > 0 and word[p] == _WORDS - 1)
        word[p] = 0 if pop else word[p] + (1 if taken > 0 else 0)
        replay_fifo.step(banks[p], bank == p, last, play, keep, pop)
        valid[p] = banks[p, VALID]
        reads += 1 if pop else 0
    return reads
