"""Planted faults: every test here must fail, each for its own reason.

They prove that the environment notices; `verif/tests/test_chip.py` checks the reasons. Two more
faults are plusargs of the testbench: see `tb_chip.sv`.
"""

from dataclasses import replace

import cocotb
import numpy as np
import pyuvm

from verif.agents.bus_traffic import BEAT, Kind
from verif.agents.chip_control import ChipControl
from verif.agents.chip_items import RunItem
from verif.agents.run_collector import RunCollector
from verif.csr.names import ADDRESS, COUNTERS, ErrorCode
from verif.env.chip_env import ChipEnv
from verif.sequences.chip_run import RegisterSequence
from verif.sequences.program_item import Ending
from verif.tests_chip.base import ChipTest
from verif.tests_chip.fault_base import FaultTest, changed_readout, changed_records

__all__ = ["COUNTED"]

COUNTED = tuple(COUNTERS)
"""All counters are known before, on an ideal memory: there is a fault `CounterNAME` of each."""


class _ByteMisread(RunCollector):
    def publish(self, item: RunItem) -> None:
        records = item.traffic.records.copy()
        records["data"][item.traffic.where(Kind.W)[0], 3] ^= 1
        super().publish(changed_records(item, records))


class _WriteTwice(RunCollector):
    def publish(self, item: RunItem) -> None:
        """The first burst again, with its answer."""
        kinds = item.traffic.kinds
        first = [int(np.flatnonzero(kinds == kind)[0]) for kind in (Kind.AW, Kind.W, Kind.B)]
        length = int(item.traffic.records["info"][first[0]] >> 8 & 0xFF) + 1
        beats = item.traffic.where(Kind.W)[:length]
        again = item.traffic.records[[first[0], *beats, first[2]]]
        super().publish(changed_records(item, np.concatenate([item.traffic.records, again])))


class _LateAnswers(RunCollector):
    def publish(self, item: RunItem) -> None:
        """All writes are answered at the end."""
        late = item.traffic.kinds == Kind.B
        records = item.traffic.records
        super().publish(changed_records(item, np.concatenate([records[~late], records[late]])))


class _StaleRead(RunCollector):
    def publish(self, item: RunItem) -> None:
        """The last beat read, a result, has another value."""
        records = item.traffic.records.copy()
        records["data"][item.traffic.where(Kind.R)[-1], 0] ^= 1
        super().publish(changed_records(item, records))


class _ReadOutside(RunCollector):
    def publish(self, item: RunItem) -> None:
        records = item.traffic.records.copy()
        records["info"][item.traffic.where(Kind.AR)[-1]] |= 0xFF
        super().publish(changed_records(item, records))


class _Hidden(RunCollector):
    def publish(self, item: RunItem) -> None:
        """Swallow the run."""


class _Twice(RunCollector):
    def publish(self, item: RunItem) -> None:
        super().publish(item)
        super().publish(item)


class _Unanswered(RunCollector):
    def publish(self, item: RunItem) -> None:
        records = item.traffic.records
        super().publish(changed_records(item, records[: item.traffic.where(Kind.B)[-1]]))


def _counter(name: str) -> type:
    """A collector that reads one counter one too high."""
    address = COUNTERS[name]

    def publish(self: RunCollector, item: RunItem) -> None:
        changed = changed_readout(item, address, item.readout[address] + 1)
        RunCollector.publish(self, changed)

    return type(f"_Miscounted{name}", (RunCollector,), {"publish": publish})


class _ErrorReported(RunCollector):
    def publish(self, item: RunItem) -> None:
        super().publish(changed_readout(item, ADDRESS["ERROR"], int(ErrorCode.core_error)))


class _StatusWrong(RunCollector):
    def publish(self, item: RunItem) -> None:
        super().publish(changed_readout(item, ADDRESS["STATUS"], 9))


