"""What software may do to a running chip: early starts, refused accesses, aborts, resets."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace

import cocotb
import numpy as np
import pyuvm

from models.chip.request import ChipLayer
from models.params import LayerConfig
from verif.agents.bus_traffic import Kind
from verif.agents.chip_items import BusConfig, RunItem
from verif.csr.names import ADDRESS, COUNTERS, ErrorCode, Events, Status
from verif.env.chip_cover_bus import Channels, open_bursts
from verif.env.chip_env import ChipEnv
from verif.sequences.chip_corners import busy, chained, with_descriptor
from verif.sequences.chip_run import RegisterSequence, RunSequence, access
from verif.sequences.program_item import Ending, ProgramItem, make_item
from verif.tests_chip.errors import ErrorTest

__all__ = ["AbortPlaces", "Aborts", "BusyAccesses", "Interrupts", "Resets"]

LATENCY = 1000  # of a slow memory: descriptors, table, segments and parameters take three of it


@pyuvm.test()
class BusyAccesses(ErrorTest):
    """Starts and forbidden accesses while a program runs change nothing but what they should.

    The memory is so slow that no program ends meanwhile.
    """

    async def stimulate(self) -> None:
        for name in self.names("busy"):
            item = self.draw(name)
            bus = replace(item.bus, latency=LATENCY, registers=0)
            await self.run(replace(item, bus=bus), during=self._disturb)

    async def _disturb(self, env: ChipEnv) -> None:
        registers = RegisterSequence(env, "disturb")
        await env.control.cycles(int(self.rng.integers(0, LATENCY)))
        for name in ("ID", "STATUS", "ERROR", "PARAM_CORE"):
            assert not (await access(env, write=True, address=ADDRESS[name], data=1)).okay, name
        for address in (COUNTERS["CYCLES"], 0x800, 0x1D):
            assert not (await access(env, write=True, address=address, data=1)).okay, hex(address)
        for address in (ADDRESS["CTRL"], 0xFFC, 0x21):
            assert not (await access(env, write=False, address=address)).okay, hex(address)
        await registers.write("PROG_COUNT", 12345)  # the next program's
        await registers.write("PROG_ADDR_LO", 0x40)
        assert await registers.read("STATUS") == Status.busy
        await registers.write("CTRL", 1)
        assert await registers.read("STATUS") == Status.busy | Status.start_ignored
        assert await registers.read("IRQ_STATUS") == Events.start_ignored
        await registers.write("IRQ_STATUS", Events.start_ignored)


@pyuvm.test()
class Aborts(ErrorTest):
    """An abort at any moment ends the run; the next program is right."""

    count = 20

    async def stimulate(self) -> None:
        ended = []
        for name in self.names("abort"):
            item = self.draw(name)
            await self.run(item)
            length = self.env.scoreboard.outcomes[-1].cycles
            at = int(self.rng.integers(0, length))

            async def abort(env: ChipEnv, at: int = at) -> None:
                await env.control.cycles(at)
                await RegisterSequence(env, "abort").write("CTRL", 2)

            codes = frozenset({ErrorCode.aborted, ErrorCode.none})
            await self.run(replace(item, ending=Ending(codes=codes)), during=abort)
            ended.append(self.env.scoreboard.outcomes[-1].code)
            await self.run(self.draw(f"{name}.after"))
        assert ErrorCode.aborted in ended, "no abort hit a running program"
        await RegisterSequence(self.env, "idle").write("CTRL", 2)
        await self.run(self.draw("after an abort at rest"))


@pyuvm.test()
class AbortPlaces(ErrorTest):
    """Aborts while each DMA has moved its last beat for some time, and while each side of the bus
    is busy or at rest."""

    async def stimulate(self) -> None:
        bus = BusConfig(r=150, w=150, b=150, burst=True, latency=60, seed=11)
        dense = replace(busy(self.rng, self.params)[0], bus=BusConfig(latency=20))
        for item in (replace(chained(self.rng, self.params), bus=bus), dense):
            await self.run(item)
            good = self.env.scoreboard.last
            delay = await self._abort(item, 1)
            for cycle in sorted(self._places(good)):
                await self._abort(item, max(1, cycle - good.started - delay))
            await self.run(item)

    def _places(self, run: RunItem) -> set[int]:
        """The middle of the longest time after a beat of each DMA, and of each state of the bus."""
        traffic, channels = run.traffic, Channels(run)
        read = channels.of(traffic.read_addresses, write=False)
        written = channels.of(traffic.write_addresses, write=True)
        moved = np.full(len(traffic.kinds), "nothing", dtype=object)
        moved[traffic.where(Kind.R)], moved[traffic.where(Kind.W)] = read, written
        for at in np.flatnonzero((traffic.kinds != Kind.R) & (traffic.kinds != Kind.W)).tolist():
            moved[at] = moved[at - 1] if at else "nothing"
        state = 2 * (open_bursts(traffic, Kind.AW) > 0) + (open_bursts(traffic, Kind.AR) > 0)
        cycles = traffic.records["cycle"].astype(np.int64)
        return set(_longest(moved.tolist(), cycles)) | set(_longest(state.tolist(), cycles))

    async def _abort(self, item: ProgramItem, at: int) -> int:
        """Abort a run so many cycles after its start was told; cycles that it took more."""

        async def abort(env: ChipEnv) -> None:
            await env.control.cycles(at)
            await RegisterSequence(env, "abort").write("CTRL", 2)

        await self.run(replace(item, ending=Ending.failing(ErrorCode.aborted)), during=abort)
        last = self.env.scoreboard.last
        commands = [a.cycle for a in last.accesses if a.write and a.address == ADDRESS["CTRL"]]
        return commands[1] - last.started - at


def _longest(labels: Sequence[Hashable], cycles: np.ndarray) -> Iterator[int]:
    """The middle of the longest stretch of every label; it lasts until the next one."""
    best: dict[Hashable, tuple[int, int]] = {}
    start = 0
    for at in range(1, len(labels)):
        if labels[at] != labels[start]:
            length = int(cycles[at] - cycles[start])
            middle = int(cycles[start]) + length // 2
            best[labels[start]] = max(best.get(labels[start], (0, 0)), (length, middle))
            start = at
    return (middle for _, middle in best.values())


class _Provoked(RunSequence):
    """A run with any enable, in which a start comes too early; the end is asked for."""

    def __init__(self, env: ChipEnv, item: ProgramItem, enable: int) -> None:
        super().__init__(env, item, polled=True, during=self._disturb, dump=False)
        self._enable = enable

    async def prepare(self) -> None:
        await super().prepare()
        await self.write("IRQ_ENABLE", self._enable)
        assert await self.read("IRQ_ENABLE") == self._enable
        await self._check(0)

    async def _disturb(self, env: ChipEnv) -> None:
        await self.write("CTRL", 0)
        await self.write("CTRL", 1)
        await self._check(Events.start_ignored)
        await self.write("IRQ_STATUS", Events.start_ignored)
        await self._check(0)

    async def _poll(self) -> None:
        await super()._poll()
        good = self.item.ending.good
        await self._check(Events.done if good else Events.error)

    async def _check(self, events: int) -> None:
        """What IRQ_STATUS tells, and the line."""
        assert await self.read("IRQ_STATUS") == events
        raised = bool(int(self.env.control.dut.irq.value))
        assert raised == bool(events & self._enable), f"{events=} {self._enable=}"


@pyuvm.test()
class Interrupts(ErrorTest):
    """Every event under every enable; every register; commands that do both or nothing."""

    async def stimulate(self) -> None:
        item = self.small()
        broken = Ending.failing(ErrorCode.bad_descriptor)
        bad = replace(with_descriptor(item, 0, kind=0), ending=broken)
        for enable in range(8):
            for program in (item, bad):
                await _Provoked(self.env, program, enable).start()
        registers = RegisterSequence(self.env, "registers")
        for name in (*ADDRESS, *COUNTERS):
            if name != "CTRL":
                await registers.read(name)
        for address in COUNTERS.values():
            await registers.read_at(address + 4)
        await self._refused(self.env)
        await registers.write("CTRL", 0)
        both = replace(item, ending=Ending.failing(ErrorCode.aborted))
        await self.run(both, during=self._start_and_abort)
        await _StartAndAbort(self.env, item).start()
        await registers.write("CTRL", 2)

    def small(self) -> ProgramItem:
        """The least that a program can be, on a memory that gives time for some accesses."""
        layer = ChipLayer(
            name="small",
            w=np.ones((1, 1), np.int64),
            bias=np.zeros(1, np.int64),
            config=LayerConfig(),
            x=np.ones((1, 1), np.int64),
        )
        return make_item("small", [layer], self.params, bus=BusConfig(latency=300))

    async def _start_and_abort(self, env: ChipEnv) -> None:
        await self._refused(env)
        await RegisterSequence(env, "both").write("CTRL", 3)

    async def _refused(self, env: ChipEnv) -> None:
        """Every kind of access that is refused."""
        for write, address in (
            (True, ADDRESS["ID"]), (True, 0x1D), (True, 0x800), (False, ADDRESS["CTRL"]),
            (False, 0x21), (False, 0xFFC),
        ):  # fmt: skip
            assert not (await access(env, write=write, address=address)).okay, hex(address)


class _StartAndAbort(RunSequence):
    """At rest an abort is nothing: both bits start the program."""

    async def write(self, name: str, data: int) -> None:
        await super().write(name, 3 if name == "CTRL" else data)


@pyuvm.test()
class Resets(ErrorTest):
    """After a reset at any moment the chip works as if nothing had been before."""

    async def stimulate(self) -> None:
        cut = 0
        for name in self.names("victim"):
            task = cocotb.start_soon(RunSequence(self.env, self.draw(name)).start())
            await self.env.control.cycles(int(self.rng.integers(50, 2000)))
            if not task.done():
                task.cancel()
                cut += 1
            await self.env.restart()
            await self.run(self.draw(f"{name}.after"))
        assert cut, "no reset hit work in flight"
