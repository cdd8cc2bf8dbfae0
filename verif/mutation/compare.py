"""Whether two designs of gates do the same from reset on, by ABC, which pairs ports by name."""

import shutil
import subprocess
from itertools import islice
from pathlib import Path

from verif.toolchain.tools import ToolError

__all__ = ["equal"]

SECONDS = 30
"""Limit on the search for an invariant; what is not proven by then counts as different."""

LIMIT = 4 * SECONDS
"""The same on a run of ABC as a whole."""

_NEXT = "read_aiger {side}.aig; comb; write_aiger -s {side}_next.aig; "
_SCRIPTS = (
    # Registers cut open: outputs and next states equal in every state are equal from reset on. The
    # names (-s) matter: without them ABC pairs inputs by their order, which differs.
    _NEXT.format(side="gold") + _NEXT.format(side="gate") + "cec gold_next.aig gate_next.aig",
    f"miter gold.aig gate.aig; scorr; pdr -T {SECONDS}",
)
_PROVEN = ("Networks are equivalent", "Property proved")


def equal(folder: Path) -> bool:
    """Compare `gold.aig` with `gate.aig`, binary AIGER files with symbols, registers at 0 at first.

    Raises:
        ToolError: ABC is missing.
        TimeoutExpired: a run of ABC took longer than `LIMIT` seconds.
    """
    abc = shutil.which("berkeley-abc")
    if abc is None:
        raise ToolError("berkeley-abc: not found; `make setup` installs it")
    if _symbols(folder / "gold.aig") != _symbols(folder / "gate.aig"):
        return False
    return any(_proves([abc, "-c", script], folder) for script in _SCRIPTS)


def _proves(command: list[str], folder: Path) -> bool:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    return any(line in done.stdout for line in _PROVEN)


def _symbols(path: Path) -> set[bytes]:
    """Names of the inputs and outputs of an AIGER file, by which ABC matches them."""
    content = path.read_bytes()
    _, latches, outputs, ands = map(int, content.split(maxsplit=6)[2:6])
    gates = content.split(b"\n", 1 + latches + outputs)[-1]
    ends = (place for place, byte in enumerate(gates) if byte < 0x80)  # two numbers for each gate
    names = gates[1 + next(islice(ends, 2 * ands - 1, None)) :] if ands else gates
    lines = names.partition(b"\nc\n")[0].splitlines()
    return {line[:1] + line.partition(b" ")[2] for line in lines if line[:1] in b"io"}
