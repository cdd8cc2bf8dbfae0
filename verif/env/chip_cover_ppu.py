"""The functional coverage of post-processing in the chip: formats, segments, saturation, ties."""

import numpy as np

from models.chip.blocks_in import load_parameters
from models.chip.descriptor import Descriptor
from models.chip.memory import Memory
from models.chip.params import ChipParams
from models.params import LayerConfig
from models.ppu import MULT_MAX, requantise
from models.pwl import FRACTION_BITS, SEGMENTS, V_MAX, V_MIN, evaluate, grid_codes, segment_index
from verif.coverage.groups import CoverGroup
from verif.env.chip_outcome import CheckedRun

__all__ = ["PPU", "PpuView"]

_FORMATS = ("4", "8, DBS 1", "8, DBS 2", "8, DBS 3", "12")
_RANGE = ("below", "lowest", "inside", "highest", "above")
_SHIFTS = ("0", "1 to 15", "16 to 31", "32 to 47", "48 to 63")

PPU = CoverGroup(
    scope="chip.ppu",
    points={
        "format": _FORMATS,
        "segment": tuple(range(SEGMENTS)),
        "shift": _SHIFTS,
        "multiplier": ("0", "1", "other", "largest"),
        "v": _RANGE,
        "v_tie": ("down from", "up from"),
        "code": _RANGE,
        "code_tie": (False, True),
        "vectors": ("all skipped", "some skipped", "none skipped"),
        "dtp": (False, True),
    },
    crosses={
        "format_x_v": ("format", "v"),
        "format_x_code": ("format", "code"),
        "format_x_code_tie": ("format", "code_tie"),
        "format_x_dtp": ("format", "dtp"),
        "format_x_vectors": ("format", "vectors"),
        "shift_x_v": ("shift", "v"),
    },
    ignored={
        "format_x_vectors": {
            "4-bit activations have no high-order slice": [
                ("4", "all skipped"),
                ("4", "some skipped"),
            ],
        },
        "shift_x_v": {
            "-(2^31) (2^16 - 1) / 2^32 is -32767.5 and rounds up; 2^47 / 2^32 is out of reach": [
                ("32 to 47", value) for value in ("below", "lowest", "above")
            ],
            "a product of 48 bits shifted by 48 or more is 0 or 1": [
                ("48 to 63", value) for value in ("below", "lowest", "highest", "above")
            ],
        },
    },
)
"""`v`: pre-activations against the ends of 16 bits, before saturation; `code`: output codes against
the ends of the format, before clipping; `tie`: exactly between two values (of either sign)."""


class PpuView:
    """Values of all points of `PPU`; keeps the parameters from command to command, as the PPU."""

    def __init__(self, params: ChipParams) -> None:
        self._params = params

    def __call__(self, run: CheckedRun) -> list[dict[str, set]]:
        """A view of every command whose results went through the PPU."""
        if run.execution is None:
            return []
        memory = Memory(run.seen.given.copy(), run.program.program.base)
        views, scales, table = [], None, None
        for command in run.execution.commands:
            d = command.descriptor
            if not d.gives or d.raw:
                continue
            parameters = load_parameters(memory, d, self._params)
            if parameters.multiplier is not None:
                scales = parameters.multiplier, parameters.shift
            table = parameters.table or table
            mult, shift = (part[: d.rows] for part in scales)
            y = command.y[: d.rows].astype(np.int64)
            v = requantise(y, mult, shift)
            views.append(_scaling(y, mult, shift) | _coding(v, evaluate(v, table), d))
        return views


def _scaling(y: np.ndarray, mult: np.ndarray, shift: np.ndarray) -> dict[str, set]:
    """Values of the points up to the pre-activation, exact in 64 bits."""
    product = y * mult[:, None]
    exact = ((2 * product >> shift[:, None]) + 1) >> 1
    half = np.where(shift > 0, 1 << np.maximum(shift, 1) - 1, -1)[:, None]
    tie = product & (1 << shift[:, None]) - 1 == half
    ends = {0: "0", 1: "1", MULT_MAX: "largest"}
    return {
        "shift": {_SHIFTS[1 + s // 16 if s else 0] for s in shift.tolist()},
        "multiplier": {ends.get(m, "other") for m in mult.tolist()},
        "v": _range(exact, V_MIN, V_MAX),
        "v_tie": {("down from", "up from")[bool(one)] for one in (product > 0)[tie]},
    }


def _coding(v: np.ndarray, u: np.ndarray, d: Descriptor) -> dict[str, set]:
    """Values of the points from the pre-activation on."""
    cfg = LayerConfig(x_bits=4 * d.y_slices, dbs_type=d.y_dbs if d.y_slices == 2 else 1)
    step = 1 << (FRACTION_BITS + cfg.lsb)
    codes = grid_codes(u, cfg)
    view = {
        "format": {("4", f"8, DBS {d.y_dbs}", "12")[d.y_slices - 1]},
        "segment": set(segment_index(v).ravel().tolist()),
        "code": _range((u + step // 2) // step << cfg.lsb, 0, cfg.x_max >> cfg.lsb << cfg.lsb),
        "code_tie": set((u % step == step // 2).ravel().tolist()),
        "dtp": {d.dtp},
        "vectors": {"none skipped"},
    }
    if d.y_slices > 1:
        frequent = (codes >> cfg.l == d.y_r).reshape(len(v), -1, 4).all(axis=2)
        kinds = np.where(frequent.all(axis=0), 0, np.where(frequent.any(axis=0), 1, 2))
        view["vectors"] = {
            ("all skipped", "some skipped", "none skipped")[kind] for kind in set(kinds.tolist())
        }
    return view


def _range(values: np.ndarray, low: int, high: int) -> set[str]:
    """Where values lie against both ends."""
    places = np.select(
        [values < low, values == low, values < high, values == high], [0, 1, 2, 3], default=4
    )
    return {_RANGE[place] for place in set(places.ravel().tolist())}
