"""A block of a real network on the chip, its partial sums quantised by APSQ."""

from contextlib import suppress

import pyuvm

from models.apsq import GS_MAX
from models.networks.apsq import with_apsq
from models.networks.cases import DEFAULT
from models.networks.minilm import load_encoder
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork, NetworkRun
from models.networks.sentences import calibration_ids, held_out
from models.networks.steps import capture
from verif.sequences.program_item import make_item
from verif.tests_chip.base import ChipTest

__all__ = ["ApsqBlock"]

TEXTS = 12  # to draw from


@pyuvm.test()
class ApsqBlock(ChipTest):
    """MiniLM's first encoder layer on a drawn passage, once for every group size.

    All steps have K = tile_k: 6 in five of its layers, 24 in the second of the feed-forward part,
    whose inputs are the PPU's codes of the first one's quantised results. Option: `tokens` of the
    passage.
    """

    async def stimulate(self) -> None:
        encoder = load_encoder(1)
        samples = capture(encoder, calibration_ids())
        exact = ChipNetwork(network=encoder, quantised=quantise_network(encoder, samples, DEFAULT))
        texts = held_out(TEXTS, self.cfg.options["tokens"])
        ids = texts[int(self.rng.integers(TEXTS))]
        for gs in range(1, GS_MAX + 1):
            network = with_apsq(exact, samples, gs=gs, depth=self.params.core.tile_k)
            await self.follow(network.run(ids))

    async def follow(self, run: NetworkRun) -> None:
        """Answer the run's requests with what the chip writes, each checked."""
        results = None
        with suppress(StopIteration):
            while True:
                request = run.send(results)
                await self.run(make_item(request[0].name, request, self.params), dump=False)
                outcome = self.env.scoreboard.outcomes[-1]
                assert outcome.passed, self.env.scoreboard.errors[-1]
                results = outcome.results
