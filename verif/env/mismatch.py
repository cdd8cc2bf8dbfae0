"""Telling what is wrong with a result: a table of elements and the likely culprit."""

import numpy as np

from models.decoded import DecodedCommand
from verif.agents.items import CommandItem

__all__ = ["ROWS_SHOWN", "mismatch_table"]

ROWS_SHOWN = 16
HEADER = ("seed", "command", "tile", "PEA", "row", "column", "expected", "got", "hint")


def mismatch_table(
    item: CommandItem, decoded: DecodedCommand, got: np.ndarray, num_pea: int, seed: int
) -> tuple[int, str]:
    """Compare a command's results with what its streams mean.

    Args:
        item: the monitored command.
        decoded: its streams.
        got: int32 (result beats, 4, 4).
        num_pea: PEAs of the core.
        seed: of the test, for the table.

    Returns:
        differing elements, and the first of them as a text table with one line each. `row` and
        `column` count inside the command's output tile; the hint names the part of the sum whose
        absence or repetition explains the difference.
    """
    expected = decoded.blocks
    if got.shape != expected.shape:
        return max(1, abs(got.size - expected.size)), (
            f"seed {seed}, command {item.number}: {len(got)} result beats, expected {len(expected)}"
        )
    wrong = np.argwhere(got != expected)
    if not len(wrong):
        return 0, ""
    parts = decoded.contributions()
    sub_tiles = 2 if decoded.last.dtp else 1
    rows = [HEADER]
    for beat, i, c in wrong[:ROWS_SHOWN].tolist():
        group, rest = divmod(beat, sub_tiles * num_pea)
        tile, pea = divmod(rest, num_pea)
        row, column = 4 * rest + i, 4 * group + c
        want, have = int(expected[beat, i, c]), int(got[beat, i, c])
        hint = _hint(have - want, {kind: int(part[row, column]) for kind, part in parts.items()})
        place = (seed, item.number, tile, pea, row, column)
        rows.append((*map(str, place), str(want), str(have), hint))
    return len(wrong), "\n".join(_lines(rows))


def _lines(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns right-aligned, but for the hint at the end of the line."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER) - 1)]
    return [
        "  ".join([*(cell.rjust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in rows
    ]


def _hint(difference: int, parts: dict[str, int]) -> str:
    """Which part of the sum, left out or counted twice, explains a difference modulo 2^32."""
    found = []
    for kind, value in parts.items():
        if value & 0xFFFFFFFF:
            found += [f"{kind} missing"] if (difference + value) & 0xFFFFFFFF == 0 else []
            found += [f"{kind} twice"] if (difference - value) & 0xFFFFFFFF == 0 else []
    if found:
        return " or ".join(found)
    return "parts " + " ".join(f"{kind}={value}" for kind, value in parts.items())
