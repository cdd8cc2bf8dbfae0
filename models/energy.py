"""Energy of counted events: their numbers times the energies of `energy.yaml`.

Only ratios between accelerators mean something; `EnergyTable.scaled` shows what they owe to a
group of entries. All of it is our choice [C]; the sources of the entries are in the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from models.errors import PanaceaError

__all__ = ["GROUPS", "EnergyTable", "energy_table"]

PATH = Path(__file__).with_suffix(".yaml")
GROUPS = ("multipliers", "adders", "buffers", "psums", "memories", "dram")


@dataclass(frozen=True, kw_only=True)
class EnergyTable:
    """Picojoules and group, by event."""

    picojoules: Mapping[str, float]
    groups: Mapping[str, str]

    def by_group(self, events: Mapping[str, float]) -> dict[str, float]:
        """Picojoules of `events` (numbers by name) in each of `GROUPS`.

        Raises:
            PanaceaError: naming an event that the table does not have.
        """
        found = dict.fromkeys(GROUPS, 0.0)
        for name, number in events.items():
            if name not in self.picojoules:
                raise PanaceaError(f"event = {name!r} is not in {PATH.name}")
            found[self.groups[name]] += number * self.picojoules[name]
        return found

    def total(self, events: Mapping[str, float]) -> float:
        """Picojoules of `events`."""
        return sum(self.by_group(events).values())

    def scaled(self, group: str, factor: float) -> "EnergyTable":
        """The table with a group's energies times `factor`.

        Raises:
            PanaceaError: for a name that is not in `GROUPS`.
        """
        if group not in GROUPS:
            raise PanaceaError(f"group = {group!r} is not one of {GROUPS}")
        changed = {
            name: value * (factor if self.groups[name] == group else 1.0)
            for name, value in self.picojoules.items()
        }
        return EnergyTable(picojoules=changed, groups=self.groups)


@cache
def energy_table() -> EnergyTable:
    """The table of `energy.yaml`.

    Raises:
        PanaceaError: for an entry without source, or of an unknown group.
    """
    events = yaml.safe_load(PATH.read_text(encoding="utf-8"))["events"]
    for name, entry in events.items():
        if entry["group"] not in GROUPS or not entry["source"] or not entry["pj"] > 0:
            raise PanaceaError(f"{PATH.name}: {name} = {entry}")
    return EnergyTable(
        picojoules={name: float(entry["pj"]) for name, entry in events.items()},
        groups={name: entry["group"] for name, entry in events.items()},
    )
