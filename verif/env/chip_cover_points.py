"""The functional coverage of the chip's runs: points, bins and crosses.

Every point is sampled once a run with the set of its values that the run showed. The bus, the PPU
and the registers have groups of their own beside this one.
"""

from models.apsq import GS_MAX
from verif.coverage.groups import CoverGroup
from verif.csr.names import COUNTERS, ErrorCode
from verif.env.chip_cover_bus import BUS, CHANNELS
from verif.env.chip_cover_ppu import PPU
from verif.env.chip_cover_registers import REGISTERS

__all__ = ["CHIP_GROUPS", "FLAGS", "LOADS", "PRODUCTS", "RUNS", "WAITS"]

FLAGS = (
    "dtp", "more", "wgt_up", "act_up", "wgt_dense", "w_load", "w_play", "w_keep", "x_load",
    "x_play", "x_keep", "fence", "new_rows", "new_pwl", "raw",
)  # fmt: skip
"""Flags of a descriptor; the last three matter where there are results only."""

LOADS = ("idle", "below a quarter", "below a half", "more")
"""Share of the operators of a kind that work, over the whole run."""

PRODUCTS = tuple(name for name in COUNTERS if name.startswith("PRODUCTS_"))
WAITS = tuple(name for name in COUNTERS if name.startswith("STALL_"))
"""Counters of the cycles in which a part of the chip waits for another one."""

_FLAG = (False, True)
_PHASES = ("descriptors", "loading", "writing")

_POINTS: dict[str, tuple] = {
    **dict.fromkeys(FLAGS, _FLAG),
    "dbs": (1, 2, 3),
    "gs": tuple(range(GS_MAX + 1)),
    "step": ("kept", "last"),
    "r": tuple(range(16)),
    "groups": ("one", "some", "all"),
    "k_tiles": ("one", "two", "more"),
    "k_tail": _FLAG,
    "rows": ("all", "some", "first tile only"),
    "y_dbs": (1, 2, 3),
    "y_slices": (1, 2, 3),
    "y_r": tuple(range(16)),
    "x_segments": ("one", "some"),
    "descriptors": ("1", "up to 16", "more"),
    "pass": ("BB", "BA", "AB", "AA"),
    "products": PRODUCTS,
    "dwo_load": LOADS,
    "swo_load": LOADS[1:],  # products of low-order slices are never skipped
    "waits": WAITS,
    "ending": tuple(code.name for code in ErrorCode),
    "error_cycle": _PHASES,
    "abort_after": ("nothing", *CHANNELS),
    "abort_bus": ("at rest", "reading", "writing", "both"),
    "interrupt": _FLAG,
    "stall_r": _FLAG,
}
"""Bins of every point. `gs`: group size of APSQ, 0 for exact sums; `step`: its sums stay as codes,
or give the results; `rows`: valid rows of an output tile; `pass`: part of the weights, then of
the activations; `products`, `waits`: counters that moved; `error_cycle`: how far a failed run came;
`abort_after`, `abort_bus`: what the bus moved last before an abort, and what was open there;
`interrupt`: else the end was asked for; `stall_r`: read data pauses."""

_CROSSES: dict[str, tuple[str, ...]] = {
    "dtp_x_raw": ("dtp", "raw"),
    "gs_x_dtp": ("gs", "dtp"),
    "gs_x_raw": ("gs", "raw"),
    "gs_x_waits": ("gs", "waits"),
    "dtp_x_y_slices": ("dtp", "y_slices"),
    "dtp_x_rows": ("dtp", "rows"),
    "dtp_x_products": ("dtp", "products"),
    "dtp_x_waits": ("dtp", "waits"),
    "raw_x_waits": ("raw", "waits"),
    "pass_x_waits": ("pass", "waits"),
    "dbs_x_y_dbs": ("dbs", "y_dbs"),
    "pass_x_dtp": ("pass", "dtp"),
    "w_keep_x_x_keep": ("w_keep", "x_keep"),
    "ending_x_stall_r": ("ending", "stall_r"),
    "ending_x_error_cycle": ("ending", "error_cycle"),
    "ending_x_interrupt": ("ending", "interrupt"),
}

_IGNORED = {
    "dtp_x_rows": {
        "a tile without DTP has no second one that could be empty": [(False, "first tile only")],
    },
    "ending_x_error_cycle": {
        "a run without an error has no cycle of one": [("none", None)],
        "an answer to a write comes after its data": [
            ("write_failed", "descriptors"),
            ("write_failed", "loading"),
        ],
        "what is too large, or contradicts itself, has been read": [
            ("block_too_large", "descriptors"),
            ("corrupt_stream", "descriptors"),
        ],
        "the parameters of the last pass are read, whatever never comes": [
            ("timeout", "descriptors"),
        ],
    },
}

RUNS = CoverGroup(scope="chip", points=_POINTS, crosses=_CROSSES, ignored=_IGNORED)
CHIP_GROUPS = (RUNS, BUS, PPU, REGISTERS)
