"""The partial-sum buffer."""

from verif.unit.cover import Pins, cover, extreme, fields

__all__ = ["COVERS"]

_SIZES = ("lowest", "negative", "zero", "positive", "highest")
_WHAT = ("idle", "update", "read", "read waits for update")
_LIMIT = 1 << 23


def _look(p: Pins, memory: dict) -> dict:
    held = memory.setdefault("held", set())
    view = {"what": _WHAT[p.psum_upd_valid + 2 * p.psum_rd_valid]}
    if p.psum_upd_valid:
        data = fields(p.psum_upd_data, 24, 4, signed=True)
        view |= {
            "updated": p.psum_upd_addr,
            "entry": "first update" if p.psum_upd_addr not in held else "further update",
            "value": {extreme(value, -_LIMIT, _LIMIT - 1) for value in data},
        }
        held.add(p.psum_upd_addr)
    elif p.psum_rd_valid:
        kind = "read full" if p.psum_rd_addr in held else "read empty"
        view |= {"read": p.psum_rd_addr, "entry": kind}
        held.discard(p.psum_rd_addr)
    return view


COVERS = (
    cover(
        "psum_buffer",
        {
            "what": _WHAT,
            "updated": tuple(range(16)),
            "read": tuple(range(16)),
            "entry": ("first update", "further update", "read full", "read empty"),
            "value": _SIZES,
        },
        _look,
    ),
)
