"""Runs given layers, for `verif.simulate`."""

from pathlib import Path

import pyuvm

from models.tiling import dtp_auto
from verif.agents.items import StallConfig
from verif.layer_files import LayerResult, load_cases, save_results
from verif.sequences.layer_item import Stimulus, make_layer
from verif.tests_core.base import CoreTest

__all__ = ["PROGRESS_FILE", "RESULT_FILE", "Layers"]

RESULT_FILE = "results.npz"
PROGRESS_FILE = "progress.txt"


@pyuvm.test()
class Layers(CoreTest):
    """Every layer of a file is one stimulus; outcomes go to `results.npz` of the run's folder.

    HO lists of weights have the form with fewer words. Options: `cases`: the file; `dtp`: 0, 1 or
    "auto"; `stall`: probability of a pause.
    """

    async def stimulate(self) -> None:
        options = self.cfg.options
        results = []
        with Path(PROGRESS_FILE).open("w", encoding="utf-8") as progress:
            for case in load_cases(Path(options["cases"])):
                dtp = options["dtp"]
                if dtp == "auto":
                    dtp = dtp_auto(case.w, case.config, self.params, dense=None)
                layer = make_layer(
                    case.name, case.w, case.x, case.bias, case.config, self.params,
                    dtp=bool(dtp), dense=None,
                )  # fmt: skip
                seed = int(self.rng.integers(0, 2**32))
                stalls = StallConfig.uniform(options["stall"], seed=seed)
                await self.play(Stimulus(layers=(layer,), stalls=stalls))
                results += self._new_results(layer.name, len(results), bool(dtp))
                progress.write(f"{case.name}\n")
                progress.flush()
        save_results(Path(RESULT_FILE), results)

    def _new_results(self, name: str, done: int, dtp: bool) -> list[LayerResult]:
        """The outcome of the layer just played; none if its streams could not be decoded."""
        return [
            LayerResult(
                name=outcome.name,
                y=outcome.y,
                dtp=dtp,
                mismatches=outcome.mismatches,
                cycles=outcome.cycles,
                outer_products=outcome.outer_products,
                counters=outcome.counters,
            )
            for outcome in self.env.scoreboard.outcomes[done:]
            if outcome.name == name
        ]
