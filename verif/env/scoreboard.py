"""Checks every command and every layer of the AQS-GEMM core."""

from collections import deque

import numpy as np
from pyuvm import uvm_analysis_port, uvm_scoreboard, uvm_subscriber

from models.decoded import DecodedCommand
from models.errors import PanaceaError
from models.params import CoreParams
from models.stream_decode import decode_program, decode_results
from models.tiling import assemble_result
from verif.agents.control import run_seed
from verif.agents.items import CommandItem
from verif.env.cycle_check import cycle_errors
from verif.env.mismatch import mismatch_table
from verif.env.outcome import (
    PRODUCTS,
    CheckedCommand,
    LayerOutcome,
    expected_products,
    sum_products,
)
from verif.sequences.layer_item import LayerItem, Stimulus

__all__ = ["CoreScoreboard"]


class CoreScoreboard(uvm_scoreboard):
    """Compares results with the model fed by the monitors, then whole layers with plain integers.

    A stimulus is checked when its last command is done: one decoding for all commands is several
    times cheaper. Errors are gathered, so that one run shows them all, and raised in the check
    phase; comparing nothing is an error.
    """

    def build_phase(self) -> None:
        self.params: CoreParams = self.cdb_get("params")
        self.analysis_export = uvm_subscriber.uvm_AnalysisImp("analysis_export", self, self.write)
        self.checked = uvm_analysis_port("checked", self)
        self.outcomes: list[LayerOutcome] = []
        self.errors: list[str] = []
        self.compared = 0
        self._expected: deque[Stimulus] = deque()
        self._items: list[CommandItem] = []

    def expect(self, stimulus: Stimulus) -> None:
        """Announce a stimulus: its layers are checked as a whole when its commands are done."""
        self._expected.append(stimulus)

    def abandon(self) -> None:
        """After a reset: forget stimuli and commands that are not finished."""
        self._expected.clear()
        self._items.clear()

    def write(self, item: CommandItem) -> None:
        """Take a monitored command."""
        self._items.append(item)
        if self._expected and len(self._items) == self._expected[0].commands:
            items, self._items = self._items, []
            self._check(self._expected.popleft(), items)

    def report_phase(self) -> None:
        self.logger.info(f"{self.compared} results compared, {len(self.outcomes)} layers")

    def check_phase(self) -> None:
        if self._items:
            self._error(f"{len(self._items)} commands done that no stimulus asked for")
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

    def _check(self, stimulus: Stimulus, items: list[CommandItem]) -> None:
        """Check one stimulus."""
        try:
            decoded = self._decode(items)
        except PanaceaError as error:
            self._error(f"illegal stream: {error}")
            return
        mismatches = [self._compare(item, part) for item, part in zip(items, decoded, strict=True)]
        self._check_products(items, decoded)
        if stimulus.stalls.free:
            for text in cycle_errors(items, decoded, self.params):
                self._error(text)
        start = 0
        for layer in stimulus.layers:
            end = start + layer.program.outputs
            self._check_layer(layer, items[start:end], sum(mismatches[start:end]))
            start = end

    def _decode(self, items: list[CommandItem]) -> list[DecodedCommand]:
        weights = [np.concatenate(pea) for pea in zip(*(i.weights for i in items), strict=True)]
        return decode_program(
            np.concatenate([i.command for i in items]),
            weights,
            np.concatenate([i.activations for i in items]),
            np.concatenate([i.bias for i in items]),
            self.params,
        )

    def _compare(self, item: CommandItem, decoded: DecodedCommand) -> int:
        """Compare a command's results with the meaning of its streams; returns mismatches."""
        got = decode_results(item.results)
        count, table = mismatch_table(item, decoded, got, self.params.num_pea, run_seed())
        self.compared += got.size
        if count:
            self._error(f"command {item.number}: {count} wrong results\n{table}")
        self.checked.write(CheckedCommand(item=item, decoded=decoded, blocks=got))
        return count

    def _check_products(self, items: list[CommandItem], decoded: list[DecodedCommand]) -> None:
        """The core must issue exactly the outer products that the streams call for."""
        issued = [sum_products(item.counters) for item in items]
        passes = [one for part in decoded for one in part.passes]
        needed = [expected_products(one, self.params.tile_k) for one in passes]
        for kind in PRODUCTS:
            have, want = (sum(counts[kind] for counts in lst) for lst in (issued, needed))
            if have != want:
                self._error(
                    f"commands {items[0].number} to {items[-1].number}: {have} {kind} outer "
                    f"products issued, {want} needed"
                )

    def _check_layer(self, layer: LayerItem, items: list[CommandItem], mismatches: int) -> None:
        """Compare a layer's result with the plain formula on its operands."""
        y = np.zeros((layer.program.m, layer.program.n), np.int32)
        try:
            y = assemble_result(layer.program, np.concatenate([i.results for i in items]))
        except PanaceaError as error:
            self._error(f"layer {layer.name}: {error}")
        wrong = np.argwhere(y != layer.expected)
        if len(wrong):
            m, n = wrong[0].tolist()
            self._error(
                f"layer {layer.name}: {len(wrong)} of {y.size} elements wrong, the first "
                f"y[{m}, {n}] = {y[m, n]}, expected {layer.expected[m, n]} "
                f"(seed {run_seed()})"
            )
        counters = {name: sum(i.counters[name] for i in items) for name in items[0].counters}
        self.outcomes.append(
            LayerOutcome(
                name=layer.name,
                y=y,
                mismatches=max(mismatches, len(wrong)),
                cycles=items[-1].last - items[0].accepted + 1,
                outer_products=sum_products(counters),
                counters=counters,
            )
        )
