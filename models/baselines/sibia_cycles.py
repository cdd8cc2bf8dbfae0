"""Cycle model of the Sibia-style core: equal to its RTL when no stream pauses.

All PEAs do the same at the same time, so that one chain of groups decides: when a group has
arrived, when the dense operand of its K-tile is loaded, when its bank of partial sums is free, and
how long the operators take. A command's chain depends on what came before only through a small
state; equal commands that meet an equal state, as in the steady state of a large layer, are
counted once.
"""

from collections import deque
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

import numpy as np

from models.baselines.sibia import SibiaParams
from models.params import ACTIVATION_ENTRIES, ACTIVATION_LO_VECTORS, WEIGHT_LO_VECTORS
from models.rle import split_k_tiles

__all__ = ["SparseTile", "predict_cycles", "sparse_tiles"]

_PAST = -(2**20)  # so long ago that nothing waits for it
_DEPTH = 4  # groups of the sparse operand that the core holds
_UPDATE, _COUNTED = 4, 5  # cycles from a group's last items to its update, and until it is counted


@dataclass(frozen=True, kw_only=True, eq=False)
class SparseTile:
    """What a command needs to know of its part of the sparse operand.

    Attributes:
        k_len, groups, single: as the command has them.
        items: int64 (k-tiles, groups), vectors: kt LO ones and the stored HO ones.
        beats: int64 (k-tiles, groups), beats of the sparse stream.
        loads: int64 (k-tiles), beats of the dense stream.
        stored: HO vectors in all.
    """

    k_len: int
    groups: int
    single: bool
    items: np.ndarray = field(repr=False)
    beats: np.ndarray = field(repr=False)
    loads: np.ndarray = field(repr=False)
    stored: int


