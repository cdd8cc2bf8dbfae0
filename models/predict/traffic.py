"""External memory traffic: every accelerator has 192 KB on the chip and 32 bytes a cycle.

As in our chip, either a tile's weights stay for all columns, or a tile's activations for all rows,
whichever moves less; partial sums never leave the chip [P]; results are written once. The rule is
the same for all accelerators [C], so that formats and compression make the difference.
"""

from dataclasses import dataclass
from math import ceil

__all__ = ["BUS_BYTES", "TILE_COLUMNS", "TILE_ROWS", "WMEM_BYTES", "Traffic", "layer_traffic"]

BUS_BYTES = 32
WMEM_BYTES, AMEM_BYTES = 128 * 1024, 32 * 1024
TILE_ROWS, TILE_COLUMNS = 64, 64


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Bytes of one layer.

    Attributes:
        weights, activations, results: moved between the chip and external memory.
        weight_reads, activation_reads: from WMEM and AMEM into the core.
    """

    weights: float
    activations: float
    results: float
    weight_reads: float
    activation_reads: float

    @property
    def external(self) -> float:
        """All bytes of external memory."""
        return self.weights + self.activations + self.results


def layer_traffic(
    *,
    rows: int,
    columns: int,
    weight_bytes: float,
    activation_bytes: float,
    result_bytes: float,
    tile_rows: int = TILE_ROWS,
) -> Traffic:
    """Traffic of a layer whose weights, activations and results have so many bytes in all.

    Args:
        rows: M.
        columns: N.
        weight_bytes, activation_bytes, result_bytes: in the accelerator's formats.
        tile_rows: rows of weights that the core holds at a time.
    """
    row_tiles, column_tiles = ceil(rows / tile_rows), ceil(columns / TILE_COLUMNS)
    weights_fit = weight_bytes / row_tiles <= WMEM_BYTES or column_tiles == 1
    activations_fit = activation_bytes / column_tiles <= AMEM_BYTES or row_tiles == 1
    all_activations_fit = activation_bytes <= AMEM_BYTES
    weight_plays = weight_bytes * column_tiles
    activation_plays = activation_bytes * row_tiles
    by_weights = (
        weight_bytes if weights_fit else weight_plays,
        activation_bytes if all_activations_fit else activation_plays,
    )
    by_activations = weight_plays, activation_bytes if activations_fit else activation_plays
    weights, activations = min(by_weights, by_activations, key=sum)
    return Traffic(
        weights=weights,
        activations=activations,
        results=result_bytes,
        weight_reads=weight_plays,
        activation_reads=activation_plays,
    )
