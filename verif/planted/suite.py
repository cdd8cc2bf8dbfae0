"""All bugs to plant, and a few that show every check failing."""

from verif.planted.apsq import APSQ_BUGS
from verif.planted.bus import BUS_BUGS
from verif.planted.chip import CHIP_BUGS
from verif.planted.core import CORE_BUGS
from verif.planted.dense import DENSE_BUGS
from verif.planted.passes import PASS_BUGS
from verif.planted.planting import PlantedBug
from verif.planted.pooled import POOLED_BUGS
from verif.planted.ppu import PPU_BUGS
from verif.planted.sibia import SIBIA_BUGS
from verif.planted.timing import TIMING_BUGS

__all__ = ["ALL_BUGS", "BUG_LISTS", "QUICK_BUGS"]

BUG_LISTS = (
    CORE_BUGS,
    PASS_BUGS,
    POOLED_BUGS,
    APSQ_BUGS,
    BUS_BUGS,
    CHIP_BUGS,
    PPU_BUGS,
    TIMING_BUGS,
    DENSE_BUGS,
    SIBIA_BUGS,
)

ALL_BUGS: dict[str, PlantedBug] = {name: bug for bugs in BUG_LISTS for name, bug in bugs.items()}
"""By name."""

QUICK_BUGS = tuple({bug.check: name for name, bug in reversed(ALL_BUGS.items())}.values())
"""One bug for each check, to see every check fail."""
