"""What stays on the chip: a block that is played several times in a row is loaded once, if it fits.

With `models.chip.loops` this makes activations resident over M tiles, weights over N tiles, or
streams both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from models.chip.activation_blocks import ActivationBlocks
from models.chip.loops import ActivationBlock, Pass, WeightBlock
from models.chip.params import ChipParams
from models.chip.weight_blocks import WeightBlocks

__all__ = ["Catalogue", "Use"]

Block = WeightBlock | ActivationBlock


class Use(NamedTuple):
    """What a pass does with the block it starts to play: load it, keep it for the next play."""

    load: bool
    keep: bool


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All blocks of a program.

    Attributes:
        weights: of every layer.
        activations: of every matrix of activations.
        params: sizes of the chip.
    """

    weights: Sequence[WeightBlocks]
    activations: Sequence[ActivationBlocks]
    params: ChipParams

    def beats(self, block: Block) -> int:
        """Beats of a block; the most it may have if the chip writes it."""
        if isinstance(block, WeightBlock):
            return self.weights[block.layer].place(block.tile, block.parts)[1]
        matrix = self.activations[block.matrix]
        return int(matrix.beats[block.column_tile, list(block.parts)].sum())

    def fits(self, block: Block) -> bool:
        """Whether a block can stay for another play."""
        if isinstance(block, WeightBlock):
            bank = self.weights[block.layer].bank_beats[block.tile, list(block.parts)].sum()
            return bool(bank <= self.params.kept_weight_beats)
        return self.beats(block) <= self.params.amem_beats

    def uses(self, plays: Sequence[Block | None]) -> list[Use | None]:
        """What each pass does with the block it plays."""
        out: list[Use | None] = [None] * len(plays)
        played = [number for number, block in enumerate(plays) if block is not None]
        for block, run in groupby(played, key=lambda number: plays[number]):
            numbers, stays = list(run), self.fits(block)
            for number in numbers:
                out[number] = Use(
                    load=not stays or number == numbers[0],
                    keep=stays and number != numbers[-1],
                )
        return out

    def loaded_beats(self, passes: Iterable[Pass]) -> int:
        """Beats of all blocks that `passes` load."""
        passes = list(passes)
        total = 0
        for plays in ([p.w_block for p in passes], [p.x_block for p in passes]):
            for block, use in zip(plays, self.uses(plays), strict=True):
                if use and use.load:
                    total += self.beats(block)
        return total
