"""Collects functional coverage of a dense core from what the monitors saw."""

import numpy as np
from pyuvm import uvm_subscriber

from models.baselines.dense_params import Dataflow, DenseParams
from verif.agents.control import TestbenchControl
from verif.baselines.dense_cover_points import FEW, LOADS, STEPS, STREAMS, group_of
from verif.baselines.dense_items import DenseCommand, DenseOutput
from verif.coverage.groups import make_sampler, write_coverage

__all__ = ["DenseCoverage"]


class DenseCoverage(uvm_subscriber):
    """Samples outputs and resets; writes `functional_coverage.xml` into the run's folder."""

    def build_phase(self) -> None:
        self.params: DenseParams = self.cdb_get("params")
        self.control: TestbenchControl = self.cdb_get("control")
        self._sample = make_sampler(group_of(self.params.dataflow))
        self._last_result = -1

    async def run_phase(self) -> None:
        async for in_flight in self.control.resets():
            self._sample({"reset": {"in flight" if in_flight else "idle"}})
            self._last_result = -1

    def write(self, tt: DenseOutput) -> None:
        """Sample outputs."""
        view: dict[str, set] = {}
        for command in tt.commands:
            for name, value in self._block(command).items():
                view.setdefault(name, set()).add(value)
        if self.params.dataflow == Dataflow.SA_WS:
            view["apsq"] = {tt.commands[0].apsq}
            steps = sum(command.tiles for command in tt.commands)
            view["gs"] = {tt.commands[0].gs} if tt.commands[0].apsq else set()
            view["apsq_steps"] = {_few(steps)} if tt.commands[0].apsq else set()
        view["blocks_of_k"] = {_few(len(tt.commands))}
        view["psum"] = _magnitudes(np.ascontiguousarray(tt.results[:, ::-1]).view(np.int32))
        view["stalled"] = {name for name in STREAMS if tt.counters[name]}
        view["flowing"] = set(STREAMS) - view["stalled"]
        view["overlapped"] = {tt.accepted < self._last_result}
        self._last_result = tt.last
        self._sample(view)

    def final_phase(self) -> None:
        write_coverage()

    def _block(self, one: DenseCommand) -> dict[str, object]:
        """What a block shows."""
        most = self.params.min_steps
        order = 0 if one.steps == 1 else 1 + (one.steps >= most) + (one.steps > most)
        view: dict[str, object] = {
            "row_tiles": one.row_tiles,
            "tiles": _few(one.tiles),
            "steps": STEPS[order],
            "loads": LOADS[2 if one.w_words and one.x_words else one.x_words > 0],
            "columns": {1: "one", 255: "255"}.get(one.cols, "some"),
        }
        if self.params.dataflow != Dataflow.SA_WS:
            view["column_tail"] = one.cols % self.params.tile_columns > 0
        return view


def _few(count: int) -> str:
    return FEW[min(count, 3) - 1]


def _magnitudes(y: np.ndarray) -> set[str]:
    """Sign and magnitude bins of results."""
    seen = {"0"} if not y.all() else set()
    for sign, values in (("-", -(y[y < 0].astype(np.int64))), ("+", y[y > 0])):
        sizes = np.unique(np.digitize(values, (2**8, 2**16, 2**24)))
        seen |= {f"{sign} {(8, 16, 24, 31)[size]}" for size in sizes.tolist()}
    return seen