def sparse_tiles(stored: np.ndarray, single: bool, params: SibiaParams) -> list[SparseTile]:
    """The tiles of a sparse operand.

    Args:
        stored: bool (groups, K), stored HO vectors, placeholders included.
        single: the dense operand has one slice.
        params: sizes of the core.
    """
    depth = stored.shape[1]
    kt = np.minimum(params.tile_k, depth - np.arange(0, depth, params.tile_k))
    count = split_k_tiles(stored, params.tile_k).sum(axis=-1, dtype=np.int64).T
    low = -(-kt // ACTIVATION_LO_VECTORS)[:, None]
    beats = low + np.maximum(1, -(-count // ACTIVATION_ENTRIES))
    loads = -(-kt // WEIGHT_LO_VECTORS) * (1 if single else 2)
    tiles = []
    for at in range(0, len(stored), params.groups):
        mine = count[:, at : at + params.groups]
        tiles.append(
            SparseTile(
                k_len=depth,
                groups=mine.shape[1],
                single=single,
                items=mine + kt[:, None],
                beats=beats[:, at : at + params.groups],
                loads=loads,
                stored=int(mine.sum()),
            )
        )
    return tiles


@dataclass(frozen=True, kw_only=True)
class _State:
    """The core between two commands; cycle -1 is the last one in which it dealt out work.

    Attributes:
        accepted: acceptance of the command before.
        load_pops, ring_pops: when the two commands before left their FIFOs, oldest first.
        drain_pops: the same of the fourth, third and second command before.
        loaded: last beat of the dense stream.
        banks: when the last two K-tiles' banks were released.
        filled: last beat of the sparse stream.
        released: when the groups in the ring's places were released, oldest first.
        spare: items for which operators were left over in cycle -1.
        single: of the command before.
        read: last read of partial sums.
        finals: ends of the command before's groups in its last K-tile, none of them read.
        updates: ends of all groups whose updates may meet these reads.
    """

    accepted: int
    load_pops: tuple[int, ...]
    ring_pops: tuple[int, ...]
    drain_pops: tuple[int, ...]
    loaded: int
    banks: tuple[int, ...]
    filled: int
    released: tuple[int, ...]
    spare: int
    single: bool
    read: int
    finals: tuple[int, ...]
    updates: tuple[int, ...]


def _idle() -> _State:
    """Before the first command, which is accepted in cycle 0."""
    return _State(
        accepted=-1, load_pops=(_PAST,) * 2, ring_pops=(_PAST,) * 2, drain_pops=(_PAST,) * 3,
        loaded=_PAST, banks=(_PAST,) * 2, filled=_PAST, released=(_PAST,) * _DEPTH,
        spare=0, single=False, read=_PAST, finals=(), updates=(),
    )  # fmt: skip


def _drain(finals: Iterable[int], updates: Set[int], read: int, num_pea: int) -> int:
    """The last read of a command's groups: one every `num_pea` cycles, never with an update."""
    for end in finals:
        read = max(end + _COUNTED, read + num_pea)
        while read - _UPDATE in updates:
            read += 1
    return read


def _command(tile: SparseTile, before: _State, params: SibiaParams) -> tuple[_State, int, int]:
    """One command: the state behind it, the cycles in between, cycles with straddling operators."""
    accepted = 1 + max(
        before.accepted, before.load_pops[0], before.ring_pops[0], before.drain_pops[0]
    )
    rate = params.rate(tile.single)
    spare = before.spare if tile.single == before.single else 0
    loaded, filled, end = max(before.loaded, accepted), max(before.filled, accepted), -1
    banks, released = before.banks, deque(before.released)
    free = before.drain_pops[-1]  # of the bank of partial sums
    ends, straddles = [], 0
    for items, beats, loads in zip(
        tile.items.tolist(), tile.beats.tolist(), tile.loads.tolist(), strict=True
    ):
        loaded = max(loaded, banks[0]) + loads
        ready_tile = 1 + max(loaded, free)
        for count, length in zip(items, beats, strict=True):
            filled = max(filled, released.popleft()) + length
            ready = max(ready_tile, filled + 1)
            if ready <= end:
                taken = min(spare, count)
                straddles += taken > 0 and spare < rate
                start, count = end + 1, count - taken
            else:
                start = max(ready, end + 1)
            need = max(1, -(-count // rate))
            end, spare = start + need - 1, need * rate - count
            released.append(end)
            ends.append(end)
        banks, free = (banks[1], end), _PAST
    updates = {*before.updates, *ends}
    read = _drain(before.finals, updates, before.read, params.num_pea)
    finals = ends[-tile.groups :]
    earliest = max(finals[0] + _COUNTED, read + params.num_pea) - _UPDATE

    def shifted(cycles: Iterable[int]) -> tuple[int, ...]:
        return tuple(max(cycle - end - 1, _PAST) for cycle in cycles)

    after = _State(
        accepted=accepted - end - 1,
        load_pops=shifted((before.load_pops[1], loaded)),
        ring_pops=shifted((before.ring_pops[1], filled)),
        drain_pops=shifted((*before.drain_pops[1:], read)),
        loaded=loaded - end - 1,
        banks=shifted(banks),
        filled=filled - end - 1,
        released=shifted(released),
        spare=spare,
        single=tile.single,
        read=max(read - end - 1, _PAST),
        finals=shifted(finals),
        updates=shifted(sorted(cycle for cycle in updates if cycle >= earliest)),
    )
    return after, end + 1, straddles


def predict_cycles(tiles: Sequence[SparseTile], params: SibiaParams) -> tuple[int, int]:
    """Cycles from the acceptance of the first of some commands to the last result, both included.

    Args:
        tiles: of every command, in order; the same object where commands share it.
        params: sizes of the core.

    Returns:
        cycles, and in how many of them operators work for two groups.
    """
    known: dict[tuple[int, _State], tuple[_State, int, int]] = {}
    state, now, straddles = _idle(), 0, 0
    for tile in tiles:
        key = id(tile), state
        if key not in known:
            known[key] = _command(tile, state, params)
        state, passed, straddling = known[key]
        now, straddles = now + passed, straddles + straddling
    read = _drain(state.finals, set(state.updates), state.read, params.num_pea)
    return now + read + params.num_pea + 1, straddles
