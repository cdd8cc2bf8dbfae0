"""Illegal input: the core must report it, and be as new after a reset."""

from dataclasses import replace

import numpy as np
import pyuvm

from models.apsq import EXPONENT_MAX
from models.params import COMMAND_BEAT_BYTES, LayerConfig
from models.program import CommandStreams
from verif.agents.items import StallConfig
from verif.sequences.layer_item import LayerItem, Stimulus, make_layer
from verif.sequences.play import hand_out
from verif.tests_core.base import CoreTest

__all__ = ["Illegal"]

BAD_COMMAND, BAD_ACTIVATIONS, BAD_WEIGHTS = 4, 2, 1  # bits of core_err_t
MORE, ACT_UP, STEP, LAST_STEP = 1 << 31, 1 << 33, 1 << 34, 1 << 37
K = 8
PATIENCE = 2000  # cycles


@pyuvm.test()
class Illegal(CoreTest):
    """Every kind of illegal command, and compressed lists that run past their K-tile."""

    async def stimulate(self) -> None:
        for commands in self._illegal_commands():
            beats = [list(command.to_bytes(COMMAND_BEAT_BYTES, "big")) for command in commands]
            empty = np.empty((0, 1), np.uint8)
            streams = CommandStreams(
                cmd=np.array(beats, np.uint8),
                weights=(empty,) * self.params.num_pea,
                activations=empty,
                bias=empty,
            )
            await self._expect(streams, BAD_COMMAND)
        good = self._layer()
        streams = good.program.joined()
        activations = streams.activations.copy()
        activations[1, 29] |= 0x0F  # the first entry's index, after one low-order beat
        await self._expect(replace(streams, activations=activations), BAD_ACTIVATIONS)
        for pea in range(self.params.num_pea):
            weights = [beats.copy() for beats in streams.weights]
            weights[pea][2, 5] |= 0x0F  # the same after two low-order beats
            await self._expect(replace(streams, weights=tuple(weights)), BAD_WEIGHTS)
        await self.play(Stimulus(layers=(good,)))

    def _illegal_commands(self) -> list[list[int]]:
        """Commands of which the last one is illegal."""

        def word(k_len: int = 1, groups: int = 1, dbs: int = 1, dtp: bool = False) -> int:
            return k_len << 15 | groups << 7 | dbs << 5 | dtp

        return [
            [word(k_len=0)],
            [word(groups=0)],
            [word(groups=self.params.groups + 1)],
            [word(dbs=0)],
            [word(dbs=2) | ACT_UP],
            [word() | MORE, word(groups=2)],
            [word() | MORE, word(dtp=True) | MORE],
            *([word() | (EXPONENT_MAX + 1 + more) << 38 | STEP] for more in (0, 6)),
            *([word() | bit] for bit in (1 << 35, 1 << 36, LAST_STEP, 1 << 38, 1 << 42)),
            [word() | MORE, word() | STEP],
            [word() | MORE | STEP, word() | STEP | 1 << 35],
            [word() | MORE | STEP, word() | STEP | 1 << 36],
            [word() | MORE | STEP | LAST_STEP, word()],
            [word() | STEP, word()],
            [word() | STEP, word(dtp=True) | STEP],
        ]

    def _layer(self) -> LayerItem:
        """A small layer whose high-order vectors are all stored."""
        w = np.full((self.params.rows, K), 63)
        x = np.full((K, 4), 255)
        bias = np.zeros(self.params.rows, np.int64)
        return make_layer("good", w, x, bias, LayerConfig(zp=0), self.params, dtp=False)

    async def _expect(self, streams: CommandStreams, error: int) -> None:
        """Play illegal streams until the core reports them, then reset."""
        await hand_out(self.env, streams, StallConfig())
        waited = 0
        while not self.env.control.error and waited < PATIENCE:
            await self.env.control.cycles(10)
            waited += 10
        seen = self.env.control.error
        assert seen == error, f"err_o is {seen:03b}, expected {error:03b}"
        await self.restart()
        assert self.env.control.error == 0, "reset did not clear err_o"
