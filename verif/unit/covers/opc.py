"""OPC, DWO and SWO."""

from verif.unit.cover import Pins, cover, extreme, fields

__all__ = ["COVERS"]

_SLICES = {"w": tuple(range(-8, 8)), "x": tuple(range(16))}
_SIZES = ("lowest", "negative", "zero", "positive", "highest")
_ENDS = ("lowest", "negative", "zero", "positive", "highest")


def _opc(p: Pins, _: dict) -> dict:
    products = fields(p.opc_p, 8, 16, signed=True)
    return {
        "w": set(fields(p.opc_w, 4, 4, signed=True)),
        "x": set(fields(p.opc_x, 4, 4)),
        "p": {extreme(value, -120, 105) for value in products},
    }


def _dwo(p: Pins, _: dict) -> dict:
    kind = ("LL", "HL", "LH", "HH")[p.dwo_w_high + 2 * p.dwo_x_high]
    shift = {"LL": 0, "HL": 3, "LH": 4, "HH": 7}[kind]
    products = fields(p.dwo_p, 15, 16, signed=True)
    return {"kind": kind, "p": {extreme(value >> shift, -120, 105) for value in products}}


def _swo(p: Pins, _: dict) -> dict:
    return {
        "w": {extreme(value, -8, 7) for value in fields(p.swo_w, 4, 16, signed=True)},
        "x": {extreme(value, 0, 15) for value in fields(p.swo_x, 4, 16)} - {"zero"},
        "sum": {extreme(value, -480, 420) for value in fields(p.swo_sum, 10, 16, signed=True)},
    }


COVERS = (
    cover("opc", {**_SLICES, "p": _SIZES}, _opc, crosses={"w_x_x": ("w", "x")}),
    cover(
        "dwo", {"kind": ("HH", "HL", "LH", "LL"), "p": _SIZES}, _dwo,
        crosses={"kind_x_p": ("kind", "p")},
    ),
    cover("swo", {"w": _ENDS, "x": ("lowest", "positive", "highest"), "sum": _SIZES}, _swo),
)  # fmt: skip
