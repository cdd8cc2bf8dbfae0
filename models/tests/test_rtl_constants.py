"""The sizes that the models and the RTL both write down are equal."""

import re
from pathlib import Path

import pytest

from models import params

PACKAGE = Path(__file__).parents[2] / "rtl" / "panacea_pkg.sv"
SHARED = {
    "SliceW": params.SLICE_BITS,
    "VecLen": params.VECTOR,
    "WordW": 8 * params.WEIGHT_BEAT_BYTES,
    "QuadW": 16 * params.WEIGHT_LO_VECTORS,
    "WordEntries": params.WEIGHT_ENTRIES,
    "BeatW": 8 * params.ACTIVATION_BEAT_BYTES,
    "BeatVecs": params.ACTIVATION_LO_VECTORS,
    "BeatEntries": params.ACTIVATION_ENTRIES,
}


def package_constants() -> dict[str, int]:
    """The integer parameters of the RTL package; each may use those before it."""
    values: dict[str, int] = {}
    pattern = r"parameter int (\w+)\s*=\s*([\w\s*+/()-]+);"
    for name, expression in re.findall(pattern, PACKAGE.read_text()):
        python = expression.replace("/", "//")
        values[name] = eval(python, {"__builtins__": {}}, dict(values))
    return values


@pytest.mark.parametrize("name", SHARED)
def test_same_size(name: str) -> None:
    assert package_constants()[name] == SHARED[name]


def test_index_width() -> None:
    assert 2 ** package_constants()["IndexW"] - 1 == params.RLE_MAX
