"""Blocks of one PEA's weights as WMEM holds and plays them."""

from dataclasses import dataclass

import numpy as np

from verif.unit.harness import pack

__all__ = ["WORDS", "WORD_W", "PlayedBlock"]

WORDS, WORD_W = 4, 64
"""Words of the weight stream in a memory word, and their width."""


@dataclass(frozen=True, kw_only=True)
class PlayedBlock:
    """A block of one PEA, and how it is played.

    Attributes:
        tiles: words of each K-tile.
        commands: K-tiles of each command; together those of the block.
        plays: how often the block is played.
    """

    tiles: list[list[int]]
    commands: list[int]
    plays: int

    def entries(self, rng: np.random.Generator) -> list[tuple[int, bool]]:
        """(memory word, last) of the block; a K-tile's last memory word is filled up at random."""
        words = []
        for tile in self.tiles:
            rest = [int.from_bytes(rng.bytes(8), "little") for _ in range(-len(tile) % WORDS)]
            full = [*tile, *rest]
            words += [pack(full[at : at + WORDS], WORD_W) for at in range(0, len(full), WORDS)]
        return [(word, at == len(words) - 1) for at, word in enumerate(words)]

    def expected(self) -> list[tuple[int, bool, bool, bool]]:
        """(word, ends a K-tile, a command, a memory word) of one play."""
        ends = set(np.cumsum(self.commands).tolist())
        return [
            (
                word,
                at == len(tile) - 1,
                at == len(tile) - 1 and number + 1 in ends,
                at == len(tile) - 1 or at % WORDS == WORDS - 1,
            )
            for number, tile in enumerate(self.tiles)
            for at, word in enumerate(tile)
        ]
