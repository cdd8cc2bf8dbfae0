"""Functional coverage of the Sibia-style core, from what the monitors saw.

A stimulus is sampled when its monitored inputs are known to be those of its layers; every layer
once, with the set of values that its commands show.
"""

import cocotb
import numpy as np
from pyuvm import uvm_subscriber

from models.baselines.sibia import SibiaParams, SibiaProgram, Skip
from models.rle import run_indices, split_k_tiles
from verif.agents.control import TestbenchControl
from verif.baselines.sibia_item import SIBIA_COUNTERS, SibiaItem, SibiaRun, SibiaStimulus
from verif.coverage.groups import CoverGroup, make_sampler, write_coverage

__all__ = ["SIBIA_GROUPS", "SibiaCoverage"]

_FLAG = (False, True)
_HELD = SIBIA_COUNTERS[5::2]
_PAUSED = ("command", "weights", "activations", "results")
_LISTS = ("all skipped", "some skipped", "none skipped")
_ERRORS = ("index", "command")
_SIZES = ("0", *(f"{sign} {bits}" for sign in "+-" for bits in (8, 16, 24)))
_FORMATS = ("7x7", "4x7", "7x4", "4x4")

_POINTS: dict[str, tuple] = {
    "skip": tuple(skip.name for skip in Skip),
    "bits": _FORMATS,
    "groups": ("one", "some", "all"),
    "k_tiles": ("one", "two", "more"),
    "k_tail": ("full tile", "1", "below 16", "below a tile"),
    "k_modulo_4": (0, 1, 2, 3),
    "dense_tail": _FLAG,
    "sparse_tail": _FLAG,
    "run": tuple(range(16)),
    "trailing": ("0", "1 to 15", "16 and more"),
    "needless": _FLAG,
    "list": _LISTS,
    "remainder": tuple(range(12)),
    "result": _SIZES,
    "straddle": _FLAG,
    "formats_mixed": _FLAG,
    "stalled": _HELD,
    "paused": (*_PAUSED, "none"),
    "error": _ERRORS,
    "reset": ("idle", "in flight"),
}
"""`bits`: weights x activations; `dense_tail`, `sparse_tail`: rows of the operand do not fill its
last vector or tile; `needless`: a stored vector is zero; `remainder`: items of a group modulo 12;
`formats_mixed`: the dense operand's slices change within a stimulus; `stalled`: streams held up in
the stimulus; `paused`: streams whose end in the testbench pauses."""

_CROSSES: dict[str, tuple[str, ...]] = {
    "skip_x_bits": ("skip", "bits"),
    "skip_x_list": ("skip", "list"),
    "bits_x_list": ("bits", "list"),
    "bits_x_remainder": ("bits", "remainder"),
    "skip_x_k_tail": ("skip", "k_tail"),
    "skip_x_dense_tail": ("skip", "dense_tail"),
    "skip_x_sparse_tail": ("skip", "sparse_tail"),
    "list_x_stalled": ("list", "stalled"),
    "straddle_x_paused": ("straddle", "paused"),
}

_IGNORED = {
    "bits_x_list": {
        "with a 4-bit weight and activation the sparse operand has no HO slice": [
            ("4x4", "some skipped"),
            ("4x4", "none skipped"),
        ],
    },
}

SIBIA_GROUPS = (CoverGroup(scope="sibia", points=_POINTS, crosses=_CROSSES, ignored=_IGNORED),)


class SibiaCoverage(uvm_subscriber):
    """Samples checked stimuli, errors and resets."""

    def build_phase(self) -> None:
        self.params: SibiaParams = self.cdb_get("params")
        self.control: TestbenchControl = self.cdb_get("control")
        self._sample = make_sampler(SIBIA_GROUPS[0])

    async def run_phase(self) -> None:
        cocotb.start_soon(self._watch_errors())
        async for in_flight in self.control.resets():
            self._sample({"reset": {"in flight" if in_flight else "idle"}})

    def write(self, checked: tuple[SibiaStimulus, SibiaRun]) -> None:
        """Sample one stimulus."""
        stimulus, run = checked
        paused = {name for name in _PAUSED if getattr(stimulus.stalls, name)}
        common = {
            "stalled": {name for name in _HELD if run.counters[name]},
            "paused": paused or {"none"},
            "straddle": {run.counters["straddle"] > 0},
            "formats_mixed": {len({item.program.single for item in stimulus.items}) > 1},
        }
        for item in stimulus.items:
            self._sample(common | _layer(item) | _lists(item.program))

    def final_phase(self) -> None:
        write_coverage()

    async def _watch_errors(self) -> None:
        async for error in self.control.errors():
            self._sample({"error": {name for bit, name in enumerate(_ERRORS) if error >> bit & 1}})


def _layer(item: SibiaItem) -> dict[str, set]:
    """Values that shape and operands decide."""
    program, params = item.program, item.program.params
    m, k, n = program.shape
    dense, sparse = (n, m) if program.skip == Skip.WEIGHTS else (m, n)
    tiles, tail = -(-k // params.tile_k), k % params.tile_k
    groups = {c.groups for c in program.commands}
    return {
        "skip": {program.skip.name},
        "bits": {f"{program.w_bits}x{program.x_bits}"},
        "groups": {{1: "one", params.groups: "all"}.get(count, "some") for count in groups},
        "k_tiles": {("one", "two", "more")[min(tiles, 3) - 1]},
        "k_tail": {_tail(tail)},
        "k_modulo_4": {k % 4},
        "dense_tail": {dense % params.rows > 0},
        "sparse_tail": {sparse % 4 > 0},
        "result": _sizes(item.expected),
    }


def _tail(tail: int) -> str:
    if tail == 0:
        return "full tile"
    if tail == 1:
        return "1"
    return "below 16" if tail < 16 else "below a tile"


def _sizes(y: np.ndarray) -> set[str]:
    found = {"0"} if not y.all() else set()
    for sign, values in (("-", -y[y < 0]), ("+", y[y > 0])):
        sizes = np.digitize(values, (2**8, 2**16))
        found |= {f"{sign} {(8, 16, 24)[size]}" for size in set(sizes.tolist())}
    return found


def _lists(program: SibiaProgram) -> dict[str, set]:
    """Values that the compressed lists decide."""
    tile_k, depth = program.params.tile_k, program.shape[1]
    tiles = split_k_tiles(program.stored, tile_k)
    length = np.minimum(tile_k, depth - tile_k * np.arange(tiles.shape[1]))
    length = np.tile(length, len(program.stored))
    owner, position, index = run_indices(tiles.reshape(-1, tile_k))
    end = np.full(len(length), -1)
    end[owner] = position  # the last entry of a list wins
    trailing = np.digitize(length - 1 - end, (1, 16))
    count = np.bincount(owner, minlength=len(length))
    kinds = 1 + (count == length).astype(int) - (count == 0)
    return {
        "run": set(index.tolist()),
        "trailing": {_POINTS["trailing"][value] for value in set(trailing.tolist())},
        "needless": {bool((program.stored & program.zero).any())},
        "list": {_LISTS[kind] for kind in set(kinds.tolist())},
        "remainder": set(((length + count) % 12).tolist()),
    }
