"""The work that the scheduler bench hands out: commands, K-tiles, groups, destinations."""

from dataclasses import dataclass, field

import numpy as np

from verif.unit.lists import TILE_K, draw_k

__all__ = ["DEPTH", "Destination", "Group", "KTile", "Plan", "draw_plan"]

DEPTH = 4  # groups in the ring


@dataclass(kw_only=True)
class Destination:
    """One column group of one weight sub-tile in one K-tile: what is summed up together.

    Attributes:
        place: (ring slot, weight bank, sub-tile) of its operands.
        flush: (sub-tile, group, DBS type) that must come with its end.
        products: dynamic products not yet seen, as (kind, k).
        quads: LL quads not yet seen.
    """

    group: "Group"
    place: tuple[int, int, int]
    flush: tuple[int, int, int]
    products: set[tuple[str, int]]
    quads: set[int]


@dataclass(kw_only=True)
class Group:
    """One column group of one K-tile, in the order of the ring.

    Attributes:
        number: groups before it.
        command: number of its command.
        k_tile: number of its K-tile, over all commands.
        index: its number inside the N tile.
        meta: packed `group_meta_t`.
        mask: stored activation vectors, a bit per position.
    """

    number: int
    command: int
    k_tile: int
    index: int
    first_tile: bool
    last_tile: bool
    dtp: bool
    meta: int
    mask: int
    destinations: list[Destination] = field(default_factory=list)


@dataclass(kw_only=True)
class KTile:
    """One K-tile's weights: masks of the two sub-tiles; the number of its last group."""

    masks: tuple[int, int]
    last_group: int


@dataclass(kw_only=True)
class Plan:
    """All work in order."""

    groups: list[Group] = field(default_factory=list)
    k_tiles: list[KTile] = field(default_factory=list)


def _mask(rng: np.random.Generator, kt: int, density: float) -> int:
    return sum(1 << k for k in np.flatnonzero(rng.random(kt) < density).tolist())


def _positions(mask: int) -> list[int]:
    return [k for k in range(TILE_K) if mask >> k & 1]


def _destination(group: Group, tile: int, bank: int, w: int, quads: int, dbs: int) -> Destination:
    products = {("HH", k) for k in _positions(w & group.mask)}
    products |= {("HL", k) for k in _positions(w)} | {("LH", k) for k in _positions(group.mask)}
    return Destination(
        group=group,
        place=(group.number % DEPTH, bank, tile),
        flush=(tile, group.index, dbs),
        products=products,
        quads=set(range(quads)),
    )


def draw_plan(rng: np.random.Generator, commands: int, densities: tuple[float, ...]) -> Plan:
    """Random commands; each list's density is one of `densities`."""
    plan = Plan()
    for command in range(commands):
        dtp, dbs, count = bool(rng.integers(0, 2)), int(rng.integers(1, 4)), int(rng.integers(1, 8))
        k_len = draw_k(rng) if rng.random() < 0.6 else int(rng.integers(1, 9))
        starts = range(0, k_len, TILE_K)
        for start in starts:
            kt, bank = min(TILE_K, k_len - start), len(plan.k_tiles) % 2
            quads = -(-kt // 4)
            masks = tuple(_mask(rng, kt, rng.choice(densities)) for _ in range(2))
            for index in range(count):
                first, last = start == 0, start == starts[-1]
                meta = index
                for value, width in (
                    (quads, 8), (bank, 1), (command % 4, 2), (first, 1), (last, 1),
                    (index == count - 1, 1), (dbs, 2), (dtp, 1),
                ):  # fmt: skip
                    meta = meta << width | int(value)
                group = Group(
                    number=len(plan.groups), command=command, k_tile=len(plan.k_tiles),
                    index=index, first_tile=first,
                    last_tile=last, dtp=dtp, meta=meta, mask=_mask(rng, kt, rng.choice(densities)),
                )  # fmt: skip
                group.destinations = [
                    _destination(group, tile, bank, masks[tile], quads, dbs)
                    for tile in range(1 + dtp)
                ]
                plan.groups.append(group)
            plan.k_tiles.append(KTile(masks=masks, last_group=len(plan.groups) - 1))
    return plan
