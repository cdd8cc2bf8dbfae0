"""The increments of the performance counters."""

from verif.csr.names import COUNTERS
from verif.unit.cover import Pins, cover, fields

__all__ = ["COVERS"]

_NAMES = tuple(sorted(COUNTERS, key=COUNTERS.__getitem__))


def _look(p: Pins, _: dict) -> dict:
    amounts = fields(p.c_inc, p.inc_w, len(_NAMES))
    return {
        "counts": {name for name, amount in zip(_NAMES, amounts, strict=True) if amount},
        "rests": {name for name, amount in zip(_NAMES, amounts, strict=True) if not amount},
        "several": {name for name, amount in zip(_NAMES, amounts, strict=True) if amount > 1},
        "running": bool(p.c_run_n),
        "strobes": ("none", "some", "all")[(p.c_w_strb > 0) + (p.c_w_strb == 0xFFFFFFFF)],
    }


_SUMS = (
    "DWO_BUSY", "SWO_BUSY", "CS_BUSY", "PRODUCTS_HH", "PRODUCTS_HL", "PRODUCTS_LH", "PRODUCTS_LL",
    "BYTES_READ", "BYTES_WRITTEN", "WMEM_WRITES", "WMEM_READS",
)  # fmt: skip

COVERS = (
    cover(
        "chip_counters",
        {
            "counts": _NAMES,
            "rests": _NAMES,
            "several": _SUMS,
            "running": (False, True),
            "strobes": ("none", "some", "all"),
        },
        _look,
    ),
)
