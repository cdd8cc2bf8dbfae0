"""The functional coverage of the AQS-GEMM core: points, bins and crosses.

Every point is sampled once a command with results, with the set of its values that the command
and the passes before it showed.
"""

from collections.abc import Callable

from verif.agents.items import COUNTERS
from verif.env.cover_sampler import build_sampler

__all__ = ["CROSSES", "LIST_KINDS", "POINTS", "TRAILING", "make_sampler"]

LIST_KINDS = ("all skipped", "some skipped", "none skipped")
TRAILING = ("0", "1 to 15", "16 and more")
MAGNITUDES = tuple(f"{sign} {size}" for sign in ("+", "-") for size in ("8", "16", "24", "31"))
"""Sign and the power of two that the magnitude stays below."""

POINTS: dict[str, tuple] = {
    "w_bits": (4, 7, 10),
    "x_bits": (4, 8, 12),
    "passes": (1, 2, 4),
    "wgt_up": (False, True),
    "act_up": (False, True),
    "dbs": (1, 2, 3),
    "r": tuple(range(16)),
    "dtp": (False, True),
    "groups": ("one", "some", "all"),
    "k_tiles": ("one", "two", "more"),
    "k_tail": ("full tile", "1", "below 16", "below a tile"),
    "k_modulo_4": (0, 1, 2, 3),
    "m_tail": (False, True),
    "w_run": tuple(range(16)),
    "x_run": tuple(range(16)),
    "w_placeholder": (False, True),
    "x_placeholder": (False, True),
    "w_needless": (False, True),
    "x_needless": (False, True),
    "w_trailing": TRAILING,
    "x_trailing": TRAILING,
    "w_list": LIST_KINDS,
    "x_list": LIST_KINDS,
    "psum": ("0", *MAGNITUDES),
    "ll_dwo": (False, True),
    "straddle_d": (False, True),
    "straddle_l": (False, True),
    "flush_wait": (False, True),
    "overlapped": (False, True),
    **{name: (False, True) for name in COUNTERS[8:]},
}
"""Bins of every point. `w_bits` is 4 when no pass stores a high-order weight vector, `x_bits` 4
when none stores a high-order activation vector and r is 0; `wgt_up`, `act_up`: flags of the passes;
`m_tail`: some row group is all zeros; `needless`: a stored vector that could be skipped and is no
placeholder; `overlapped`: accepted before the previous command's last result; counters: non-zero
since the previous command."""

CROSSES: dict[str, tuple[str, ...]] = {
    "dtp_x_dbs": ("dtp", "dbs"),
    "widths": ("w_bits", "x_bits"),
    "dtp_x_passes": ("dtp", "passes"),
    "w_bits_x_dbs": ("w_bits", "dbs"),
    "dtp_x_w_bits": ("dtp", "w_bits"),
    "dtp_x_groups": ("dtp", "groups"),
    "dtp_x_ll_dwo": ("dtp", "ll_dwo"),
    "w_list_x_x_list": ("w_list", "x_list"),
    "dbs_x_r": ("dbs", "r"),
}

IGNORED: dict[str, list[tuple]] = {
    # LL products of a single tile never run on the dynamic operators.
    "dtp_x_ll_dwo": [(False, True)],
    # x_H = x >> l has 8 - l bits, and so has r.
    "dbs_x_r": [(2, r) for r in range(8, 16)] + [(3, r) for r in range(4, 16)],
}


def make_sampler(scope: str) -> Callable[[dict[str, set]], None]:
    """A function that samples all points of `scope` from their values, a set by point."""
    return build_sampler(scope, POINTS, CROSSES, IGNORED)
