"""What travels between the chip's sequences, drivers, monitors and the scoreboard."""

from dataclasses import dataclass, field, fields
from typing import Any

from models.errors import PanaceaError, check_choice, check_range
from verif.agents.bus_traffic import BusTraffic

__all__ = ["BadAnswer", "BusConfig", "RegisterAccess", "RunItem"]

SLVERR, DECERR = 2, 3


@dataclass(frozen=True, kw_only=True)
class BadAnswer:
    """The memory answers an access to one beat with an error.

    Attributes:
        write: the burst that writes the beat; else the beat when it is read.
        address: of the beat, a multiple of 32.
        resp: SLVERR (2) or DECERR (3).
    """

    write: bool
    address: int
    resp: int = SLVERR

    def __post_init__(self) -> None:
        check_range("bad answer address", self.address, 0, 2**40 - 1)
        check_choice("bad answer resp", self.resp, (SLVERR, DECERR))


@dataclass(frozen=True, kw_only=True)
class BusConfig:
    """How the testbench's side of the chip's two buses behaves during a run.

    Attributes:
        ar, r, aw, w, b, registers: probability of a pause of each channel of the memory, and of
            all channels of the register bus, in 256ths, 0..255.
        burst: a pause lasts 1..64 cycles instead of one.
        garbage: random payload while valid is low, instead of zero.
        latency: cycles from a read address to its first beat, 1..65535; None: the plusarg's.
        seed: of all pauses and of the garbage, 32 bits.
        bad: an injected error, or None.
    """

    ar: int = 0
    r: int = 0
    aw: int = 0
    w: int = 0
    b: int = 0
    registers: int = 0
    burst: bool = False
    garbage: bool = False
    latency: int | None = None
    seed: int = 1
    bad: BadAnswer | None = None

    def __post_init__(self) -> None:
        for name in ("ar", "r", "aw", "w", "b", "registers"):
            check_range(f"stall {name}", getattr(self, name), 0, 255)
        check_range("stall seed", self.seed, 0, 2**32 - 1)
        if self.latency is not None:
            check_range("latency", self.latency, 1, 2**16 - 1)

    @property
    def stalls(self) -> int:
        """The memory's pauses as the testbench packs them, AR in the lowest byte."""
        levels = (self.ar, self.r, self.aw, self.w, self.b)
        return sum(level << 8 * i for i, level in enumerate(levels))

    @property
    def free(self) -> bool:
        """No channel ever pauses."""
        return self.stalls == 0 and self.registers == 0

    @classmethod
    def uniform(cls, probability: float, **kwargs: Any) -> "BusConfig":
        """The same probability, 0 <= p < 1, on every channel; `kwargs` are other attributes.

        Raises:
            PanaceaError: for a probability out of range.
        """
        if not 0.0 <= probability < 1.0:
            raise PanaceaError(f"stall = {probability} is outside 0 <= stall < 1")
        channels = [f.name for f in fields(cls)[:6]]
        return cls(**dict.fromkeys(channels, min(255, round(256 * probability))), **kwargs)


@dataclass(frozen=True, kw_only=True)
class RegisterAccess:
    """One answered register access.

    Attributes:
        cycle: of the request.
        write: direction.
        address: byte address.
        data: written or read.
        strobes: bytes written.
        okay: the answer was OKAY.
    """

    cycle: int
    write: bool
    address: int
    data: int
    strobes: int = 0
    okay: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class RunItem:
    """One run of the chip as the monitors saw it, from the start to the cleared interrupt.

    Attributes:
        number: runs seen before it in this test.
        prog_addr, prog_count: the program, as the registers held it at the start.
        started: cycle of the request to start.
        raised: cycle in which the interrupt rose (the last time), None if it did not.
        readout: registers read after the end, by address; the last value of each.
        sums: what the PEAs issued in this run, in event_counter's order, and cycles in which the
            bus refused; None if this run or the one before ended without interrupt.
        traffic: all of the AXI bus.
        accesses: all register accesses of the run, in order.
    """

    number: int
    prog_addr: int
    prog_count: int
    started: int
    raised: int | None
    readout: dict[int, int] = field(repr=False)
    sums: tuple[int, ...] | None = field(repr=False)
    traffic: BusTraffic = field(repr=False)
    accesses: tuple[RegisterAccess, ...] = field(repr=False)
