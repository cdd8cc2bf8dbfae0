"""Programs that must fail: illegal descriptors, corrupt blocks, memory that answers errors."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.apsq import EXPONENT_MAX
from models.chip.descriptor import (
    ADDRESS_BITS,
    DESCRIPTOR_BYTES,
    LAYOUT,
    RULES,
    Descriptor,
    legality,
)
from models.chip.params import BEAT_BYTES, ChipParams
from verif.agents.bus_traffic import BEAT, BusTraffic, Kind
from verif.agents.chip_items import BadAnswer
from verif.csr.names import ErrorCode
from verif.sequences.program_item import Ending, ProgramItem

__all__ = [
    "ANY_END",
    "BREAKS",
    "break_descriptor",
    "corrupt",
    "corrupt_header",
    "corrupt_table",
    "cut_short",
    "failing_access",
    "forget_load",
    "keep_block",
    "lose_last",
    "read_as_dense",
    "refuse_access",
    "refused_command",
    "run_past",
    "wild",
]

ANY_END = frozenset(ErrorCode) - {
    ErrorCode.aborted, ErrorCode.bad_descriptor, ErrorCode.write_failed,
}  # fmt: skip
"""Ends of a run whose blocks are corrupt: it may even look right."""

_LAST_BIT = 62  # of a weight word: the end of a list

Change = Callable[[np.random.Generator, Descriptor, ChipParams], dict[str, int | bool]]

_ADDRESSES = (
    "w_addr", "x_addr", "x_table", "par_addr", "y_addr", "y_addr_low", "y_table", "y_table_low",
)  # fmt: skip

_LENGTHS = ("k_len", "w_beats", "x_segments")


def _kind(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    if rng.random() < 0.3:
        return {"kind": int(rng.choice((0, 2, 3, 129, 255)))}
    reserved = 1 << int(rng.choice((19, 24, 31, 62, 63, 89, 95, 120, 127, 208, 480, 768, 1023)))
    return {"reserved": reserved}


def _groups(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    return {"groups": int(rng.choice((0, params.core.groups + 1, 255)))}


def _address(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    name = str(rng.choice((*_ADDRESSES, "x_stride", "y_stride")))
    value = getattr(d, name)
    if name in _ADDRESSES and rng.random() < 0.5:
        return {name: value | 1 << int(rng.integers(40, 64))}
    return {name: value | (1 if "y_table" in name else 1 << int(rng.integers(0, 5)))}


def _residency(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    side = str(rng.choice(("w", "x")))
    size = "w_beats" if side == "w" else "x_segments"
    options: list[dict] = [
        {f"{side}_load": True, f"{side}_play": False},
        {f"{side}_keep": True, f"{side}_play": False},
        {f"{side}_load": True, f"{side}_play": True, size: 0},
    ]
    return options[int(rng.integers(0, 3))]


def _rows(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    return {"rows": int(rng.choice((0, params.core.rows * d.sub_tiles + 1, 255)))}


def _format(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    options = (
        {"y_slices": 0},
        {"y_dbs": 0},
        {"y_slices": 1, "y_dbs": 2},
        {"y_slices": 3, "y_dbs": 3},
    )
    return {"raw": False, "y_dbs": 1, "y_slices": 2} | options[int(rng.integers(0, 4))]


def _other_pass(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    if rng.random() < 0.3:
        return {"apsq": d.apsq ^ 6 if d.apsq else 9}
    if not d.dtp and rng.random() < 0.5:
        return {"dtp": True}
    return {"groups": 2 if d.groups == 1 else d.groups - 1}


def _apsq(rng: np.random.Generator, d: Descriptor, params: ChipParams) -> dict:
    if d.apsq:
        return {"apsq": d.apsq & 15 | int(rng.integers(EXPONENT_MAX + 1, 32)) << 4}
    return {"apsq": 8 << int(rng.integers(0, 6))}


BREAKS: dict[int, Change] = {
    1: _kind,
    2: lambda rng, d, params: {"k_len": 0},
    3: _groups,
    4: lambda rng, d, params: {"dbs": 0},
    5: _address,
    6: _residency,
    7: _rows,
    8: _format,
    9: _other_pass,
    11: _apsq,
}
"""A change that breaks a rule of `models.chip.descriptor.RULES`. Rule 10 needs no change."""


def break_descriptor(rng: np.random.Generator, item: ProgramItem, rule: int) -> ProgramItem | None:
    """A program one of whose descriptors breaks a rule; None if this one has none that can."""
    descriptors, params = item.program.descriptors, item.program.params
    numbers = np.flatnonzero([_breakable(descriptors, i, rule) for i in range(len(descriptors))])
    if not len(numbers):
        return None
    number = int(rng.choice(numbers))
    image, count, broken = item.image, item.prog_count, descriptors[number]
    if rule in BREAKS:
        broken = replace(broken, **BREAKS[rule](rng, broken, params))
        image = _with_descriptor(item, number, broken)
    else:
        count = number + 1
    previous = descriptors[number - 1] if number else None
    found = legality(broken, previous, params, last=number == count - 1)
    if found != rule:
        raise AssertionError(f"rule {found} is broken instead of {rule}: {RULES[rule]}")
    ending = Ending.failing(ErrorCode.bad_descriptor, detail=rule, descriptor=number)
    return replace(item, image=image, prog_count=count, ending=ending)


def corrupt(rng: np.random.Generator, item: ProgramItem) -> ProgramItem:
    """A program with wrong bits anywhere behind its descriptors; it ends somehow."""
    image = item.image.copy()
    first = item.program.prog_count * DESCRIPTOR_BYTES
    at = rng.integers(first, len(image), int(rng.integers(1, 9)))
    image[at] ^= rng.integers(1, 256, len(at)).astype(np.uint8)
    return replace(item, image=image, ending=Ending(codes=ANY_END))


def corrupt_header(item: ProgramItem) -> ProgramItem:
    """The program whose first weight block has no beats for PEA 0 in its first chunk."""
    at = next(d for d in item.program.descriptors if d.w_load).w_addr - item.program.base
    image = item.image.copy()
    image[at], image[at + 1] = 0, image[at + 1] & 0xF0  # twelve bits; bit 15 marks the last chunk
    return replace(item, image=image, ending=Ending.failing(ErrorCode.corrupt_stream, detail=1))


def corrupt_table(rng: np.random.Generator, item: ProgramItem) -> ProgramItem | None:
    """A program with a segment of no length or one that exceeds AMEM; None without a table."""
    loads = [d for d in item.program.descriptors if d.x_load and not d.fence]
    if not loads:
        return None
    d = loads[int(rng.integers(0, len(loads)))]
    image = item.image.copy()
    at = d.x_table - item.program.base + 2 * int(rng.integers(0, d.x_segments))
    if at + 2 > len(image):
        return None  # results of the program itself
    value = int(rng.choice((0, item.program.params.amem_beats + 1, 0xFFFF)))
    image[at : at + 2] = np.frombuffer(value.to_bytes(2, "little"), np.uint8)
    ending = Ending.failing(ErrorCode.corrupt_stream, detail=2)
    return replace(item, image=image, ending=ending)


def cut_short(item: ProgramItem) -> ProgramItem:
    """The program whose first activation block lacks the last beat of its last segment."""
    d = next(d for d in item.program.descriptors if d.x_load)
    at = d.x_table - item.program.base + 2 * (d.x_segments - 1)
    image = item.image.copy()
    length = image[at : at + 2].view("<u2")
    length -= 1
    return replace(item, image=image, ending=Ending.failing(ErrorCode.corrupt_stream, detail=4))


def run_past(item: ProgramItem) -> ProgramItem:
    """The program whose first activation list, of two entries at least, runs past its K-tile."""
    params, image = item.program.params, item.image.copy()
    d = next(d for d in item.program.descriptors if d.x_load)
    at = d.x_addr - item.program.base + BEAT_BYTES * -(-params.core.tile_k // 16)
    # Entries have 20 bits, the index in the upper four: 15 positions skipped before both.
    image[at + 2] |= 0x0F
    image[at + 4] |= 0xF0
    return replace(item, image=image, ending=Ending(codes=ANY_END))


def failing_access(
    rng: np.random.Generator, item: ProgramItem, good: BusTraffic, *, write: bool, resp: int
) -> ProgramItem:
    """The program with an error answer for some access that its good run made.

    Args:
        rng: draws the beat.
        item: the program.
        good: traffic of its run without errors.
        write: fail a write burst instead of a read beat.
        resp: SLVERR or DECERR.
    """
    beats = good.write_addresses if write else good.read_addresses
    address = int(beats[int(rng.integers(0, len(beats)))])
    return refuse_access(item, good, address, write=write, resp=resp)


def refuse_access(
    item: ProgramItem, good: BusTraffic, address: int, *, write: bool, resp: int
) -> ProgramItem:
    """The same for the beat at an address."""
    beats = good.write_addresses if write else good.read_addresses
    reported = address
    code = ErrorCode.read_failed
    if write:  # a burst reports its first address; the same beat may be in several bursts
        code = ErrorCode.write_failed
        bursts = good.where(Kind.AW)
        lengths = (good.records["info"][bursts] >> 8 & 0xFF).astype(int) + 1
        starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
        first = int(np.flatnonzero(beats == address)[0])
        reported = int(beats[starts[first]])
    bus = replace(item.bus, bad=BadAnswer(write=write, address=address // BEAT * BEAT, resp=resp))
    return replace(item, bus=bus, ending=Ending.failing(code, address=reported))


def _breakable(descriptors: tuple[Descriptor, ...], number: int, rule: int) -> bool:
    d = descriptors[number]
    return {
        7: d.gives,
        8: d.gives,
        9: number > 0 and not descriptors[number - 1].gives,
        10: not d.gives,
    }.get(rule, True)


def keep_block(item: ProgramItem, side: str, *, first: int = 0) -> ProgramItem:
    """The program with a block of a side, `w` or `x`, to be kept, however large: the first one of
    descriptor `first` and those behind it."""
    descriptors = item.program.descriptors
    loads = [getattr(d, f"{side}_load") for d in descriptors]
    number = loads.index(True, first)
    broken = replace(descriptors[number], **{f"{side}_keep": True})
    image = _with_descriptor(item, number, broken)
    ending = Ending.failing(ErrorCode.block_too_large, detail=1 if side == "w" else 2)
    return replace(item, image=image, ending=ending)


def lose_last(item: ProgramItem, *, first: int = 0) -> ProgramItem:
    """The program whose first weight block, from descriptor `first` on, lacks the end of its last
    list, which is run-length coded."""
    d = next(d for d in item.program.descriptors[first:] if d.w_load)
    start = d.w_addr - item.program.base
    image = item.image.copy()
    words = image[start : start + BEAT * d.w_beats].view("<u8")
    end = int(np.flatnonzero(words >> np.uint64(_LAST_BIT) & np.uint64(1))[-1])
    words[end] &= ~np.uint64(1 << _LAST_BIT)
    return replace(item, image=image, ending=Ending.failing(ErrorCode.corrupt_stream, detail=3))


def read_as_dense(item: ProgramItem) -> ProgramItem:
    """The program whose first weight block, of short run-length lists, is taken for dense ones,
    which are longer."""
    broken = replace(item.program.descriptors[0], wgt_dense=True)
    ending = Ending.failing(ErrorCode.corrupt_stream, detail=3)
    return replace(item, image=_with_descriptor(item, 0, broken), ending=ending)


def forget_load(item: ProgramItem, side: str, *, number: int = 0, more: int = 0) -> ProgramItem:
    """The program up to a descriptor that plays a block of a side, `w` or `x`, never loaded, and
    `more` descriptors behind it, which load none either."""
    d = item.program.descriptors[number]
    image = _with_descriptor(item, number, replace(d, **{f"{side}_load": False}))
    ending = Ending.failing(ErrorCode.timeout, descriptor=number)
    return replace(item, image=image, prog_count=number + 1 + more, ending=ending)


def refused_command(item: ProgramItem, *, number: int = 0) -> ProgramItem:
    """The program with a command that the chip takes and the core refuses: wide activations in a
    slicing type other than 1."""
    broken = replace(item.program.descriptors[number], act_up=True, dbs=2)
    ending = Ending.failing(ErrorCode.core_error)
    return replace(item, image=_with_descriptor(item, number, broken), ending=ending)


def wild(item: ProgramItem, pattern: int) -> ProgramItem:
    """The program with a legal first descriptor that leads nowhere: the bits of all lengths,
    addresses and strides are those of a 64-bit pattern."""

    def bits(name: str) -> int:
        lowest = 0 if name in _LENGTHS else 1 if "y_table" in name else 5
        width = ADDRESS_BITS if name in _ADDRESSES else LAYOUT[name][2]
        return pattern & ((1 << width) - (1 << lowest))

    fields = {name: bits(name) for name in (*_ADDRESSES, *_LENGTHS, "x_stride", "y_stride")}
    d = replace(item.program.descriptors[0], **fields, new_rows=True, new_pwl=True)
    ending = Ending.failing(ErrorCode.read_failed)
    image = _with_descriptor(item, 0, d)
    return replace(item, image=image, ending=ending)


def _with_descriptor(item: ProgramItem, number: int, d: Descriptor) -> np.ndarray:
    """The image with another descriptor."""
    image = item.image.copy()
    at = item.program.prog_addr - item.program.base + number * DESCRIPTOR_BYTES
    image[at : at + DESCRIPTOR_BYTES] = np.frombuffer(d.pack(), np.uint8)
    return image
