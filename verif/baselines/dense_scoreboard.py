"""Checks every layer that a dense core has run."""

from collections import deque

import numpy as np
from pyuvm import uvm_scoreboard, uvm_subscriber

from models.baselines.dense_cycles import count_blocks
from models.baselines.dense_params import DenseParams
from models.baselines.dense_streams import assemble
from models.errors import PanaceaError
from verif.agents.control import run_seed
from verif.baselines.dense_items import EVENTS, DenseLayer, DenseOutput, DenseStimulus

__all__ = ["DenseScoreboard"]


class DenseScoreboard(uvm_scoreboard):
    """Compares whole layers with plain integers, counts and cycles with the cycle model.

    Counts are those of every stimulus, cycles those of a stimulus without pauses. Errors are
    gathered and raised in the check phase; comparing nothing is an error.
    """

    def build_phase(self) -> None:
        self.params: DenseParams = self.cdb_get("params")
        self.analysis_export = uvm_subscriber.uvm_AnalysisImp("analysis_export", self, self.write)
        self.errors: list[str] = []
        self.compared = self.timed = 0
        self._expected: deque[DenseStimulus] = deque()
        self._items: list[DenseOutput] = []

    def expect(self, stimulus: DenseStimulus) -> None:
        """Announce a stimulus."""
        self._expected.append(stimulus)

    def abandon(self) -> None:
        """After a reset: forget what is not finished."""
        self._expected.clear()
        self._items.clear()

    def write(self, item: DenseOutput) -> None:
        """Take monitored outputs."""
        self._items.append(item)
        if self._expected:
            count = sum(layer.outputs for layer in self._expected[0].layers)
            if len(self._items) == count:
                items, self._items = self._items, []
                self._check(self._expected.popleft(), items)

    def report_phase(self) -> None:
        self.logger.info(f"{self.compared} results compared, {self.timed} stimuli timed")

    def check_phase(self) -> None:
        if self._items:
            self._error(f"{len(self._items)} outputs that no stimulus asked for")
        for stimulus in self._expected:
            self._error(f"{len(stimulus.layers)} layers expected that never ended")
        if self.compared == 0:
            self._error("nothing was compared")
        if self.errors:
            raise AssertionError(
                f"{len(self.errors)} scoreboard errors, the first: {self.errors[0]}"
            )

    def _error(self, text: str) -> None:
        self.errors.append(text)
        self.logger.error(text)

    def _check(self, stimulus: DenseStimulus, items: list[DenseOutput]) -> None:
        start = 0
        for layer in stimulus.layers:
            end = start + layer.outputs
            self._compare(layer, items[start:end])
            start = end
        count = count_blocks([b for layer in stimulus.layers for b in layer.blocks], self.params)
        expected = {name: getattr(count, name) for name in EVENTS}
        got = {name: sum(item.counters[name] for item in items) for name in EVENTS}
        if stimulus.free:
            expected["cycles"] = count.cycles
            got["cycles"] = items[-1].last - items[0].accepted + 1
            self.timed += 1
        for name, value in expected.items():
            if got[name] != value:
                self._error(
                    f"layers {stimulus.layers[0].name} to {stimulus.layers[-1].name}: {name} is "
                    f"{got[name]}, the cycle model says {value}"
                )

    def _compare(self, layer: DenseLayer, items: list[DenseOutput]) -> None:
        beats = np.concatenate([item.results for item in items])
        try:
            y = assemble(beats, layer.expected.shape, layer.blocks, self.params)
        except PanaceaError as error:
            self._error(f"layer {layer.name}: {error}")
            return
        self.compared += y.size
        wrong = np.argwhere(y != layer.expected)
        if len(wrong):
            m, n = wrong[0].tolist()
            self._error(
                f"layer {layer.name}: {len(wrong)} of {y.size} wrong results, the first y[{m}, {n}]"
                f" = {y[m, n]}, expected {layer.expected[m, n]} (seed {run_seed()})"
            )
