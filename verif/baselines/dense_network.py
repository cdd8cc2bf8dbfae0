"""Real layers on a dense core."""

import pyuvm

from models.networks.cases import load_cases
from models.slicing import effective_activation
from verif.baselines.dense_base import DenseTest
from verif.baselines.dense_items import DenseStimulus, dense_layer

__all__ = ["Network"]


@pyuvm.test()
class Network(DenseTest):
    """Real layers of MiniLM, one after the other without a gap.

    Options: `layers` (q, fc2): which of the first encoder layer's; `tokens` (16).
    """

    async def stimulate(self) -> None:
        options = self.cfg.options
        kinds = options.get("layers", ("q", "fc2"))
        layers = tuple(
            dense_layer(
                case.name, (case.w, effective_activation(case.x, case.config), case.bias),
                self.params,
            )
            for case in load_cases(1, options.get("tokens", 16))
            if case.kind in kinds
        )  # fmt: skip
        assert len(layers) == len(kinds), f"MiniLM has not all of {kinds}"
        await self.play(DenseStimulus(layers=layers))
