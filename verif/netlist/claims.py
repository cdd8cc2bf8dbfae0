"""What the papers say of overheads, as ratios of areas that were mapped.

The papers give words, and one number. How much a word is, is our reading [C].
"""

from collections.abc import Mapping
from dataclasses import dataclass

from verif.netlist.area import Area
from verif.netlist.design import Design

__all__ = ["SHIFTERS", "Claim", "check_claims"]

_ACCUMULATORS = {"dynamic": {"InW": 17, "AccW": 22}, "static": {"InW": 12, "AccW": 14}}
_DBS = {"ShiftBits": 2}  # shifts by l - 4, which is 0 to 2

SHIFTERS = {
    f"s_acc_{name}_{kind}": Design(top="s_acc", parameters=sizes | _DBS, zero=zero)
    for name, sizes in _ACCUMULATORS.items()
    for kind, zero in (("dbs", ()), ("fixed", ("shift_i",)))
}
"""Both S-ACCs of a PEA, with the shifts of DBS and without any: the difference is their cost."""

PEAS = 16


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim and what was measured.

    Attributes:
        source: who says it.
        text: what is said.
        measure: what is compared.
        ratio: measured.
        limit: how much of it agrees with the claim, as we read it.
    """

    source: str
    text: str
    measure: str
    ratio: float
    limit: float

    @property
    def holds(self) -> bool:
        """The ratio is within our reading."""
        return self.ratio <= self.limit


def check_claims(areas: Mapping[str, Area]) -> list[Claim]:
    """All claims, from the areas of `DESIGNS` and `SHIFTERS` by name."""
    pea, core = areas["pea"], areas["aqs_gemm_core"]
    shifters = sum((1 if name.endswith("dbs") else -1) * areas[name].total for name in SHIFTERS)
    bits = {memory.module: memory.bits for memory in pea.memories}
    second = [size for name, size in bits.items() if "gen_psum_1_" in name]
    shared = [size for name, size in bits.items() if "wbuf" in name or "csbuf" in name]
    whole = PEAS * pea.total + core.total
    return [
        Claim(
            source="Panacea",
            text="the compensation has negligible overhead",
            measure="gates of compensator and CSBUF / gates of a PEA",
            ratio=pea.share("compensator", "CSBUF"),
            limit=0.05,
        ),
        Claim(
            source="Panacea",
            text="the same",
            measure="bits of the CSBUF / bits of a PEA's buffers",
            ratio=sum(size for name, size in bits.items() if "csbuf" in name) / pea.memory_bits,
            limit=0.05,
        ),
        Claim(
            source="Panacea",
            text="DBS needs small additional shifting units",
            measure="gates of both S-ACCs with shifts by l - 4, less without / gates of a PEA",
            ratio=shifters / pea.total,
            limit=0.05,
        ),
        Claim(
            source="Panacea",
            text="DTP requires additional buffers, some area overhead",
            measure="bits of the second sub-tile's sums and weights / bits of a PEA's buffers",
            ratio=(sum(second) + sum(shared) / 2) / pea.memory_bits,
            limit=0.5,
        ),
        Claim(
            source="Panacea",
            text="the same",
            measure="gates of one partial-sum buffer of two / gates of a PEA",
            ratio=pea.share("partial-sum buffer") / 2,
            limit=0.05,
        ),
        Claim(
            source="APSQ, of its own host",
            text="the engine costs 3.21 % of area",
            measure=f"gates of the APSQ engine / gates of {PEAS} PEAs and the core's shared blocks",
            ratio=core.share("APSQ engine") * core.total / whole,
            limit=0.05,
        ),
    ]
