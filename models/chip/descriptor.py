"""Descriptors: one command of the chip in 128 bytes, and what makes one illegal."""

from dataclasses import dataclass, fields

from models.apsq import EXPONENT_MAX, ApsqStep
from models.chip.params import BEAT_BYTES, ChipParams
from models.errors import PanaceaError, check_range
from models.params import VECTOR

__all__ = ["ADDRESS_BITS", "DESCRIPTOR_BYTES", "LAYOUT", "RULES", "Descriptor", "legality"]

DESCRIPTOR_BYTES = 128
ADDRESS_BITS = 40

LAYOUT: dict[str, tuple[int, int, int]] = {
    "kind": (0, 0, 8),
    "dtp": (0, 8, 1),
    "more": (0, 9, 1),
    "wgt_up": (0, 10, 1),
    "act_up": (0, 11, 1),
    "w_load": (0, 12, 1),
    "w_play": (0, 13, 1),
    "w_keep": (0, 14, 1),
    "wgt_dense": (0, 15, 1),
    "x_load": (0, 16, 1),
    "x_play": (0, 17, 1),
    "x_keep": (0, 18, 1),
    "fence": (0, 20, 1),
    "new_rows": (0, 21, 1),
    "new_pwl": (0, 22, 1),
    "raw": (0, 23, 1),
    "k_len": (1, 0, 16),
    "groups": (1, 16, 8),
    "r": (1, 24, 4),
    "dbs": (1, 28, 2),
    "rows": (2, 0, 8),
    "y_r": (2, 8, 4),
    "y_dbs": (2, 12, 2),
    "y_slices": (2, 14, 2),
    "apsq": (2, 16, 9),
    "w_beats": (3, 0, 24),
    "w_addr": (4, 0, 64),
    "x_segments": (6, 0, 16),
    "x_stride": (7, 0, 32),
    "x_addr": (8, 0, 64),
    "x_table": (10, 0, 64),
    "par_addr": (12, 0, 64),
    "y_stride": (14, 0, 32),
    "y_addr": (16, 0, 64),
    "y_addr_low": (18, 0, 64),
    "y_table": (20, 0, 64),
    "y_table_low": (22, 0, 64),
}
"""(word, lowest bit in it, width) of every field; addresses take two words."""

_SHIFT = {name: 32 * word + low for name, (word, low, _) in LAYOUT.items()}
_MASK = {name: (1 << width) - 1 for name, (_, _, width) in LAYOUT.items()}
_RESERVED = (1 << 8 * DESCRIPTOR_BYTES) - 1 - sum(_MASK[name] << _SHIFT[name] for name in LAYOUT)

_BEAT_ADDRESSES = ("w_addr", "x_addr", "x_table", "par_addr", "y_addr", "y_addr_low")
_TABLE_ADDRESSES = ("y_table", "y_table_low")
_STRIDES = ("x_stride", "y_stride")


@dataclass(frozen=True, kw_only=True)
class Descriptor:
    """One command of the chip; fields as in docs/programs.md, addresses and strides in bytes.

    Values are checked against the width of their field only, so that illegal descriptors can be
    made; `legality` tells whether the chip accepts one.

    Attributes:
        reserved: bits that must be 0, at their place in the 1024-bit descriptor.

    Raises:
        PanaceaError: a value that its field cannot hold.
    """

    kind: int = 1
    dtp: bool = False
    more: bool = False
    wgt_up: bool = False
    act_up: bool = False
    w_load: bool = False
    w_play: bool = False
    w_keep: bool = False
    wgt_dense: bool = False
    x_load: bool = False
    x_play: bool = False
    x_keep: bool = False
    fence: bool = False
    new_rows: bool = False
    new_pwl: bool = False
    raw: bool = False
    k_len: int
    groups: int
    r: int = 0
    dbs: int = 1
    rows: int = 0
    y_r: int = 0
    y_dbs: int = 0
    y_slices: int = 0
    apsq: int = 0
    w_beats: int = 0
    w_addr: int = 0
    x_segments: int = 0
    x_stride: int = 0
    x_addr: int = 0
    x_table: int = 0
    par_addr: int = 0
    y_stride: int = 0
    y_addr: int = 0
    y_addr_low: int = 0
    y_table: int = 0
    y_table_low: int = 0
    reserved: int = 0

    def __post_init__(self) -> None:
        for name, (_, _, width) in LAYOUT.items():
            value = getattr(self, name)
            if width == 1 and not isinstance(value, bool):
                raise PanaceaError(f"{name} = {value!r} is not a bool")
            if width > 1:
                check_range(name, value, 0, _MASK[name])
        if self.reserved & ~_RESERVED:
            raise PanaceaError(f"reserved = {self.reserved:#x} has bits of other fields")

    @property
    def sub_tiles(self) -> int:
        """Weight sub-tiles of the M tile."""
        return 2 if self.dtp else 1

    @property
    def gives(self) -> bool:
        """It has results: no pass and no step for the same outputs follows."""
        return not self.more and bool(not self.apsq & 1 or self.apsq & 8)

    @property
    def step(self) -> ApsqStep | None:
        """The step of APSQ that it is, None if sums are exact.

        Raises:
            PanaceaError: `apsq` is illegal.
        """
        return ApsqStep.of(self.apsq)

    def pack(self) -> bytes:
        """The 128 bytes, little-endian."""
        value = self.reserved
        for name, shift in _SHIFT.items():
            value |= int(getattr(self, name)) << shift
        return value.to_bytes(DESCRIPTOR_BYTES, "little")

    @classmethod
    def unpack(cls, data: bytes) -> "Descriptor":
        """The descriptor in 128 bytes, legal or not.

        Raises:
            PanaceaError: another number of bytes.
        """
        if len(data) != DESCRIPTOR_BYTES:
            raise PanaceaError(f"data has {len(data)} bytes, a descriptor {DESCRIPTOR_BYTES}")
        value = int.from_bytes(data, "little")
        parts = {f.name: value >> _SHIFT[f.name] & _MASK[f.name] for f in fields(cls)[:-1]}
        flags = {name: bool(parts[name]) for name, (_, _, width) in LAYOUT.items() if width == 1}
        return cls(**{**parts, **flags}, reserved=value & _RESERVED)


