"""Sizes of the chip: the core and its three memories."""

from dataclasses import dataclass, field

from models.errors import PanaceaError, check_range
from models.params import CoreParams

__all__ = ["BEAT_BYTES", "LOADER_BEATS", "PEA_MAX", "ChipParams"]

BEAT_BYTES = 32  # 256 bits: one beat of the bus to external memory, and of AMEM and OMEM
LOADER_BEATS = 32  # the weight loader asks for so many beats at a time
PEA_MAX = 31  # the descriptor's `rows`, 8 PEAs under DTP, has 8 bits


@dataclass(frozen=True, kw_only=True)
class ChipParams:
    """Sizes of one chip; 192 KB of memory as in the paper, its split is our choice.

    Attributes:
        core: the AQS-GEMM core; at most 31 PEAs.
        wmem_beats: beats of 32 bytes in the WMEM bank of each PEA.
        amem_beats: beats in AMEM.
        omem_beats: beats in OMEM.

    Raises:
        PanaceaError: a memory that is not a power of two, or has no room for what the weight
            loader asks for at a time and as much again.
    """

    core: CoreParams = field(default_factory=CoreParams)
    wmem_beats: int = 256
    amem_beats: int = 1024
    omem_beats: int = 1024

    def __post_init__(self) -> None:
        check_range("core.num_pea", self.core.num_pea, 1, PEA_MAX)
        for name in ("wmem_beats", "amem_beats", "omem_beats"):
            value = getattr(self, name)
            check_range(name, value, 2 * LOADER_BEATS, 2**20)
            if value & (value - 1):
                raise PanaceaError(f"{name} = {value} is not a power of two")

    @property
    def wmem_bytes(self) -> int:
        """WMEM, all banks."""
        return self.wmem_beats * self.core.num_pea * BEAT_BYTES

    @property
    def amem_bytes(self) -> int:
        """AMEM."""
        return self.amem_beats * BEAT_BYTES

    @property
    def omem_bytes(self) -> int:
        """OMEM."""
        return self.omem_beats * BEAT_BYTES

    @property
    def kept_weight_beats(self) -> int:
        """Most beats of a PEA in a weight block that is kept for another play.

        The loader asks for more only when every bank has room for all that is under way.
        """
        return self.wmem_beats - LOADER_BEATS

    @property
    def header_beats(self) -> int:
        """Header beats of a weight chunk, a 16-bit entry for each PEA."""
        return -(-2 * self.core.num_pea // BEAT_BYTES)
