"""Runs random programs."""

import json
from pathlib import Path

import pyuvm

from verif.sequences.random_programs import ProgramSpread, draw_program
from verif.tests_chip.base import ChipTest

__all__ = ["PROGRESS_FILE", "RandomPrograms"]

PROGRESS_FILE = "progress.txt"


@pyuvm.test()
class RandomPrograms(ChipTest):
    """Options: `count` (8) programs; `size`, `layers`, `stall`: see ProgramSpread."""

    async def stimulate(self) -> None:
        options = dict(self.cfg.options)
        count = options.pop("count", 8)
        if "size" in options:
            options["size"] = tuple(options["size"])
        spread = ProgramSpread(**options)
        with Path(PROGRESS_FILE).open("w", encoding="utf-8") as progress:
            for number in range(count):
                base = 4096 * int(self.rng.integers(0, 2**20)) if self.rng.random() < 0.5 else 0
                self.env.control.place(base)
                item = draw_program(self.rng, self.params, spread, f"random{number}", base)
                await self.run(item)
                outcome = self.env.scoreboard.outcomes[-1]
                line = {"cycles": outcome.cycles, "passed": outcome.passed}
                progress.write(f"{json.dumps(line)}\n")
                progress.flush()
