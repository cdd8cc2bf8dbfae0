"""The functional coverage of the chip: points, bins and crosses.

Every point is sampled once a run with the set of its values that the run showed.
"""

from verif.coverage.groups import CoverGroup
from verif.csr.names import ErrorCode

__all__ = ["CHIP_GROUPS", "FLAGS", "RUNS"]

FLAGS = (
    "dtp", "more", "wgt_up", "act_up", "w_load", "w_play", "w_keep", "x_load", "x_play", "x_keep",
    "fence", "new_rows", "new_pwl", "raw",
)  # fmt: skip
"""Flags of a descriptor; the last three matter in the last pass only."""

_FLAG = (False, True)
_RESPONSES = ("okay", "slverr", "decerr")

POINTS: dict[str, tuple] = {
    **dict.fromkeys(FLAGS, _FLAG),
    "dbs": (1, 2, 3),
    "r": tuple(range(16)),
    "groups": ("one", "some", "all"),
    "k_tiles": ("one", "two", "more"),
    "rows": ("all", "some", "first tile only"),
    "y_dbs": (1, 2, 3),
    "y_slices": (1, 2, 3),
    "y_r": tuple(range(16)),
    "x_segments": ("one", "some"),
    "descriptors": ("1", "up to 16", "more"),
    "pass": ("BB", "BA", "AB", "AA"),
    "read_burst": ("one", "some", "sixteen"),
    "write_burst": ("one", "some", "sixteen"),
    "strobes": ("all", "some"),
    "r_resp": _RESPONSES,
    "b_resp": _RESPONSES,
    **{f"stall_{name}": _FLAG for name in ("ar", "r", "aw", "w", "b", "registers", "burst")},
    "latency": ("1", "up to 20", "more"),
    "ending": tuple(code.name for code in ErrorCode),
    "error_cycle": ("descriptors", "loading", "writing"),
    "refused": _FLAG,
    "interrupt": _FLAG,
}
"""Bins of every point. `rows`: valid rows of an output tile; `pass`: part of the weights, then of
the activations; `error_cycle`: how far a failed run came; `refused`: register accesses answered
with an error; `interrupt`: else the end was asked for."""

CROSSES: dict[str, tuple[str, ...]] = {
    "dtp_x_raw": ("dtp", "raw"),
    "dtp_x_y_slices": ("dtp", "y_slices"),
    "dbs_x_y_dbs": ("dbs", "y_dbs"),
    "pass_x_dtp": ("pass", "dtp"),
    "fence_x_stall_b": ("fence", "stall_b"),
    "raw_x_stall_w": ("raw", "stall_w"),
    "ending_x_stall_r": ("ending", "stall_r"),
    "ending_x_error_cycle": ("ending", "error_cycle"),
}

_NO_ERROR = [("none", None)]

RUNS = CoverGroup(
    scope="chip",
    points=POINTS,
    crosses=CROSSES,
    ignored={
        "ending_x_error_cycle": {"a run without an error has no cycle of one": _NO_ERROR},
    },
)
CHIP_GROUPS = (RUNS,)
