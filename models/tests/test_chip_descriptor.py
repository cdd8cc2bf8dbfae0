"""Descriptors: every bit, every rule."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.chip.descriptor import LAYOUT, RULES, Descriptor, legality
from models.chip.params import ChipParams
from models.errors import PanaceaError
from models.params import CoreParams
from models.tests.chip_programs import SMALL

PAGE = Path(__file__).parents[2] / "docs" / "programs.md"
LEGAL = Descriptor(
    k_len=17, groups=2, rows=16, y_slices=2, y_dbs=3, w_load=True, w_play=True, w_beats=9,
    x_load=True, x_play=True, x_segments=2, x_stride=64, y_table=34,
)  # fmt: skip


def random_descriptor(rng: np.random.Generator) -> Descriptor:
    values = {}
    for name, (_, _, width) in LAYOUT.items():
        value = int.from_bytes(rng.bytes(8), "little") >> (64 - width)
        values[name] = bool(value) if width == 1 else value
    return Descriptor(**values)


def test_pack_and_unpack() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        descriptor = random_descriptor(rng)
        assert len(descriptor.pack()) == 128
        assert Descriptor.unpack(descriptor.pack()) == descriptor


def test_every_byte_is_kept() -> None:
    """Reserved bits included."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        data = rng.bytes(128)
        assert Descriptor.unpack(data).pack() == data


def test_bits_as_documented() -> None:
    """The page's table, row by row, against what packing sets."""
    rows = re.findall(r"^\|([\d, ]*)\|([\d: ]*)\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    words = ""
    for word, bits, name in rows:
        words = word.strip() or words
        first = int(words.split(",")[0])
        whole = "63:0" if "," in words else "31:0"
        high, _, low = (bits.strip() or whole).partition(":")
        low = int(low or high)
        width = int(high) - low + 1
        assert LAYOUT[name] == (first, low, width), name
        value = True if width == 1 else (1 << width) - 1
        fields = {"kind": 0, "k_len": 0, "groups": 0, "dbs": 0} | {name: value}
        number = int.from_bytes(Descriptor(**fields).pack(), "little")
        assert number == ((1 << width) - 1) << (32 * first + low), name
    assert [name for _, _, name in rows] == list(LAYOUT)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"k_len": 2**16}, "k_len = 65536 is outside"),
        ({"groups": -1}, "groups = -1 is outside"),
        ({"w_addr": 2**64}, "w_addr = "),
        ({"dtp": 1}, "dtp = 1 is not a bool"),
        ({"reserved": 1}, "reserved = 0x1 has bits of other fields"),
    ],
)
def test_values_that_do_not_fit(fields: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=message):
        replace(LEGAL, **fields)


def test_other_sizes_are_refused() -> None:
    with pytest.raises(PanaceaError, match="data has 127 bytes"):
        Descriptor.unpack(bytes(127))


BROKEN = [
    (1, {"kind": 2}),
    (1, {"kind": 0}),
    (1, {"reserved": 1 << 19}),
    (1, {"reserved": 1 << 1023}),
    (2, {"k_len": 0}),
    (3, {"groups": 0}),
    (3, {"groups": 3}),
    (4, {"dbs": 0}),
    (5, {"w_addr": 16}),
    (5, {"x_addr": 2**40}),
    (5, {"x_table": 2}),
    (5, {"par_addr": 31}),
    (5, {"y_addr": 8}),
    (5, {"y_addr_low": 2**63}),
    (5, {"y_table": 1}),
    (5, {"y_table_low": 3}),
    (5, {"y_table": 2**40}),
    (5, {"x_stride": 2}),
    (5, {"y_stride": 33}),
    (6, {"w_play": False}),
    (6, {"x_play": False}),
    (6, {"w_load": False, "w_play": False, "w_keep": True}),
    (6, {"x_load": False, "x_play": False, "x_keep": True}),
    (6, {"w_beats": 0}),
    (6, {"x_segments": 0}),
    (7, {"rows": 0}),
    (7, {"rows": 17}),
    (7, {"rows": 33, "dtp": True}),
    (8, {"y_slices": 0}),
    (8, {"y_dbs": 0}),
    (8, {"y_slices": 1}),
    (8, {"y_slices": 3}),
]


@pytest.mark.parametrize(("rule", "fields"), BROKEN, ids=str)
def test_broken_rules(rule: int, fields: dict) -> None:
    assert legality(LEGAL, None, SMALL, last=True) == 0
    assert legality(replace(LEGAL, **fields), None, SMALL) == rule


@pytest.mark.parametrize(
    "fields",
    [
        {"y_slices": 1, "y_dbs": 1},
        {"y_slices": 3, "y_dbs": 1},
        {"rows": 32, "dtp": True},
        {"raw": True, "y_slices": 0, "y_dbs": 0},
        {"more": True, "rows": 0, "y_slices": 0, "y_dbs": 0},
        {"w_load": False, "w_beats": 0},
        {"x_load": False, "x_segments": 0, "x_play": False},
        {"y_table": 2**40 - 2, "x_addr": 2**40 - 32},
        {"w_keep": True, "x_keep": True, "fence": True},
    ],
    ids=str,
)
def test_legal(fields: dict) -> None:
    assert legality(replace(LEGAL, **fields), None, SMALL) == 0


def test_rules_about_neighbours() -> None:
    more = replace(LEGAL, more=True)
    assert legality(more, None, SMALL, last=True) == 10
    assert legality(LEGAL, more, SMALL, last=True) == 0
    for fields in ({"groups": 1}, {"dtp": True}):
        other = replace(LEGAL, **fields)
        assert legality(other, more, SMALL) == 9
        assert legality(other, LEGAL, SMALL) == 0


def test_first_broken_rule_counts() -> None:
    broken: dict = {}
    for rule, fields in reversed(dict(BROKEN).items()):
        broken |= fields
        assert legality(replace(LEGAL, **broken), None, SMALL) == rule


def test_rules_are_documented() -> None:
    page = PAGE.read_text()
    for rule, text in RULES.items():
        plain = text.replace("`", "")
        assert f"| {rule} | {plain} |" in page.replace("`", ""), rule


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"wmem_beats": 100}, "wmem_beats = 100 is not a power of two"),
        ({"amem_beats": 32}, "amem_beats = 32 is outside"),
        ({"omem_beats": 0}, "omem_beats = 0 is outside"),
        ({"core": CoreParams(num_pea=32)}, "core.num_pea = 32 is outside"),
    ],
)
def test_sizes_refused(fields: dict, message: str) -> None:
    with pytest.raises(PanaceaError, match=re.escape(message)):
        ChipParams(**fields)


def test_default_sizes() -> None:
    params = ChipParams()
    assert (params.wmem_bytes, params.amem_bytes, params.omem_bytes) == (2**17, 2**15, 2**15)
    assert (params.kept_weight_beats, params.header_beats) == (224, 1)
    assert ChipParams(core=CoreParams(num_pea=17)).header_beats == 2
