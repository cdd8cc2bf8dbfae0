"""The register file and its bus, fed by both of its benches."""

from verif.csr.names import ADDRESS, COUNTERS, ErrorCode, Status
from verif.unit.cover import FLOW, Pins, cover

__all__ = ["COVERS"]

_CHANNELS = ("aw", "w", "b", "ar", "r")
_HALVES = {address + 4 * half: f"{name}.{('LO', 'HI')[half]}" for name, address in COUNTERS.items()
           for half in (0, 1)}  # fmt: skip
_NAMES = {address: name for name, address in ADDRESS.items()} | _HALVES
_ALL = tuple(_NAMES[address] for address in sorted(_NAMES))
_WRITABLE = ("CTRL", "PROG_ADDR_LO", "PROG_ADDR_HI", "PROG_COUNT", "IRQ_STATUS", "IRQ_ENABLE")
_KINDS = ("aligned", "unaligned", "no register")


def _kind(address: int) -> str:
    if address % 4:
        return _KINDS[1]
    return _KINDS[0] if address in _NAMES else _KINDS[2]


def _look(p: Pins, memory: dict) -> dict:
    view: dict = {"busy": bool(p.c_busy), "irq": bool(p.c_irq), "abort": bool(p.c_abort)}
    for name in _CHANNELS:
        sides = ("", "bus_") if name in "br" else ("bus_", "")  # the block drives one of them
        valid, ready = getattr(p, f"{sides[0]}{name}valid"), getattr(p, f"{sides[1]}{name}ready")
        view[name] = FLOW[(3, 1, 2, 0)[valid + 2 * ready]]
    for name in ("aw", "ar"):
        if view[name] == FLOW[0]:
            address = getattr(p, f"bus_{name}addr")
            memory.setdefault(name, []).append((address, view["busy"]))
    if view["w"] == FLOW[0]:
        memory.setdefault("w", []).append((p.bus_wdata, p.bus_wstrb))
    if view["b"] == FLOW[0]:
        view |= _written(memory, refused=p.bresp > 0)
    if view["r"] == FLOW[0]:
        view |= _read(memory, p.rdata, refused=p.rresp > 0)
    if p.c_end:
        view["code"] = ErrorCode(p.c_end_code).name if p.c_end_code in list(ErrorCode) else None
    return view


def _written(memory: dict, *, refused: bool) -> dict:
    (address, busy), (data, strobes) = memory["aw"].pop(0), memory["w"].pop(0)
    if refused:
        name = _NAMES.get(address)
        return {"write_refused": _kind(address), "read_only": name, "busy": busy}
    name = _NAMES[address]
    memory.setdefault("touched", set()).add(name)
    if name == "IRQ_ENABLE" and strobes & 1:
        memory["enable"] = data & 7
    command = ("neither", "start", "abort", "both")[data & 3] if strobes & 1 else "neither"
    return {
        "written": name,
        "busy": busy,
        "strobes": strobes,
        "command": command if name == "CTRL" else None,
        "cleared": data & 7 if name == "IRQ_STATUS" and strobes & 1 else None,
    }


def _read(memory: dict, data: int, *, refused: bool) -> dict:
    address, busy = memory["ar"].pop(0)
    if refused:
        return {"read_refused": _kind(address), "busy": busy}
    name = _NAMES[address]
    view: dict = {"read": name, "busy": busy}
    if name not in memory.get("touched", set()):
        view["untouched"] = name
    if name == "STATUS":
        view["status"] = {flag.name for flag in Status if data & flag}
    if name == "IRQ_STATUS":
        view |= {"events": data & 7, "enable": memory.get("enable", 0)}
    if name in _HALVES.values():
        view["count"] = "zero" if data == 0 else "more"
    return view


COVERS = (
    cover(
        "csr",
        {
            **dict.fromkeys(_CHANNELS, FLOW),
            "busy": (False, True),
            "irq": (False, True),
            "abort": (False, True),
            "read": tuple(name for name in _ALL if name != "CTRL"),
            "untouched": tuple(name for name in _ALL if name != "CTRL"),
            "written": _WRITABLE,
            "read_only": tuple(name for name in _ALL if name not in _WRITABLE),
            "strobes": tuple(range(16)),
            "read_refused": _KINDS,
            "write_refused": _KINDS,
            "command": ("neither", "start", "abort", "both"),
            "cleared": tuple(range(8)),
            "status": tuple(flag.name for flag in Status),
            "events": tuple(range(8)),
            "enable": tuple(range(8)),
            "count": ("zero", "more"),
            "code": tuple(code.name for code in ErrorCode),
        },
        _look,
        crosses={
            "written_x_strobes": ("written", "strobes"),
            "events_x_enable": ("events", "enable"),
            "busy_x_command": ("busy", "command"),
            "busy_x_read": ("busy", "read"),
        },
    ),
)
