"""What software may do to a running chip: early starts, refused accesses, aborts, resets."""

from dataclasses import replace

import cocotb
import pyuvm

from verif.csr.names import ADDRESS, COUNTERS, ErrorCode, Events, Status
from verif.env.chip_env import ChipEnv
from verif.sequences.chip_run import RegisterSequence, RunSequence, access
from verif.sequences.program_item import Ending
from verif.tests_chip.errors import ErrorTest

__all__ = ["Aborts", "BusyAccesses", "Resets"]

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
