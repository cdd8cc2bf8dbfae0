"""The descriptor DMA: a program's beats in order, never more than two descriptors ahead."""

import cocotb
import numpy as np

from verif.unit.harness import Block, reset, seeded
from verif.unit.read_bus import ReadBus, Tag

INPUTS = "start line count req_ready valid data out_ready"
OUTPUTS = "req_valid req out_valid out"
BEATS, AHEAD = 4, 2


class Fetch:
    """One program, fetched with pauses on all sides."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "d", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def begin(self, count: int, *, held: int | None = None) -> None:
        """Start a program of so many descriptors, of which memory holds the first ones."""
        beats = BEATS * (count if held is None else held)
        self.line = int(self.rng.integers(0, 2**35 - beats))
        self.data = [int.from_bytes(self.rng.bytes(32), "little") for _ in range(beats)]
        self.bus = ReadBus({self.line + at: value for at, value in enumerate(self.data)})
        self.taken, self.cycles = 0, 0
        quiet = {"req_ready": 0, "valid": 0, "out_ready": 0}
        await self.block.cycle(start=1, line=self.line, count=count, **quiet)
        await self.block.cycle(start=0, line=0, count=0)

    async def step(self, req_ready: bool, offer: bool, take: bool) -> None:
        """One cycle."""
        front = self.bus.front() if offer else None
        seen = await self.block.cycle(
            req_ready=req_ready, valid=front is not None, data=front[1] if front else 0,
            out_ready=take,
        )  # fmt: skip
        self.cycles += 1
        self.bus.after(seen, req_ready=req_ready, taken=front is not None)
        assert len(self.bus.requests) - self.taken // BEATS <= AHEAD, "too far ahead"
        if seen.out_valid:
            assert seen.out == self.data[self.taken], f"beat {self.taken}"
            self.taken += take

    async def play(self) -> None:
        """Fetch the whole program; then nothing more may come."""
        rates, idle = np.ones(3), 0
        while idle < 20:
            if self.cycles % 40 == 0:
                rates = self.rng.choice([0.1, 0.5, 1.0], 3)
            await self.step(*(self.rng.random(3) < rates).tolist())
            idle = idle + 1 if self.taken == len(self.data) else 0
            assert self.cycles < 500 + 150 * len(self.data), f"stuck at beat {self.taken}"
        descriptors = range(len(self.data) // BEATS)
        assert self.bus.requests == [
            (Tag.DESCRIPTOR, self.line + BEATS * number, BEATS) for number in descriptors
        ]


@cocotb.test()
async def descriptors_random(dut):
    """Programs of 0 to 40 descriptors, one after the other."""
    fetch = Fetch(dut)
    await fetch.block.start()
    for count in (1, 2, 3, 0, 40, 1, 12):
        await fetch.begin(count)
        await fetch.play()


@cocotb.test()
async def descriptors_ahead(dut):
    """Two descriptors are fetched though none is taken; at full rate a beat passes every cycle."""
    fetch = Fetch(dut)
    await fetch.block.start()
    await fetch.begin(2**32 - 1, held=60)
    for _ in range(30):
        await fetch.step(True, True, False)
    assert len(fetch.bus.requests) == AHEAD and fetch.bus.under_way == 0
    for _ in range(BEATS * 50):
        await fetch.step(True, True, True)
    assert fetch.taken == BEATS * 50


@cocotb.test()
async def descriptors_reset(dut):
    """A reset in mid-program leaves nothing of it."""
    fetch = Fetch(dut)
    await fetch.block.start()
    for steps in (1, 3, 10, 25):
        await fetch.begin(9)
        for _ in range(steps):
            await fetch.step(True, True, bool(steps % 2))
        await fetch.block.cycle(valid=0, out_ready=0, req_ready=0)
        await reset(dut)
        await fetch.begin(3)
        await fetch.play()
