"""The chip's packed structs as integers, and random descriptors, for the benches of its blocks."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.apsq import EXPONENT_MAX
from models.chip.descriptor import LAYOUT, RULES, Descriptor
from models.chip.params import ChipParams
from models.params import VECTOR

__all__ = ["LAYOUTS", "break_rule", "draw_legal", "join", "split"]

LAYOUTS: dict[str, dict[str, int]] = {
    "play": {"w_play": 1, "w_keep": 1, "x_play": 1, "x_keep": 1},
    "cmd": {
        "wgt_dense": 1, "apsq": 9, "act_up": 1, "wgt_up": 1, "more": 1, "k_len": 16, "groups": 8,
        "dbs": 2, "r": 4, "dtp": 1,
    },
    "ppu_cmd": {
        "rows": 8, "groups": 8, "r": 4, "dbs": 2, "slices": 2, "raw": 1, "dtp": 1, "new_pwl": 1,
        "new_rows": 1,
    },
    "weight_job": {"line": 35, "beats": 24},
    "act_job": {
        "table_line": 35, "line": 35, "stride": 27, "segments": 16, "fence": 1, "seq": 32,
    },
    "param_job": {"line": 35, "dtp": 1, "new_rows": 1, "new_pwl": 1, "gives": 1, "ppu_cmd": 28},
    "output_job": {
        "desc": 32, "line_low": 35, "line": 35, "stride": 27, "table_low": 39, "table_addr": 39,
        "groups": 8, "two_tiles": 1, "wide": 1, "raw": 1,
    },
    "read_req": {"tag": 3, "beats": 16, "line": 35},
    "event": {
        "hh": 4, "hl": 4, "lh": 4, "ll_swo": 2, "ll_dwo": 4, "straddle_d": 1, "straddle_l": 1,
        "flush_wait": 1,
    },
}  # fmt: skip
"""Fields and widths of each struct, the highest field first."""


def join(name: str, values: Mapping[str, int]) -> int:
    """A struct as an integer; all of its fields must be given."""
    layout, total = LAYOUTS[name], 0
    assert values.keys() == layout.keys(), f"{name}: {set(values) ^ set(layout)}"
    for field, width in layout.items():
        assert 0 <= int(values[field]) < 1 << width, f"{name}.{field} = {values[field]}"
        total = total << width | int(values[field])
    return total


def split(name: str, value: int) -> dict[str, int]:
    """The reverse of `join`."""
    fields = {}
    for field, width in reversed(LAYOUTS[name].items()):
        fields[field] = value & (1 << width) - 1
        value >>= width
    return fields


def _flag(rng: np.random.Generator) -> bool:
    return bool(rng.integers(0, 2))


def _bits(rng: np.random.Generator, name: str) -> int:
    return int(rng.integers(0, 1 << min(LAYOUT[name][2], 63)))


def draw_legal(
    rng: np.random.Generator,
    params: ChipParams,
    previous: Descriptor | None = None,
    *,
    last: bool = False,
) -> Descriptor:
    """A random descriptor that is legal after `previous`; what does not matter is random too."""
    more = not last and rng.random() < 0.4
    w_load, x_load = _flag(rng), _flag(rng)
    w_play, x_play = w_load or _flag(rng), x_load or _flag(rng)
    bound = previous is not None and not previous.gives
    dtp = previous.dtp if bound else _flag(rng)
    groups = previous.groups if bound else int(rng.integers(1, params.core.groups + 1))
    raw = _flag(rng)
    apsq = previous.apsq & 7 if bound else int(rng.choice([0, 1, 3, 5, 7]))
    if apsq & 1:
        apsq |= (last or _flag(rng)) << 3 | int(rng.integers(0, EXPONENT_MAX + 1)) << 4
    stays = more or apsq & 9 == 1  # no results
    free = stays or raw  # the output's format does not matter
    slices = _bits(rng, "y_slices") if free else int(rng.integers(1, 4))
    narrow = slices != 2 and not free
    most = VECTOR * params.core.num_pea * (2 if dtp else 1)
    beat_fields = ("w_addr", "x_addr", "x_table", "par_addr", "y_addr", "y_addr_low")
    places = {name: int(rng.integers(0, 2**35)) << 5 for name in beat_fields}
    places |= {name: int(rng.integers(0, 2**39)) << 1 for name in ("y_table", "y_table_low")}
    places |= {name: int(rng.integers(0, 2**27)) << 5 for name in ("x_stride", "y_stride")}
    flags = ("wgt_up", "act_up", "wgt_dense", "fence", "new_rows", "new_pwl")
    return Descriptor(
        dtp=dtp, more=more, w_load=w_load, w_play=w_play, w_keep=w_play and _flag(rng),
        x_load=x_load, x_play=x_play, x_keep=x_play and _flag(rng), raw=raw,
        k_len=int(rng.choice([1, 65535, int(rng.integers(1, 65536))])), groups=groups,
        r=_bits(rng, "r"), apsq=apsq, dbs=int(rng.integers(1, 4)),
        rows=_bits(rng, "rows") if stays else int(rng.choice([1, most, rng.integers(1, most + 1)])),
        y_r=_bits(rng, "y_r"), y_slices=slices,
        y_dbs=1 if narrow else _bits(rng, "y_dbs") if free else int(rng.integers(1, 4)),
        w_beats=int(rng.integers(1, 1 << 24)) if w_load or _flag(rng) else 0,
        x_segments=int(rng.integers(1, 1 << 16)) if x_load or _flag(rng) else 0,
        **{name: _flag(rng) for name in flags}, **places,
    )  # fmt: skip


def break_rule(
    rng: np.random.Generator, rule: int, d: Descriptor, params: ChipParams
) -> Descriptor:
    """The descriptor with one of `models.chip.descriptor.RULES` broken, as the program's last.

    Rule 9 is broken against a predecessor that agreed with it and had `more`.
    """
    gives = {"more": False, "apsq": d.apsq | 8 if d.apsq else 0}
    bad = int(rng.integers(EXPONENT_MAX + 1, 32)) << 4 if d.apsq & 1 else 8 << int(rng.integers(6))
    most = VECTOR * params.core.num_pea * d.sub_tiles
    addresses = [name for name, (_, _, width) in LAYOUT.items() if width == 64]
    fine, strides = addresses[-2:], ["x_stride", "y_stride"]
    place = str(rng.choice(addresses + strides))
    low = 1 << int(rng.integers(0, 1 if place in fine else 5))
    high = 0 if place in strides else 1 << int(rng.integers(40, 64))
    reserved = (1 << 24, 1 << 19, 3 << 62, 0x7F << 89, 1 << 127, 1 << 223, 3 << 500)
    choices: dict[int, list[dict[str, object]]] = {
        1: [{"kind": int(rng.choice([0, 2, 3, 129]))}, {"reserved": int(rng.choice(
            np.array(reserved, dtype=object)))}],
        2: [{"k_len": 0}],
        3: [{"groups": 0}, {"groups": params.core.groups + 1}, {"groups": 255}],
        4: [{"dbs": 0}],
        5: [{place: getattr(d, place) | (high or low)}, {place: getattr(d, place) | low}],
        6: [
            {"w_load": True, "w_play": False}, {"w_keep": True, "w_play": False},
            {"x_load": True, "x_play": False}, {"x_keep": True, "x_play": False},
            {"w_load": True, "w_play": True, "w_beats": 0},
            {"x_load": True, "x_play": True, "x_segments": 0},
        ],
        7: [gives | {"rows": 0}, gives | {"rows": min(255, most + 1)}],
        8: [
            gives | {"raw": False, "y_slices": 0},
            gives | {"raw": False, "y_dbs": 0},
            gives | {"raw": False, "y_slices": 1, "y_dbs": 2},
            gives | {"raw": False, "y_slices": 3, "y_dbs": 3},
        ],
        9: [
            {"groups": d.groups % params.core.groups + 1}, {"dtp": not d.dtp, "rows": 1},
            {"apsq": d.apsq ^ 6 if d.apsq & 1 else 9},
        ],
        10: [{"more": True}, {"apsq": d.apsq & ~8} if d.apsq & 1 else {"more": True}],
        11: [{"apsq": d.apsq & 15 | bad}],
    }  # fmt: skip
    assert choices.keys() == RULES.keys()
    options = choices[rule]
    return replace(d, **options[int(rng.integers(len(options)))])
