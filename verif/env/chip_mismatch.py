"""Telling what is wrong with a run's writes: a table of the first differing words."""

import numpy as np

from models.chip.executor import ExecutedCommand, Execution
from models.params import VECTOR
from verif.env.chip_memory import SeenMemory

__all__ = ["ROWS_SHOWN", "expected_writes", "write_table"]

ROWS_SHOWN = 16
HEADER = ("seed", "descriptor", "address", "where", "expected", "got")
WORD = 4
_BLOCK_WORDS = VECTOR * VECTOR


def expected_writes(execution: Execution, base: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Every byte that the model writes: value, uint8, and number of the command, -1 for none.

    Both are from address `base` on, `size` bytes.
    """
    value, owner = np.zeros(size, np.uint8), np.full(size, -1)
    for number, command in enumerate(execution.commands):
        for address, data in command.writes:
            at = slice(address - base, address - base + len(data))
            value[at], owner[at] = np.frombuffer(data, np.uint8), number
    return value, owner


def write_table(
    execution: Execution, seen: SeenMemory, base: int, num_pea: int, seed: int
) -> tuple[int, str]:
    """Compare what the chip wrote with what the model writes, byte for byte.

    Args:
        execution: the model's run.
        seen: the memory by the monitors.
        base: its first address.
        num_pea: PEAs of the chip.
        seed: of the test, for the table.

    Returns:
        wrong bytes (another value, not written, written twice or not to be written), and the
        first of them as a text table, a line for each 32-bit word.
    """
    value, owner = expected_writes(execution, base, len(seen.count))
    wanted = (owner >= 0).astype(int)
    wrong = (seen.count != wanted) | ((wanted > 0) & (seen.written != value))
    bad = np.flatnonzero(wrong)
    if not len(bad):
        return 0, ""
    rows = [HEADER]
    for word in np.unique(bad // WORD)[:ROWS_SHOWN].tolist():
        at = slice(WORD * word, WORD * word + WORD)
        number = int(owner[at].max())
        command = execution.commands[number]
        where = "no result" if number < 0 else _where(command, base, word, num_pea)
        want, got = (
            _word(data[at], times[at])
            for data, times in ((value, wanted), (seen.written, seen.count))
        )
        address = f"{base + WORD * word:#x}"
        rows.append((str(seed), str(number) if number >= 0 else "-", address, where, want, got))
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    padded = ([cell.rjust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return len(bad), "\n".join("  ".join(row) for row in padded)


def _word(data: np.ndarray, times: np.ndarray) -> str:
    """Four bytes, highest first: a byte not written is --, one written twice has a +."""
    cells = (
        "--" if count == 0 else f"{byte:02x}" + "+" * (count > 1)
        for byte, count in zip(data[::-1].tolist(), times[::-1].tolist(), strict=True)
    )
    return "".join(cells)


def _where(command: ExecutedCommand, base: int, word: int, num_pea: int) -> str:
    """What lies at a word that a command writes."""
    d, address = command.descriptor, base + WORD * word
    for number, (start, data) in enumerate(command.writes):
        if start // WORD <= address // WORD < -(-(start + len(data)) // WORD):
            if not d.raw:
                kind = "length" if len(data) == 2 else "segment"
                return f"{kind}, write {number}, byte {max(0, address - start)}"
            block, element = divmod((address - start) // WORD, _BLOCK_WORDS)
            group, pea = divmod(block, num_pea)
            row, column = divmod(element, VECTOR)
            return (
                f"tile {number} group {group} PEA {pea}: row {VECTOR * pea + row}, "
                f"column {VECTOR * group + column}"
            )
    return "?"
