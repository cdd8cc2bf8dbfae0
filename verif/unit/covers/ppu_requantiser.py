"""The requantiser."""

from verif.unit.cover import Pins, cover, extreme, fields

__all__ = ["COVERS"]

_SIZES = ("lowest", "negative", "zero", "positive", "highest")
_RANGE = ("below", "lowest", "inside", "highest", "above")
_LOW, _HIGH = -(2**15), 2**15 - 1


def _place(value: int) -> str:
    if value < _LOW or value > _HIGH:
        return "below" if value < _LOW else "above"
    return {_LOW: "lowest", _HIGH: "highest"}.get(value, "inside")


def _look(p: Pins, _: dict) -> dict | None:
    if not p.rq_en:
        return {"moves": False}
    y = fields(p.rq_y, 32, 16, signed=True)
    scales = [(scale & 0xFFFF, scale >> 16) for scale in fields(p.rq_scale, 22, 4)]
    products = [(value * scales[at // 4][0], scales[at // 4][1]) for at, value in enumerate(y)]
    ties = [product for product, shift in products
            if shift and product % (1 << shift) == 1 << shift - 1]  # fmt: skip
    return {
        "moves": True,
        "shift": {shift for _, shift in scales},
        "multiplier": {extreme(mult, 0, 2**16 - 1) for mult, _ in scales},
        "y": {extreme(value, -(2**31), 2**31 - 1) for value in y},
        "v": {_place((2 * product >> shift) + 1 >> 1) for product, shift in products},
        "tie": {("negative", "positive")[product > 0] for product in ties},
    }


COVERS = (
    cover(
        "ppu_requantiser",
        {
            "moves": (False, True),
            "shift": tuple(range(64)),
            "multiplier": ("lowest", "positive", "highest"),
            "y": _SIZES,
            "v": _RANGE,
            "tie": ("negative", "positive"),
        },
        _look,
    ),
)
