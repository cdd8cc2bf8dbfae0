"""WMEM and AMEM as the functional chip sees them: queues of blocks that can be played again."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from models.errors import PanaceaError

__all__ = ["Block", "BlockQueue"]

Decoded = TypeVar("Decoded")


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """A block.

    Attributes:
        pieces: its chunks or segments.
        beats: what it takes, of a bank if there are several.
    """

    pieces: Sequence[Any]
    beats: int
    _decoded: dict[tuple[int, ...], Any] = field(default_factory=dict)

    def decode(self, first: int, count: int, how: Callable[..., Decoded], *sizes: int) -> Decoded:
        """`how(pieces, *sizes)` of `count` pieces, done once however often they are played."""
        key = first, count, *sizes
        if key not in self._decoded:
            self._decoded[key] = how(self.pieces[first : first + count], *sizes)
        return self._decoded[key]


class BlockQueue:
    """Blocks in the order of their loads; the front one plays.

    Args:
        operand: "w" or "x", as the descriptor's fields begin.
        room: most beats of a block that stays for another play.
    """

    def __init__(self, operand: str, room: int) -> None:
        self._operand, self._room = operand, room
        self._blocks: deque[Block] = deque()
        self._at: int | None = None  # next piece of the play under way
        self._keep = False

    def load(self, block: Block) -> None:
        """Put a block behind the others."""
        self._blocks.append(block)

    def play(self, keep: bool) -> None:
        """Start to play the front block.

        Raises:
            PanaceaError: there is none, the one before is not played to its end, or it cannot
                stay.
        """
        self.finished(f"{self._operand}_play")
        if not self._blocks:
            raise PanaceaError(f"{self._operand}_play: there is no block to play")
        if keep and self._blocks[0].beats > self._room:
            raise PanaceaError(
                f"{self._operand}_keep: the block has {self._blocks[0].beats} beats, "
                f"{self._room} can stay"
            )
        self._at, self._keep = 0, keep

    def take(self, count: int) -> tuple[Block, int]:
        """The block under play and the first of the next `count` pieces of it.

        Raises:
            PanaceaError: no block plays, or it has less.
        """
        if self._at is None:
            raise PanaceaError(f"{self._operand}_play = 0, but no block plays")
        block, first = self._blocks[0], self._at
        self._at += count
        if self._at > len(block.pieces):
            raise PanaceaError(
                f"k_len: the command needs {count} pieces of its {self._operand} block, "
                f"which has {len(block.pieces) - first} left of {len(block.pieces)}"
            )
        if self._at == len(block.pieces):
            self._at = None
            if not self._keep:
                self._blocks.popleft()
        return block, first

    def finished(self, field_name: str) -> None:
        """Refuse a play that is not at its end.

        Raises:
            PanaceaError: naming `field_name`.
        """
        if self._at is not None:
            left = len(self._blocks[0].pieces) - self._at
            raise PanaceaError(
                f"{field_name}: {left} pieces of the {self._operand} block before are not used"
            )

    def empty(self) -> None:
        """Refuse blocks at the program's end.

        Raises:
            PanaceaError: one is left.
        """
        self.finished("last descriptor")
        if self._blocks:
            raise PanaceaError(
                f"{self._operand}_keep: {len(self._blocks)} blocks stay at the program's end"
            )
