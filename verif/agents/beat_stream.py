"""Beat-level driver, monitor and sink of one valid/ready stream, for unit benches.

The only module that imports cocotb_bus. Everything happens at the falling clock edge: signals are
written there and read once they have settled, as the next rising edge will see them, which is the
same on all simulators. Signals are called `NAME_valid`, `NAME_ready`, `NAME_data`.
"""

from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import FallingEdge, ReadOnly
from cocotb_bus.drivers import BusDriver
from cocotb_bus.monitors import BusMonitor

__all__ = ["BeatDriver", "BeatMonitor", "BeatSink"]

SIGNALS = ("valid", "ready", "data")

QUIET_CYCLES = 100
"""Longer than any block here thinks about a beat."""


class BeatDriver(BusDriver):
    """Sends beats, given as integers, in order; `append` queues one, `send` waits until taken.

    Between beats the data is random: only a valid beat may have an effect.

    Args:
        entity: handle that holds the stream's signals.
        name: the stream's name.
        clock: its clock.
        rng: decides the pauses.
        stall: probability of a pause before a beat, and of each more cycle of it, 0 <= p < 1.
    """

    _signals = SIGNALS

    def __init__(
        self, entity: Any, name: str, clock: Any, *, rng: np.random.Generator, stall: float = 0.0
    ) -> None:
        super().__init__(entity, name, clock)
        self._rng, self._stall = rng, stall
        self._noise = rng.spawn(1)[0]
        self._queued = 0
        self._pause()

    def append(self, transaction: int, *args: Any, **kwargs: Any) -> None:
        """Queue a beat; the other arguments as cocotb_bus takes them."""
        self._queued += 1
        super().append(transaction, *args, **kwargs)

    async def drained(self) -> None:
        """Wait until every queued beat has been taken."""
        while self._queued:
            await FallingEdge(self.clock)

    async def _send(self, transaction: int, *args: Any, **kwargs: Any) -> None:
        queued = bool(self._queued)
        await super()._send(transaction, *args, **kwargs)
        self._queued -= queued

    async def _driver_send(self, transaction: int, sync: bool = True) -> None:
        if sync:
            await FallingEdge(self.clock)
        while self._rng.random() < self._stall:
            self._pause()
            await FallingEdge(self.clock)
        self.bus.data.value = transaction
        self.bus.valid.value = 1
        taken = False
        while not taken:
            await ReadOnly()
            taken = self.bus.ready.value == 1
            await FallingEdge(self.clock)
        self._pause()

    def _pause(self) -> None:
        width = len(self.bus.data)
        noise = int.from_bytes(self._noise.bytes(-(-width // 8)), "little")
        self.bus.data.value = noise & ((1 << width) - 1)
        self.bus.valid.value = 0


class BeatMonitor(BusMonitor):
    """Passive: hands every accepted beat, as an integer, to `callback` or to its queue.

    Fails the test when the sender withdraws or changes a waiting beat. Arguments as BusMonitor.
    """

    _signals = SIGNALS
    _idle = 0  # cycles since a beat was last offered, or since `quiet` began

    async def quiet(self) -> None:
        """Wait until no beat has been offered for some time: none is to come any more."""
        self._idle = 0
        while self._idle < QUIET_CYCLES:
            await FallingEdge(self.clock)

    async def _monitor_recv(self) -> None:
        waiting = None
        while True:
            await FallingEdge(self.clock)
            await ReadOnly()
            if self.in_reset:
                waiting = None
                continue
            valid, ready = self.bus.valid.value == 1, self.bus.ready.value == 1
            self._idle = 0 if valid else self._idle + 1
            data = int(self.bus.data.value) if valid else None
            assert waiting in (None, data), f"{self.name}: a waiting beat was changed"
            waiting = None if ready else data
            if valid and ready:
                self._recv(data)


class BeatSink:
    """Takes every beat of a stream, with pauses.

    Args:
        entity, name, clock: as for the driver; only `NAME_ready` is used.
        rng: decides the pauses.
        stall: probability of a pause in any cycle, 0 <= p < 1.
    """

    def __init__(
        self, entity: Any, name: str, clock: Any, *, rng: np.random.Generator, stall: float = 0.0
    ) -> None:
        self._ready = getattr(entity, f"{name}_ready")
        self._clock, self._rng, self._stall = clock, rng, stall
        self._ready.value = 0
        self._task = cocotb.start_soon(self._run())

    async def _run(self) -> None:
        while True:
            await FallingEdge(self._clock)
            self._ready.value = int(self._rng.random() >= self._stall)
