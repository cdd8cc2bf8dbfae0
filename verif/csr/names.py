"""Names of the registers and counters, from the one source of the map."""

from enum import IntEnum, IntFlag

from verif.csr.generate import registers

__all__ = ["ADDRESS", "COUNTERS", "ErrorCode", "Events", "Status"]

_NODES = registers()

ADDRESS: dict[str, int] = {
    node.inst_name: node.absolute_address for node in _NODES if node.inst_name not in ("LO", "HI")
}
"""Byte address of every control register, by name."""

COUNTERS: dict[str, int] = {
    node.parent.inst_name: node.absolute_address for node in _NODES if node.inst_name == "LO"
}
"""Byte address of the lower half of every counter, by name; the upper half follows."""

_CODES = next(
    field.get_property("encode")
    for node in _NODES
    for field in node.fields()
    if field.get_property("encode") is not None
)

ErrorCode = IntEnum("ErrorCode", {code.name: code.value for code in _CODES})
"""Values of ERROR.code."""


def _flags(title: str, register: str) -> type[IntFlag]:
    node = next(node for node in _NODES if node.inst_name == register)
    return IntFlag(title, {field.inst_name: 1 << field.low for field in node.fields()})


Status = _flags("Status", "STATUS")
"""Bits of STATUS."""

Events = _flags("Events", "IRQ_STATUS")
"""Bits of IRQ_STATUS and IRQ_ENABLE."""
