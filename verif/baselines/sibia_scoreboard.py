"""Checks every layer of the Sibia-style core against plain integers, and its cycles."""

from collections import deque

import numpy as np
from pyuvm import uvm_analysis_port, uvm_scoreboard, uvm_subscriber

from models.baselines.sibia import SibiaParams, SibiaProgram, Skip, assemble_sibia
from models.baselines.sibia_cycles import SparseTile, predict_cycles, sparse_tiles
from models.errors import PanaceaError
from verif.agents.control import run_seed
from verif.baselines.sibia_item import INPUTS, SibiaItem, SibiaRun, SibiaStimulus

__all__ = ["SibiaScoreboard", "command_tiles", "needed_products"]


def command_tiles(program: SibiaProgram) -> list[SparseTile]:
    """The sparse operand's tile of every command."""
    tiles = sparse_tiles(program.stored, program.single, program.params)
    return [tiles[c.col0 // program.params.tile_n] for c in program.commands]


def needed_products(program: SibiaProgram) -> dict[str, int]:
    """Outer products that every PEA has to issue, by slice of the dense, of the sparse operand."""
    tiles = command_tiles(program)
    high, low = sum(t.stored for t in tiles), sum(t.k_len * t.groups for t in tiles)
    two = not program.single
    return {"hh": high * two, "hl": low * two, "lh": high, "ll": low}


class SibiaScoreboard(uvm_scoreboard):
    """Compares whole layers, padding included, with the product of their operands.

    Also compares the monitored inputs with what was to be played, the outer products with what the
    streams call for, and, if nothing paused, the cycles with the cycle model. Errors are gathered
    and raised in the check phase; comparing nothing is an error.
    """

    def build_phase(self) -> None:
        self.params: SibiaParams = self.cdb_get("params")
        self.analysis_export = uvm_subscriber.uvm_AnalysisImp("analysis_export", self, self.write)
        self.checked = uvm_analysis_port("checked", self)
        self.errors: list[str] = []
        self.compared = 0
        self._expected: deque[SibiaStimulus] = deque()

    def expect(self, stimulus: SibiaStimulus) -> None:
        """Announce a stimulus."""
        self._expected.append(stimulus)

    def abandon(self) -> None:
        """After a reset: forget what is not finished."""
        self._expected.clear()

    def write(self, run: SibiaRun) -> None:
        """Take what the monitors saw of the next stimulus."""
        if not self._expected:
            self._error(f"{len(run.last)} commands done that no stimulus asked for")
            return
        stimulus = self._expected.popleft()
        for name in INPUTS:
            if not np.array_equal(run.inputs[name], stimulus.beats(name)):
                self._error(f"stream {name} carried other beats than the stimulus has")
        if len(run.last) != stimulus.commands:
            self._error(f"{len(run.last)} commands done, {stimulus.commands} expected")
        self._check_results(stimulus, run)
        self._check_counters(stimulus, run)
        self.checked.write((stimulus, run))

    def report_phase(self) -> None:
        self.logger.info(f"{self.compared} results compared")

    def check_phase(self) -> None:
        for stimulus in self._expected:
            self._error(f"{stimulus.commands} commands expected that never ended")
        if self.compared == 0:
            self._error("nothing was compared")
        if self.errors:
            count = len(self.errors)
            raise AssertionError(f"{count} scoreboard errors, the first: {self.errors[0]}")

    def _error(self, text: str) -> None:
        self.errors.append(text)
        self.logger.error(text)

    def _check_results(self, stimulus: SibiaStimulus, run: SibiaRun) -> None:
        start = 0
        for item in stimulus.items:
            count = sum(c.groups for c in item.program.commands) * self.params.num_pea
            self._check_layer(item, run.results[start : start + count])
            start += count
        if start != len(run.results):
            self._error(f"{len(run.results)} result beats, {start} expected")

    def _check_layer(self, item: SibiaItem, beats: np.ndarray) -> None:
        try:
            y = assemble_sibia(item.program, beats)
        except PanaceaError as error:
            self._error(f"layer {item.name}: {error}")
            return
        expected = np.zeros(y.shape, np.int64)
        expected[: item.expected.shape[0], : item.expected.shape[1]] = item.expected
        self.compared += y.size
        wrong = np.argwhere(y != expected)
        if len(wrong):
            m, n = wrong[0].tolist()
            self._error(
                f"layer {item.name}, skips {Skip(item.program.skip).name}: {len(wrong)} of "
                f"{y.size} elements wrong results, the first y[{m}, {n}] = {y[m, n]}, expected "
                f"{expected[m, n]} (seed {run_seed()})"
            )

    def _check_counters(self, stimulus: SibiaStimulus, run: SibiaRun) -> None:
        needed = [needed_products(item.program) for item in stimulus.items]
        for kind in needed[0]:
            want, have = sum(one[kind] for one in needed), run.counters[kind]
            if have != want:
                self._error(f"{have} {kind} outer products issued, {want} needed")
        if stimulus.stalls.free and run.last:
            tiles = [tile for item in stimulus.items for tile in command_tiles(item.program)]
            cycles = run.last[-1] - run.accepted[0] + 1
            got = (cycles, run.counters["straddle"])
            want = predict_cycles(tiles, self.params)
            if got != want:
                self._error(
                    f"layers from {stimulus.items[0].name}: cycles, straddling ones are {got}, the "
                    f"cycle model says {want}"
                )
