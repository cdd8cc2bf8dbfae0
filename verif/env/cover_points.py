"""The functional coverage of the AQS-GEMM core: points, bins and crosses.

Every point is sampled once a command with results, with the set of its values that the command
and the passes before it showed; `reset` and `error` when they happen. A core with one PEA is the
PEA level: the same points in a scope of their own. So has a core with pooled operators, without
what tells apart operators of two kinds.
"""

from models.apsq import EXPONENT_MAX, GS_MAX
from models.params import CoreParams
from verif.agents.items import COUNTERS
from verif.coverage.groups import CoverGroup

__all__ = [
    "CODES",
    "CORE_GROUPS",
    "ERRORS",
    "FORMS",
    "LIST_KINDS",
    "LOADS",
    "MARKS",
    "RAN",
    "STREAMS",
    "TRAILING",
    "TURNS",
    "group_of",
    "turns",
]  # fmt: skip

LIST_KINDS = ("all skipped", "some skipped", "none skipped")
TRAILING = ("0", "1 to 15", "16 and more")
MAGNITUDES = tuple(f"{sign} {size}" for sign in ("+", "-") for size in ("8", "16", "24", "31"))
"""Sign and the power of two that the magnitude stays below."""
LOADS = ("idle", "below a quarter", "below a half", "below three quarters", "more")
"""Share of the operators of a kind that work, from result to result."""
RAN = {"hh": "HH on DWO", "hl": "HL on DWO", "lh": "LH on DWO", "ll_dwo": "LL on DWO",
       "ll_swo": "LL on SWO"}  # fmt: skip
"""Which operator ran what, by counter."""
ERRORS = ("weights", "activations", "command")
"""The core's error bits, lowest first."""
CODES = ("lowest", "negative", "zero", "positive", "highest")
"""Codes of APSQ; the ends are where sums saturate."""
TURNS = ("exact", "quantised")
FORMS = ("run-length", "dense")
"""Of lists of HO weight vectors."""
MARKS = COUNTERS[5:8]
"""Counters of the PEAs' cycles in which something special happens."""
STREAMS = COUNTERS[8:]
"""Counters of the cycles in which a stream held a beat up or was waited for."""

STATES = ("dtp", "passes", "overlapped", "w_list", "x_list", "w_form")
"""What the core is at, to be crossed with stalls."""


def turns(names: tuple[str, ...]) -> tuple[str, ...]:
    """Bins of what follows what."""
    return tuple(f"{one} then {other}" for one in names for other in names)


_FLAG = (False, True)

_POINTS: dict[str, tuple] = {
    "w_bits": (4, 7, 10),
    "x_bits": (4, 8, 12),
    "passes": (1, 2, 4),
    "wgt_up": _FLAG,
    "act_up": _FLAG,
    "dbs": (1, 2, 3),
    "r": tuple(range(16)),
    "dtp": _FLAG,
    "groups": ("one", "some", "all"),
    "k_tiles": ("one", "two", "more"),
    "k_tail": ("full tile", "1", "below 16", "below a tile"),
    "k_modulo_4": (0, 1, 2, 3),
    "m_tail": _FLAG,
    "w_run": tuple(range(16)),
    "x_run": tuple(range(16)),
    "w_placeholder": _FLAG,
    "x_placeholder": _FLAG,
    "w_needless": _FLAG,
    "x_needless": _FLAG,
    "w_trailing": TRAILING,
    "x_trailing": TRAILING,
    "w_list": LIST_KINDS,
    "w_form": FORMS,
    "form_turn": turns(FORMS),
    "dense_tail": (0, 1, 2, 3),
    "dense_dropped": _FLAG,
    "x_list": LIST_KINDS,
    "psum": ("0", *MAGNITUDES),
    "ran": tuple(RAN.values()),
    "dwo_load": LOADS,
    "swo_load": LOADS,
    **dict.fromkeys(MARKS, _FLAG),
    "overlapped": _FLAG,
    "gs": tuple(range(GS_MAX + 1)),
    "steps": ("one", "two", "three", "four", "five", "more"),
    "step_end": tuple(range(GS_MAX)),
    "exponent": tuple(range(EXPONENT_MAX + 1)),
    "quantised": CODES,
    "turn": turns(TURNS),
    "stalled": STREAMS,
    "flowing": STREAMS,
    "error": ERRORS,
    "reset": ("idle", "in flight"),
}
"""Bins of every point. `w_bits` is 4 when no pass stores a high-order weight vector, `x_bits` 4
when none stores a high-order activation vector and r is 0; `wgt_up`, `act_up`: flags of the passes;
`m_tail`: some row group is all zeros; `w_run` to `w_list`: of run-length lists; `form_turn`: form
of the command before, and of this one; `dense_tail`: K modulo 4 with dense lists; `dense_dropped`:
a dense list of a row had zero vectors beside others, or none; `placeholder`: one was stored, and
dropped; `needless`: a stored vector that could be skipped and is no placeholder; `overlapped`:
accepted before the previous command's last result; `straddle_d`, `straddle_l`, `flush_wait`: their
counters moved since the previous command; `stalled`, `flowing`: so did this stream's counter, or
did not; `gs`: group size of APSQ, 0 for exact sums; `steps`: how many made the results; `step_end`:
place of the last one in its group; `exponent`: of any step; `quantised`: codes of all steps;
`turn`: kind of the command with results before, and of this one."""