RULES: dict[int, str] = {
    1: "kind is not 1, or a reserved bit is set",
    2: "k_len is 0",
    3: "groups is 0 or above TileN / 4",
    4: "dbs is 0",
    5: "an address or stride is not a multiple of 32 (y_table, y_table_low: of 2), or an address "
    "has more than 40 bits",
    6: "load or keep without play, w_load with w_beats 0, or x_load with x_segments 0",
    7: "rows is 0 or above 4 P T",
    8: "y_slices is 0, y_dbs is 0, or y_dbs is not 1 though y_slices is not 2",
    9: "groups, dtp or the lowest three bits of apsq differ from the pass or step before",
    10: "the program's last descriptor has more, or is a step that others follow",
    11: "apsq has an exponent above 24, or bits without its lowest one",
}
"""What is wrong, by the detail code of a `bad_descriptor` error."""


def _misaligned(d: Descriptor) -> bool:
    addresses = [(getattr(d, name), BEAT_BYTES) for name in _BEAT_ADDRESSES]
    addresses += [(getattr(d, name), 2) for name in _TABLE_ADDRESSES]
    return any(value % unit or value >> ADDRESS_BITS for value, unit in addresses) or any(
        getattr(d, name) % BEAT_BYTES for name in _STRIDES
    )


def _bad_residency(d: Descriptor) -> bool:
    return (
        ((d.w_load or d.w_keep) and not d.w_play)
        or ((d.x_load or d.x_keep) and not d.x_play)
        or (d.w_load and d.w_beats == 0)
        or (d.x_load and d.x_segments == 0)
    )


def _bad_format(d: Descriptor) -> bool:
    return d.y_slices == 0 or d.y_dbs == 0 or (d.y_dbs != 1 and d.y_slices != 2)


def legality(
    descriptor: Descriptor,
    previous: Descriptor | None,
    params: ChipParams,
    *,
    last: bool = False,
) -> int:
    """What the chip finds wrong with a descriptor: the first broken rule of `RULES`, or 0.

    Args:
        descriptor: the one to judge.
        previous: the descriptor before it in the program, None for the first one.
        params: sizes of the chip.
        last: it is the last one of the program.
    """
    d = descriptor
    broken = {
        1: d.kind != 1 or d.reserved != 0,
        2: d.k_len == 0,
        3: not 1 <= d.groups <= params.core.groups,
        4: d.dbs == 0,
        5: _misaligned(d),
        6: _bad_residency(d),
        7: d.gives and not 1 <= d.rows <= VECTOR * params.core.num_pea * d.sub_tiles,
        8: d.gives and not d.raw and _bad_format(d),
        9: previous is not None
        and not previous.gives
        and (previous.groups, previous.dtp, previous.apsq & 7) != (d.groups, d.dtp, d.apsq & 7),
        10: last and not d.gives,
        11: d.apsq >> 4 > EXPONENT_MAX if d.apsq & 1 else d.apsq != 0,
    }
    return next((rule for rule, found in broken.items() if found), 0)
