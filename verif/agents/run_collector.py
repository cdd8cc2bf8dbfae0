"""Puts what the monitors of both buses saw together to runs."""

from pathlib import Path
from typing import TextIO

import numpy as np
from pyuvm import uvm_analysis_port, uvm_monitor

from verif.agents.bus_traffic import RECORD, BusTraffic, Kind, RecordTail
from verif.agents.chip_items import RegisterAccess, RunItem
from verif.csr.names import ADDRESS, Events

__all__ = ["RunCollector"]

_ENDS = Events.done | Events.error
_PROGRAM = ("PROG_ADDR_LO", "PROG_ADDR_HI", "PROG_COUNT")


class RunCollector(uvm_monitor):
    """Passive: reads both monitors' files and writes a RunItem to `ap` for every run.

    A run is what happens between an accepted start and the write that clears the interrupt of
    its end. Every access goes to `accesses`. `collect` is to be called after the monitors have
    been flushed.
    """

    def build_phase(self) -> None:
        self.ap = uvm_analysis_port("ap", self)
        self.accesses = uvm_analysis_port("accesses", self)
        self.seen = 0
        self.problems: list[str] = []
        self._log: TextIO | None = None
        self._bus: RecordTail | None = None

    def restart(self) -> None:
        """After a reset: watch what happens from now on; nothing before counts."""
        self.final_phase()
        self._log = Path("registers.log").open(encoding="ascii")
        self._log.seek(0, 2)
        self._partial = ""
        self._bus = RecordTail(Path("axi.mon"))
        self._records = np.empty(0, RECORD)
        self._program = dict.fromkeys(_PROGRAM, 0)
        self._sums: tuple[int, ...] = (0,) * 9
        self._sums_before: tuple[int, ...] | None = self._sums
        self._open: list[RegisterAccess] = []
        self._raised: int | None = None
        self._fell = 0

    def collect(self) -> None:
        """Write out every run that is over."""
        self._records = np.concatenate([self._records, self._bus.pull()])
        *lines, self._partial = (self._partial + self._log.read()).split("\n")
        for kind, cycle, *values in (line.split() for line in lines):
            if kind == "I":
                self._interrupt(int(cycle), int(values[0]), tuple(map(int, values[1:])))
            else:
                self._access(_access(kind == "W", int(cycle), [int(v, 16) for v in values]))

    def leftovers(self) -> list[str]:
        """What was seen beyond the finished runs; flush the monitors before."""
        self.collect()
        found = list(self.problems)
        if self._open:
            found.append(f"run started in cycle {self._open[0].cycle}: no end")
        if len(self._records):
            first = self._records[0]
            found.append(
                f"{len(self._records)} bus records outside of a run, the first in cycle "
                f"{first['cycle']}: {Kind(first['info'] >> 29).name}"
            )
        return found

    def publish(self, item: RunItem) -> None:
        """Pass a finished run on."""
        self.ap.write(item)

    def final_phase(self) -> None:
        for file in (self._log, self._bus):
            if file is not None:
                file.close()

    def _interrupt(self, cycle: int, level: int, sums: tuple[int, ...]) -> None:
        if level:
            self._raised, self._sums = cycle, sums
        else:
            self._fell = cycle

    def _access(self, access: RegisterAccess) -> None:
        self.accesses.write(access)
        if self._open:
            self._open.append(access)
        if not (access.okay and access.write):
            return
        for name in _PROGRAM:
            if access.address == ADDRESS[name]:
                mask = sum(0xFF << 8 * byte for byte in range(4) if access.strobes >> byte & 1)
                self._program[name] = self._program[name] & ~mask | access.data & mask
        effective = access.data if access.strobes & 1 else 0
        if access.address == ADDRESS["CTRL"] and effective & 1 and not self._open:
            self._open = [access]
            self._started_with = dict(self._program)
        elif access.address == ADDRESS["IRQ_STATUS"] and effective & _ENDS and self._open:
            self._finish(access.cycle)

    def _finish(self, cycle: int) -> None:
        """Build the item of the run that ends in this cycle."""
        inside = self._records["cycle"] <= cycle
        records, self._records = self._records[inside], self._records[~inside]
        early = int((records["cycle"] <= self._open[0].cycle).sum())
        if early:
            self.problems.append(f"{early} bus records before the start of run {self.seen}")
        program, accesses = self._started_with, tuple(self._open)
        sums, before = None, self._sums_before
        self._sums_before = None  # unknown after a run without interrupt
        if self._raised is not None and self._raised < self._fell < cycle:
            self._raised = None  # of a start that came too early
        if self._raised is not None and self._raised > accesses[0].cycle:
            self._sums_before = self._sums
            if before is not None:
                sums = tuple(now - old for now, old in zip(self._sums, before, strict=True))
        number, self.seen = self.seen, self.seen + 1
        raised, self._raised, self._open = self._raised, None, []
        self.publish(
            RunItem(
                number=number,
                prog_addr=program["PROG_ADDR_HI"] << 32 | program["PROG_ADDR_LO"] & ~31,
                prog_count=program["PROG_COUNT"],
                started=accesses[0].cycle,
                raised=raised,
                readout={a.address: a.data for a in accesses if a.okay and not a.write},
                sums=sums,
                traffic=BusTraffic(records),
                accesses=accesses,
            )
        )


def _access(write: bool, cycle: int, values: list[int]) -> RegisterAccess:
    address, data, *strobes, resp = values
    return RegisterAccess(
        cycle=cycle,
        write=write,
        address=address,
        data=data,
        strobes=strobes[0] if strobes else 0,
        okay=resp == 0,
    )