_CROSSES: dict[str, tuple[str, ...]] = {
    "dtp_x_dbs": ("dtp", "dbs"),
    "widths": ("w_bits", "x_bits"),
    "dtp_x_passes": ("dtp", "passes"),
    "dtp_x_w_form": ("dtp", "w_form"),
    "dtp_x_dense_tail": ("dtp", "dense_tail"),
    "dtp_x_dense_dropped": ("dtp", "dense_dropped"),
    "w_form_x_passes": ("w_form", "passes"),
    "w_bits_x_dbs": ("w_bits", "dbs"),
    "dtp_x_w_bits": ("dtp", "w_bits"),
    "dtp_x_groups": ("dtp", "groups"),
    "dtp_x_ran": ("dtp", "ran"),
    "dtp_x_k_tail": ("dtp", "k_tail"),
    "dtp_x_m_tail": ("dtp", "m_tail"),
    "dtp_x_w_placeholder": ("dtp", "w_placeholder"),
    "dtp_x_x_placeholder": ("dtp", "x_placeholder"),
    "dtp_x_dwo_load": ("dtp", "dwo_load"),
    "dtp_x_swo_load": ("dtp", "swo_load"),
    "w_list_x_x_list": ("w_list", "x_list"),
    "w_trailing_x_k_tail": ("w_trailing", "k_tail"),
    "x_trailing_x_k_tail": ("x_trailing", "k_tail"),
    "dbs_x_r": ("dbs", "r"),
    "psum_x_passes": ("psum", "passes"),
    "gs_x_step_end": ("gs", "step_end"),
    "gs_x_steps": ("gs", "steps"),
    "gs_x_dtp": ("gs", "dtp"),
    "gs_x_passes": ("gs", "passes"),
    "stalled_x_gs": ("stalled", "gs"),
    **{f"stalled_x_{state}": ("stalled", state) for state in STATES},
}

_IGNORED = {
    "gs_x_step_end": {
        "a place is below the group's size": [
            (gs, n) for gs in range(GS_MAX) for n in range(gs, GS_MAX)
        ],
    },
    "gs_x_steps": {
        "exact sums take no steps": [(0, n) for n in ("two", "three", "four", "five", "more")],
    },
    "dtp_x_ran": {
        "LL products of a single tile never run on the dynamic operators": [(False, "LL on DWO")],
    },
    "dbs_x_r": {
        "x_H = x >> l has 8 - l bits, and so has r": [
            *((2, r) for r in range(8, 16)),
            *((3, r) for r in range(4, 16)),
        ],
    },
}


def _group(scope: str) -> CoverGroup:
    return CoverGroup(scope=scope, points=_POINTS, crosses=_CROSSES, ignored=_IGNORED)


def _pooled_group() -> CoverGroup:
    """The points of pooled operators: they count as DWOs, there is one scheduler."""
    without = {"swo_load", "straddle_l", "flush_wait"}
    points = {name: bins for name, bins in _POINTS.items() if name not in without}
    points["ran"] = tuple(kind for kind in RAN.values() if kind != RAN["ll_swo"])
    crosses = {name: pair for name, pair in _CROSSES.items() if not without & set(pair)}
    ignored = {name: reasons for name, reasons in _IGNORED.items() if name != "dtp_x_ran"}
    ignored["dtp_x_dwo_load"] = {
        "the last products of a double tile wait for a result of the output before": [
            (True, LOADS[0])
        ],
    }
    return CoverGroup(scope="pooled", points=points, crosses=crosses, ignored=ignored)


_GROUPS = {"core": _group("core"), "pea": _group("pea"), "pooled": _pooled_group()}
CORE_GROUPS = tuple(_GROUPS.values())


def group_of(params: CoreParams) -> CoverGroup:
    """The group that a core of this size is sampled in."""
    if params.pooled:
        return _GROUPS["pooled"]
    return _GROUPS["pea" if params.num_pea == 1 else "core"]
