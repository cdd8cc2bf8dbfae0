"""The cases of control in which the small core is proven."""

from functools import cache
from itertools import count, product
from random import Random

from verif.formal.symbolic.core_case import DROPPED, KEPT, SKIPPED, Case, CoreSize

__all__ = ["core_cases", "few_cases"]

_TILE_K = 4
_SHARES = (4, 5, 1), (12, 1, 1), (60, 2, 1)
_PAUSES = 9
_EXTREMES = 4
_OTHERS = 40
_FORMATS = tuple(product((4, 7, 10), ((4, 1), (8, 1), (8, 2), (8, 3), (12, 1))))
_LISTS = tuple(product((SKIPPED, KEPT, DROPPED), repeat=_TILE_K))

Lists = tuple[tuple[int, ...], ...]


@cache
def core_cases(core: CoreSize) -> tuple[Case, ...]:
    """All cases of a core; those that differ most come first, since bugs fail early then.

    - all high-order vectors kept, or none;
    - all widths and types, both forms of lists, one and two sub-tiles, up to three K-tiles, two
      output tiles;
    - every set of kept weight vectors of a K-tile with every set of kept activation vectors, in
      run-length and in dense lists, of one and of two sub-tiles; all r;
    - every list of a K-tile with vectors skipped, kept and dropped;
    - others at random: the same ones every time.

    Of a core with longer K-tiles than four only the first two kinds.
    """
    random = Random(1)
    cases = [
        Case(
            name=f"all or none {w} {x}",
            core=core,
            weights=((w,) * core.tile_k,) * 4,
            activations=((x,) * core.tile_k,) * 2,
            r=6,
            tiles=2,
        )
        for w, x in product((KEPT, SKIPPED), repeat=2)
    ]
    number = count()
    cases += [
        _random(core, random, f"widths {next(number)}", formats, dense, sub_tiles)
        for formats, dense, sub_tiles in product(_FORMATS, (False, True), (1, 2))
    ]
    if core.tile_k > _TILE_K:
        return tuple(cases)
    number = count()
    for dense, (i, j) in product((False, True), product(range(8), range(8))):
        cases.append(
            Case(
                name=f"kept {next(number)}",
                core=core,
                weights=(_kept(i), _kept(15 - i)),
                activations=(_kept(j), _kept(15 - j)),
                r=(i + 2 * j) % 16,
                dense=dense,
                pause=(8 * i + j) % _PAUSES if dense else 0,
            )
        )
    number = count()
    for i, j in product(range(4), range(8)):
        cases.append(
            Case(
                name=f"kept, two sub-tiles {next(number)}",
                core=core,
                weights=tuple(_kept(at) for at in (i, 15 - i, i + 4, 11 - i)),
                activations=(_kept(j), _kept(15 - j)),
                r=(5 * i + 2 * j) % 16,
                pause=(8 * i + j) % _PAUSES,
            )
        )
    number = count()
    for at in range(0, len(_LISTS), 2):
        pair = _LISTS[at], _LISTS[(at + 1) % len(_LISTS)]
        cases += [
            Case(
                name=f"dropped {next(number)}",
                core=core,
                weights=w,
                activations=x,
                r=random.randrange(16),
                pause=random.randrange(_PAUSES),
            )
            for w, x in ((pair, _lists(random, 2, _TILE_K)), (_lists(random, 2, _TILE_K), pair))
        ]
    cases += [_random(core, random, f"random {at}") for at in range(_OTHERS)]
    return tuple(cases)


def few_cases(core: CoreSize) -> tuple[Case, ...]:
    """Some cases of each kind, for a run of seconds."""
    cases = core_cases(core)
    return cases[:_EXTREMES] + cases[_EXTREMES::12]


def _random(
    core: CoreSize,
    random: Random,
    name: str,
    formats: tuple[int, tuple[int, int]] | None = None,
    dense: bool | None = None,
    sub_tiles: int | None = None,
) -> Case:
    """A case with what is not given chosen."""
    w_bits, (x_bits, dbs) = formats or random.choice(_FORMATS)
    depth = random.randint(1, 2 * core.tile_k + 1)
    shares = random.choice(_SHARES) if core.tile_k > _TILE_K else _SHARES[0]
    return Case(
        name=name,
        core=core,
        weights=_lists(random, 2 * (sub_tiles or random.randint(1, 2)), depth, shares),
        activations=_lists(random, random.randint(1, 2), depth, shares),
        w_bits=w_bits,
        x_bits=x_bits,
        dbs=dbs,
        r=random.randrange(16) if x_bits > 4 else 0,
        dense=random.random() < 0.5 if dense is None else dense,
        pause=random.randrange(_PAUSES),
        tiles=2 if formats else random.randint(1, 3),
    )


def _kept(mask: int) -> tuple[int, ...]:
    """A list of a K-tile by the set of its kept vectors."""
    return tuple(KEPT if mask >> k & 1 else SKIPPED for k in range(_TILE_K))


def _lists(
    random: Random, number: int, depth: int, shares: tuple[int, int, int] = _SHARES[0]
) -> Lists:
    """Lists with vectors skipped, kept and dropped in these shares."""
    marks = (SKIPPED, KEPT, DROPPED)
    return tuple(tuple(random.choices(marks, shares, k=depth)) for _ in range(number))
