"""The functional coverage of the registers: every access, and interrupts by their enables."""

from verif.agents.chip_items import RegisterAccess
from verif.coverage.groups import CoverGroup
from verif.csr.generate import registers
from verif.csr.names import ADDRESS, COUNTERS, Events

__all__ = ["REGISTERS", "RegisterView"]

_NODES = registers()
_HALVES = {address + 4 * half: f"{name}.{('LO', 'HI')[half]}" for name, address in COUNTERS.items()
           for half in (0, 1)}  # fmt: skip
_NAMES = {address: name for name, address in ADDRESS.items()} | _HALVES
_READABLE = tuple(_NAMES[node.absolute_address] for node in _NODES if node.has_sw_readable)
_WRITABLE = tuple(_NAMES[node.absolute_address] for node in _NODES if node.has_sw_writable)
_REFUSALS = ("unaligned", "no register", "read-only written", "write-only read")
_EVENTS = ("none", *(event.name for event in Events))

REGISTERS = CoverGroup(
    scope="chip.registers",
    points={
        "read": _READABLE,
        "written": _WRITABLE,
        "refused": _REFUSALS,
        "busy": (False, True),
        "enabled": tuple(range(8)),
        "event": _EVENTS,
        "command": ("start", "abort", "start and abort", "neither"),
    },
    crosses={
        "busy_x_refused": ("busy", "refused"),
        "busy_x_command": ("busy", "command"),
        "enabled_x_event": ("enabled", "event"),
    },
)
"""`busy`: from an accepted start to the write that clears the interrupt of the end; `enabled`,
`event`: what IRQ_STATUS told while IRQ_ENABLE was so."""


class RegisterView:
    """Values of all points of `REGISTERS`, access by access."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """After a reset."""
        self._busy, self._enabled = False, 0

    def __call__(self, access: RegisterAccess) -> dict[str, set]:
        """A view of one access."""
        name = _NAMES.get(access.address)
        view: dict[str, set] = {"busy": {self._busy}}
        if not access.okay:
            return view | {"refused": {_refusal(access, name)}}
        view["written" if access.write else "read"] = {name}
        data = access.data if access.strobes & 1 else 0
        if access.write and name == "CTRL":
            view["command"] = {("neither", "start", "abort", "start and abort")[data & 3]}
            self._busy = self._busy or bool(data & 1)
        elif access.write and name == "IRQ_ENABLE":
            self._enabled = data & 7
        elif access.write and name == "IRQ_STATUS" and data & (Events.done | Events.error):
            self._busy = False
        elif name == "IRQ_STATUS" and not access.write:
            seen = {event.name for event in Events if access.data & event}
            view |= {"enabled": {self._enabled}, "event": seen or {"none"}}
        return view


def _refusal(access: RegisterAccess, name: str | None) -> str:
    if access.address % 4:
        return "unaligned"
    if name is None:
        return "no register"
    return "read-only written" if access.write else "write-only read"
