"""The work that the scheduler bench hands out: output tiles, K-tiles, groups, destinations."""

from dataclasses import dataclass, field

import numpy as np

from models.params import GROUPS_MAX
from verif.unit.lists import TILE_K, draw_k

__all__ = ["DEPTH", "Destination", "Group", "KTile", "Plan", "draw_plan", "leftovers_plan"]

DEPTH = 4  # groups in the ring


@dataclass(kw_only=True)
class Destination:
    """One column group of one weight sub-tile in one K-tile: what is summed up together.

    Attributes:
        place: (ring slot, weight bank, sub-tile) of its operands.
        flush: what must come with its end: tile, group, shift, wgt_up.
        products: dynamic products not yet seen, as (kind, k).
        quads: LL quads not yet seen.
    """

    group: "Group"
    place: tuple[int, int, int]
    flush: dict[str, int]
    products: set[tuple[str, int]]
    quads: set[int]


@dataclass(kw_only=True)
class Group:
    """One column group of one K-tile, in the order of the ring.

    Attributes:
        number: groups before it.
        output: number of its output tile.
        k_tile: number of its K-tile, over all output tiles.
        index: its number inside the N tile.
        meta: packed `group_meta_t`.
        mask: stored activation vectors, a bit per position.
    """

    number: int
    output: int
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


def _destination(
    group: Group, tile: int, bank: int, w: int, quads: int, scale: tuple[int, bool]
) -> Destination:
    products = {("HH", k) for k in _positions(w & group.mask)}
    products |= {("HL", k) for k in _positions(w)} | {("LH", k) for k in _positions(group.mask)}
    shift, wgt_up = scale
    return Destination(
        group=group,
        place=(group.number % DEPTH, bank, tile),
        flush={"tile": tile, "group": group.index, "shift": shift, "wgt_up": wgt_up},
        products=products,
        quads=set(range(quads)),
    )


def draw_plan(
    rng: np.random.Generator, outputs: int, densities: tuple[float, ...], *, widest: bool = False
) -> Plan:
    """Random output tiles of one to four passes; each list's density is one of `densities`.

    With `widest`, the last one has as many groups as a command can have, of a single K-tile.
    """
    plan = Plan()
    for output in range(outputs):
        dtp, count, passes = bool(rng.integers(0, 2)), int(rng.integers(1, 8)), rng.integers(1, 5)
        k_tiles = [tile for _ in range(passes) for tile in _draw_pass(rng)]
        if widest and output == outputs - 1:
            count, k_tiles = GROUPS_MAX, k_tiles[:1]
        for number, (kt, *scale) in enumerate(k_tiles):
            masks = tuple(_mask(rng, kt, rng.choice(densities)) for _ in range(2))
            x_masks = [_mask(rng, kt, rng.choice(densities)) for _ in range(count)]
            ends = (number == 0, number == len(k_tiles) - 1)
            _add_k_tile(plan, output, dtp, ends, kt, tuple(scale), masks, x_masks)
    return plan


def leftovers_plan() -> Plan:
    """Twelve groups of a K-tile of 12 vectors: 12 LL products and 0 to 11 LH products each."""
    plan = Plan()
    x_masks = [(1 << stored) - 1 for stored in range(12)]
    _add_k_tile(plan, 0, False, (True, True), 12, (0, False), (0, 0), x_masks)
    return plan


def _add_k_tile(
    plan: Plan,
    output: int,
    dtp: bool,
    ends: tuple[bool, bool],
    kt: int,
    scale: tuple[int, bool],
    masks: tuple[int, int],
    x_masks: list[int],
) -> None:
    """Append a K-tile of `kt` vectors; `ends`: it is its output's first, last one."""
    bank, quads = len(plan.k_tiles) % 2, -(-kt // 4)
    for index, mask in enumerate(x_masks):
        meta = index
        for value, width in (
            (quads, 8), (bank, 1), (output % 4, 2), (ends[0], 1), (ends[1], 1),
            (index == len(x_masks) - 1, 1), (scale[0], 3), (scale[1], 1), (dtp, 1),
        ):  # fmt: skip
            meta = meta << width | int(value)
        group = Group(
            number=len(plan.groups), output=output, k_tile=len(plan.k_tiles), index=index,
            first_tile=ends[0], last_tile=ends[1], dtp=dtp, meta=meta, mask=mask,
        )  # fmt: skip
        group.destinations = [
            _destination(group, tile, bank, masks[tile], quads, scale) for tile in range(1 + dtp)
        ]
        plan.groups.append(group)
    plan.k_tiles.append(KTile(masks=masks, last_group=len(plan.groups) - 1))


def _draw_pass(rng: np.random.Generator) -> list[tuple[int, int, bool]]:
    """The K-tiles of a pass: vectors, shift and `wgt_up` of each."""
    k_len = draw_k(rng) if rng.random() < 0.6 else int(rng.integers(1, 9))
    shift, wgt_up = int(rng.integers(0, 8)), bool(rng.integers(0, 2))
    return [(min(TILE_K, k_len - start), shift, wgt_up) for start in range(0, k_len, TILE_K)]