class _OtherProgram(RunCollector):
    def publish(self, item: RunItem) -> None:
        super().publish(replace(item, prog_count=item.prog_count + 1))


class _LeakyControl(ChipControl):
    async def dump(self, address: int, length: int) -> bytes:
        data = bytearray(await super().dump(address, length))
        data[-BEAT] ^= 1
        return bytes(data)


class _LeakyEnv(ChipEnv):
    def make_control(self) -> ChipControl:
        return _LeakyControl(cocotb.top)


class _ImageHit(RunCollector):
    def publish(self, item: RunItem) -> None:
        """A burst writes the first beat of the program."""
        kinds, records = item.traffic.kinds, item.traffic.records
        ar, r = (records[np.flatnonzero(kinds == kind)[0]].copy() for kind in (Kind.AR, Kind.R))
        ar["info"] = Kind.AW << 29 | ar["info"] & 0xFF
        b = r.copy()
        r["info"], r["strobes"], b["info"] = Kind.W << 29 | 1 << 18, 1, Kind.B << 29
        super().publish(changed_records(item, np.concatenate([records, np.array([ar, r, b])])))


def _fault(name: str, part: type, original: type = RunCollector) -> type:
    return pyuvm.test()(
        type(
            name, (FaultTest,), {"original": original, "replacement": part, "__doc__": part.__doc__}
        )
    )


ByteMisread = _fault("ByteMisread", _ByteMisread)
WriteTwice = _fault("WriteTwice", _WriteTwice)
LateAnswers = _fault("LateAnswers", _LateAnswers)
StaleRead = _fault("StaleRead", _StaleRead)
ReadOutside = _fault("ReadOutside", _ReadOutside)
Hidden = _fault("Hidden", _Hidden)
Twice = _fault("Twice", _Twice)
Unanswered = _fault("Unanswered", _Unanswered)
ErrorReported = _fault("ErrorReported", _ErrorReported)
StatusWrong = _fault("StatusWrong", _StatusWrong)
OtherProgram = _fault("OtherProgram", _OtherProgram)
MemoryWrong = _fault("MemoryWrong", _LeakyEnv, ChipEnv)


for _name in COUNTED:
    globals()[f"Counter{_name}"] = _fault(f"Counter{_name}", _counter(_name))


@pyuvm.test()
class ImageHit(FaultTest):
    """A run that fails writes into its own program."""

    replacement = _ImageHit

    async def stimulate(self) -> None:
        item = self.item()
        await self.run(item)
        ending = Ending.failing(ErrorCode.bad_descriptor, descriptor=0)
        await self.run(replace(item, image=np.zeros_like(item.image), ending=ending))


@pyuvm.test()
class ErrorMissed(FaultTest):
    """A program that should fail does not."""

    async def stimulate(self) -> None:
        await self.run(replace(self.item(), ending=Ending.failing(ErrorCode.read_failed)))


@pyuvm.test()
class LayerWrong(FaultTest):
    """The operands differ from what was compiled."""

    async def stimulate(self) -> None:
        item = self.item()
        item.expected["second"][1, 2] += 1
        await self.run(item)


@pyuvm.test()
class ImageWrong(FaultTest):
    """What is loaded differs from what was compiled, and stays legal."""

    async def stimulate(self) -> None:
        item = self.item()
        image = item.image.copy()
        image[item.program.descriptors[-1].par_addr] ^= 1
        await self.run(replace(item, image=image))


@pyuvm.test()
class NeverCleared(FaultTest):
    """A program is started and forgotten."""

    async def stimulate(self) -> None:
        await self.run(self.item())
        registers = RegisterSequence(self.env, "forgetful")
        await registers.write("PROG_COUNT", 0)
        await registers.write("CTRL", 1)
        await self.env.control.cycles(100)


@pyuvm.test()
class NothingRun(ChipTest):
    """No program at all."""

    async def stimulate(self) -> None:
        """Run nothing."""
