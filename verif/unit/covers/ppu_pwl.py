"""The segments, grid rounding and slicing of the PPU."""

from models.pwl import segment_index
from verif.unit.cover import Pins, cover, fields

__all__ = ["COVERS"]

_FORMATS = {(1, 1): "4", (2, 1): "8, DBS 1", (2, 2): "8, DBS 2", (2, 3): "8, DBS 3", (3, 1): "12"}
_CODES = ("zero", "inside", "highest")


def _look(p: Pins, _: dict) -> dict | None:
    if p.pw_wr_valid:
        return {"written": p.pw_segment, "written_bank": p.pw_wr_bank}
    form = (p.pw_slices, p.pw_dbs)
    if form not in _FORMATS or not p.pw_en:
        return {"moves": False}
    top = (1 << 4 * p.pw_slices >> p.pw_dbs - 1) - 1
    codes = fields(p.pw_n, 12, 16)
    view = {
        "moves": True,
        "segment": set(map(int, segment_index(fields(p.pw_v, 16, 16, signed=True)))),
        "bank": p.pw_bank,
        "format": _FORMATS[form],
        "code": {"zero" if n == 0 else "highest" if n == top else "inside" for n in codes},
    }
    if p.pw_slices > 1:
        view |= {"r": p.pw_r, "skip": ("none", "some", "all")[(p.pw_skip > 0) + (p.pw_skip == 15)]}
    return view


COVERS = (
    cover(
        "ppu_pwl",
        {
            "moves": (False, True),
            "written": tuple(range(64)),
            "written_bank": (0, 1),
            "segment": tuple(range(64)),
            "bank": (0, 1),
            "format": tuple(_FORMATS.values()),
            "code": _CODES,
            "r": tuple(range(16)),
            "skip": ("none", "some", "all"),
        },
        _look,
        crosses={
            "format_x_code": ("format", "code"),
            "segment_x_bank": ("segment", "bank"),
            "format_x_skip": ("format", "skip"),
        },
        ignored={"format_x_skip": {"4-bit codes have no high-order slice": [("4", None)]}},
    ),
)
