"""Runs a real network through the chip, a program for every request."""

from pathlib import Path

import numpy as np
import pyuvm
from pyuvm import uvm_subscriber

from models.networks.requests import Request, Results, model_results
from verif.agents.chip_items import BusConfig
from verif.env.chip_outcome import CheckedRun
from verif.network_record import layer_records, write_records
from verif.network_tasks import TaskOptions, block_of, crop, make_tasks
from verif.sequences.program_item import make_item
from verif.tests_chip.base import ChipTest

__all__ = ["RECORDS_FILE", "RESULT_FILE", "NetworkOnChip"]

RECORDS_FILE = "layers.jsonl"
RESULT_FILE = "result.npy"


class _Recorder(uvm_subscriber):
    """Keeps the last checked run."""

    last: CheckedRun

    def write(self, item: CheckedRun) -> None:
        self.last = item


@pyuvm.test()
class NetworkOnChip(ChipTest):
    """Host work happens here, between the programs; layers leave records, the task its result.

    Options: `task` (fields of TaskOptions), `number` of the text, `stall`: probability of a pause
    on the memory's channels, `corner`: rows and columns of each layer that really run, the network
    then goes on with the model's results; None: all.
    """

    def build_phase(self) -> None:
        super().build_phase()
        self.recorder = _Recorder.create("recorder", self)

    def connect_phase(self) -> None:
        self.env.scoreboard.checked.connect(self.recorder.analysis_export)

    async def stimulate(self) -> None:
        options = self.cfg.options
        task = make_tasks(TaskOptions(**options["task"]))[options["number"]]
        corner = options["corner"]
        run = task.network.run(task.ids)
        results = None
        while True:
            try:
                request = run.send(results)
            except StopIteration as end:
                np.save(RESULT_FILE, end.value)
                return
            here = block_of(request) in task.blocks
            if here and not corner:
                results = await self._answer(request)
                continue
            if here:
                await self._answer(crop(request, *corner))
            results = model_results(request)

    async def _answer(self, request: Request) -> Results:
        """Run one request's program; its results as the chip wrote them."""
        seed = int(self.rng.integers(0, 2**32))
        bus = BusConfig.uniform(self.cfg.options["stall"], seed=seed)
        item = make_item(request[0].name, request, self.params, bus=bus)
        await self.run(item, dump=False)
        outcome = self.env.scoreboard.outcomes[-1]
        assert outcome.passed, self.env.scoreboard.errors[-1]
        records = layer_records(self.recorder.last, outcome.cycles, outcome.results)
        write_records(Path(RECORDS_FILE), records)
        return outcome.results
