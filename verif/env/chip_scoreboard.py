"""Checks every run of the chip."""

from collections import deque

import numpy as np
from pyuvm import uvm_analysis_port, uvm_scoreboard, uvm_subscriber

from models.chip.executor import Execution, execute
from models.chip.params import ChipParams
from models.chip.results import read_results
from models.errors import PanaceaError
from verif.agents.bus_traffic import BEAT
from verif.agents.chip_items import RunItem
from verif.agents.control import run_seed
from verif.csr.names import ADDRESS, COUNTERS, ErrorCode, Status
from verif.env.chip_counts import expected_counts
from verif.env.chip_cycle_check import cycle_errors
from verif.env.chip_memory import SeenMemory, rebuild
from verif.env.chip_mismatch import write_table
from verif.env.chip_outcome import CheckedRun, RunOutcome
from verif.sequences.program_item import ProgramItem

__all__ = ["ChipScoreboard"]

_SHOWN = 8  # errors named in the failure's message; the log has all
_UNCOUNTED = 11  # cycles between start and interrupt that are no part of the run


class ChipScoreboard(uvm_scoreboard):
    """Compares what the chip wrote with the functional model fed by the monitors.

    The model gets the program's address and length from the monitored registers, and memory as
    the monitored reads show it. Then every layer's result is compared with the plain formula on
    the operands asked for, and the counters with the model's. Errors are gathered, so that one
    run shows them all, and raised in the check phase; comparing nothing is an error.

    Attributes:
        ideal_memory: a memory without pauses is the cycle model's: cycles are compared as well.
    """

    ideal_memory = True

    def build_phase(self) -> None:
        self.params: ChipParams = self.cdb_get("params")
        self.analysis_export = uvm_subscriber.uvm_AnalysisImp("analysis_export", self, self.write)
        self.checked = uvm_analysis_port("checked", self)
        self.outcomes: list[RunOutcome] = []
        self.errors: list[str] = []
        self.compared = 0
        self.last: RunItem | None = None
        self._written: tuple[ProgramItem, SeenMemory] | None = None
        self._expected: deque[ProgramItem] = deque()

    def expect(self, item: ProgramItem) -> None:
        """Announce a program that is about to be started."""
        self._expected.append(item)

    def abandon(self) -> None:
        """After a reset: forget programs that are not finished."""
        self._expected.clear()

    def write(self, item: RunItem) -> None:
        """Take a monitored run."""
        if not self._expected:
            self._error(f"run {item.number}: no program was asked for")
            return
        program = self._expected.popleft()
        before = len(self.errors)
        seen = rebuild(item.traffic, program.program.base, program.program.memory_bytes)
        self.last, self._written = item, (program, seen)
        self._check_registers(program, item)
        if item.traffic.open_bursts:
            self._fail(program, f"{item.traffic.open_bursts} bursts are open at the end")
        execution, mismatches = None, 0
        if program.ending.good:
            for problem in seen.problems:
                self._fail(program, problem)
            execution, mismatches = self._check_writes(program, item, seen)
            if program.ending.whole:
                mismatches = max(mismatches, self._check_layers(program, seen))
        else:
            self._check_stray_writes(program, seen)
        outcome = RunOutcome(
            name=program.name,
            results=self._results(program, seen) if program.ending.whole else {},
            mismatches=mismatches,
            code=ErrorCode(item.readout.get(ADDRESS["ERROR"], 0) & 0xFF),
            passed=len(self.errors) == before,
            cycles=item.readout.get(COUNTERS["CYCLES"], 0),
            counters={n: item.readout[a] for n, a in COUNTERS.items() if a in item.readout},
        )
        self.outcomes.append(outcome)
        self.checked.write(CheckedRun(item=item, program=program, execution=execution, seen=seen))

    def report_phase(self) -> None:
        self.logger.info(f"{self.compared} bytes compared, {len(self.outcomes)} runs")

    def check_phase(self) -> None:
        for program in self._expected:
            self._error(f"program {program.name}: its run never ended")
        if self.compared == 0:
            self._error("nothing was compared")
        if self.errors:
            first = "; ".join(text.partition("\n")[0] for text in self.errors[:_SHOWN])
            raise AssertionError(f"{len(self.errors)} scoreboard errors: {first}")

    def check_contents(self, program: ProgramItem, contents: bytes) -> None:
        """Compare memory's own contents after a program's run, from its base on."""
        if self._written is None or self._written[0] is not program:
            return  # its run was not seen, which is an error in the check phase
        final, got = _final(*self._written), np.frombuffer(contents, np.uint8)
        wrong = np.flatnonzero(got != final[: len(got)])
        if len(wrong):
            address = program.program.base + int(wrong[0])
            self._fail(program, f"{len(wrong)} bytes of memory are wrong, first at {address:#x}")

    def _error(self, text: str) -> None:
        self.errors.append(text)
        self.logger.error(text)

    def _fail(self, program: ProgramItem, text: str) -> None:
        self._error(f"program {program.name}: {text} (seed {run_seed()})")

    def _check_registers(self, program: ProgramItem, item: RunItem) -> None:
        """Address, length and end of the run."""
        wanted = (program.program.prog_addr, program.prog_count)
        if (item.prog_addr, item.prog_count) != wanted:
            self._fail(program, f"started as {item.prog_addr:#x}, {item.prog_count} descriptors")
        registers = {name: item.readout.get(address) for name, address in ADDRESS.items()}
        if registers["STATUS"] is None or registers["ERROR"] is None:
            self._fail(program, "STATUS or ERROR was not read")
            return
        ending, error = program.ending, registers["ERROR"]
        code, detail = ErrorCode(error & 0xFF), error >> 16
        if code not in ending.codes:
            names = " or ".join(sorted(c.name for c in ending.codes))
            self._fail(
                program, f"ended with {code.name}, detail {detail}, at descriptor "
                f"{registers['ERROR_DESC']}, instead of {names}"
            )  # fmt: skip
        status = Status.idle | (Status.done if code == ErrorCode.none else Status.error)
        if registers["STATUS"] & ~Status.start_ignored != status:
            self._fail(program, f"STATUS is {registers['STATUS']:#x}, expected {int(status):#x}")
        address = (registers["ERROR_ADDR_HI"] or 0) << 32 | (registers["ERROR_ADDR_LO"] or 0)
        found = {"detail": detail, "descriptor": registers["ERROR_DESC"], "address": address}
        for name, value in found.items():
            want = getattr(ending, name)
            if want is not None and value != want:
                self._fail(program, f"error {name} is {value}, expected {want}")

    def _check_writes(
        self, program: ProgramItem, item: RunItem, seen: SeenMemory
    ) -> tuple[Execution | None, int]:
        """Every byte that was written, and the counters, against the model."""
        base = program.program.base
        try:
            execution = execute(
                seen.given.copy(), item.prog_addr, item.prog_count, self.params, base
            )
        except PanaceaError as error:
            self._fail(program, f"the model refuses what the chip read: {error}")
            return None, 1
        count, table = write_table(execution, seen, base, self.params.core.num_pea, run_seed())
        self.compared += sum(len(data) for _, data in execution.writes)
        if count:
            self._fail(program, f"{count} wrong bytes\n{table}")
        counts = expected_counts(execution, item, self.params)
        traffic = item.traffic
        seen_bytes = {
            "BYTES_READ": BEAT * len(traffic.read_addresses),
            "BYTES_WRITTEN": int(traffic.write_strobes.sum()),
        }
        if item.raised is not None:
            counts["CYCLES"] = item.raised - item.started - _UNCOUNTED
        for name, value in (*seen_bytes.items(), *counts.items()):
            got = item.readout.get(COUNTERS[name])
            if got != value:
                self._fail(program, f"counter {name} is {got}, expected {value}")
        if self.ideal_memory and program.bus.stalls == 0:
            for text in cycle_errors(execution, item, program.bus, self.params):
                self._fail(program, text)
        return execution, count

    def _results(self, program: ProgramItem, seen: SeenMemory) -> dict[str, np.ndarray]:
        try:
            memory = _final(program, seen)[: program.program.memory_bytes]
            return read_results(program.program, memory)
        except PanaceaError as error:
            self._fail(program, f"results cannot be read: {error}")
            return {}

    def _check_layers(self, program: ProgramItem, seen: SeenMemory) -> int:
        """Every layer's result against the plain formula; returns wrong elements."""
        mismatches, results = 0, self._results(program, seen)
        for name, y in results.items():
            wrong = np.argwhere(y != program.expected[name])
            mismatches += len(wrong)
            if len(wrong):
                m, n = wrong[0].tolist()
                self._fail(
                    program,
                    f"layer {name}: {len(wrong)} of {y.size} elements wrong, the first "
                    f"y[{m}, {n}] = {y[m, n]}, expected {program.expected[name][m, n]}",
                )
        return mismatches

    def _check_stray_writes(self, program: ProgramItem, seen: SeenMemory) -> None:
        """A run that fails may write wrong results, but only where results go."""
        for problem in seen.problems:
            if "outside" in problem and "written" in problem:
                self._fail(program, problem)
        stray = np.flatnonzero(seen.count[: len(program.image)])
        if len(stray):
            address = program.program.base + int(stray[0])
            self._fail(program, f"{len(stray)} bytes of the image overwritten, first {address:#x}")


def _final(program: ProgramItem, seen: SeenMemory) -> np.ndarray:
    """Memory after a run, whole beats: the image with what the chip was seen to write."""
    memory = np.zeros(len(seen.count), np.uint8)
    memory[: len(program.image)] = program.image
    return np.where(seen.count > 0, seen.written, memory)
