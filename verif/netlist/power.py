"""Power of a netlist by block, from the activity of a simulation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verif.netlist.activity import changes_per_cycle
from verif.netlist.analysis import gate_power
from verif.netlist.area import REST, block_places
from verif.netlist.gates import place_of, read_gates
from verif.netlist.mapping import Netlist, NetlistError

__all__ = ["Power", "measure_power"]


@dataclass(frozen=True, kw_only=True)
class Power:
    """Power of the gates of a netlist at `analysis.PERIOD`, without memories and clock tree.

    Attributes:
        blocks: W by block.
        still: W of all blocks that flow without any change: leakage, clock pins of flip-flops.
        cycles: of the simulation that the activity is from.
        changes: of a gate's output in a cycle, on average.
    """

    blocks: Mapping[str, float]
    still: float
    cycles: int
    changes: float

    @property
    def total(self) -> float:
        """W of all blocks."""
        return sum(self.blocks.values())


def measure_power(netlist: Netlist, waves: Path, *, first: str, last: str) -> Power:
    """Power of a netlist in a simulation.

    Args:
        netlist: a mapped design.
        waves: VCD of its simulation.
        first, last: see `changes_per_cycle`.

    Raises:
        NetlistError: the waves are of another netlist, or of no use.
        ToolError: there is no OpenSTA.
    """
    changes, cycles = changes_per_cycle(waves, first=first, last=last)
    nets = read_gates(netlist.folder / "gates.v").drivers()
    missing = [net for net in nets.values() if net not in changes]
    if missing:
        raise NetlistError(f"{waves}: {len(missing)} nets are missing, {missing[0]} first")
    places = block_places(netlist)
    blocks = dict.fromkeys([*netlist.design.blocks, REST], 0.0)
    still = 0.0
    for gate, (idle, each) in gate_power(netlist).items():
        blocks[places[place_of(gate)]] += idle + each * changes[nets[gate]]
        still += idle
    return Power(
        blocks={block: power for block, power in blocks.items() if power},
        still=still,
        cycles=cycles,
        changes=sum(changes[net] for net in nets.values()) / len(nets),
    )
