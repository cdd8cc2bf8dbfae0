"""Sizes of the dense 8 bit x 8 bit baselines: SIMD, SA-OS and SA-WS."""

from dataclasses import dataclass
from enum import IntEnum

from models.errors import PanaceaError, check_range

__all__ = [
    "ACT_WORDS",
    "COLUMNS_MAX",
    "PSUM_WORDS",
    "ROW_TILES_MAX",
    "STEPS_MAX",
    "TILES_MAX",
    "WEIGHT_WORDS",
    "WORD_K",
    "Dataflow",
    "DenseParams",
]

WEIGHT_WORDS, ACT_WORDS, PSUM_WORDS = 512, 768, 256
"""Words in each half of the three memories (rtl/baselines/dense_pkg.sv)."""
WORD_K = 4  # positions of K in a word of weights
ROW_TILES_MAX, TILES_MAX, STEPS_MAX, COLUMNS_MAX = 8, 127, 1023, 255
"""What the fields of a block hold; row tiles also by the bias memory."""


class Dataflow(IntEnum):
    """What moves through the array, numbered as in the RTL."""

    SIMD = 0
    SA_OS = 1
    SA_WS = 2


@dataclass(frozen=True, kw_only=True)
class DenseParams:
    """One dense core.

    The default has 768 multipliers of 8 bit x 8 bit (as many as 3072 of 4 bit x 4 bit, section IV
    of the paper), 192 KB and 256 bit a cycle.

    Attributes:
        dataflow: which array.
        rows: output rows of the array, R.
        word_bytes: bytes of a word of the external stream and of the activation memory, B.
    """

    dataflow: Dataflow
    rows: int = 24
    word_bytes: int = 32

    def __post_init__(self) -> None:
        check_range("word_bytes", self.word_bytes, 16, 32)
        check_range("rows", self.rows, 2, 24)
        if self.word_bytes & (self.word_bytes - 1):
            raise PanaceaError(f"word_bytes = {self.word_bytes} is not a power of two")
        if WORD_K * self.rows != 3 * self.word_bytes:
            raise PanaceaError(f"rows = {self.rows}: {WORD_K} bytes each are not 3 words")

    @property
    def parts(self) -> int:
        """Stream words in a word of weights, and in one of partial sums."""
        return WORD_K * self.rows // self.word_bytes

    @property
    def multipliers(self) -> int:
        """8 bit x 8 bit multipliers: R x B whatever the dataflow."""
        return self.rows * self.word_bytes

    @property
    def tile_columns(self) -> int:
        """Output columns of a tile: B / 4 (SIMD), B (SA-OS), 1 (SA-WS)."""
        return {Dataflow.SIMD: self.word_bytes // WORD_K, Dataflow.SA_OS: self.word_bytes}.get(
            self.dataflow, 1
        )

    @property
    def depth(self) -> int:
        """Positions of K that one step takes: 4 (SIMD), 1 (SA-OS), B (SA-WS)."""
        return {Dataflow.SIMD: WORD_K, Dataflow.SA_OS: 1}.get(self.dataflow, self.word_bytes)

    @property
    def min_steps(self) -> int:
        """Cycles that a tile takes at least."""
        return self.word_bytes // (WORD_K if self.dataflow == Dataflow.SIMD else 1)

    @property
    def latency(self) -> int:
        """Cycles from the read of a tile's last operands to its last partial sums."""
        inside = 3 if self.dataflow == Dataflow.SIMD else self.rows
        return inside + self.word_bytes // (WORD_K if self.dataflow == Dataflow.SIMD else 1)

    @property
    def memory_bytes(self) -> int:
        """All three memories, both halves."""
        words = (WEIGHT_WORDS + PSUM_WORDS) * self.parts + ACT_WORDS
        return 2 * words * self.word_bytes
