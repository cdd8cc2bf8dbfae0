"""Tables of `make synth`."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tabulate import tabulate

from verif.netlist.analysis import PERIOD, Timing
from verif.netlist.area import Area
from verif.netlist.claims import Claim
from verif.netlist.power import Power

__all__ = ["area_table", "chip_table", "claim_table", "power_table", "timing_table"]

MM2 = 1e-6
"""Square millimetres of a square micrometre."""


def area_table(area: Area) -> str:
    """Area by block, in mm2 and as part of the design's gates, then memories in bits."""
    rows = [
        (block, f"{size * MM2:.4f}", f"{size / area.total:.1%}")
        for block, size in area.blocks.items()
    ]
    rows.append((f"all, {area.cells} cells", f"{area.total * MM2:.4f}", "100.0%"))
    rows.append(("  of it flip-flops", f"{area.registers * MM2:.4f}", _part(area)))
    alike = Counter(
        (re.sub(r"\d+", "N", one.module), one.words, one.width) for one in area.memories
    )
    rows += [
        (f"memory {name}", f"{count * words * width} bits", f"{count} x {words} x {width}")
        for (name, words, width), count in alike.items()
    ]
    return tabulate(rows, ["block", "mm2", "share"], tablefmt="github", disable_numparse=True)


def chip_table(areas: Mapping[str, Area], counts: Mapping[str, int]) -> str:
    """Area of all designs, each as often as the chip has it."""
    whole = sum(areas[name].total * count for name, count in counts.items())
    rows = [
        (
            f"{count} x {name}",
            f"{count * areas[name].total * MM2:.2f}",
            f"{count * areas[name].total / whole:.1%}",
            f"{count * areas[name].memory_bits / 8192:.1f}",
        )
        for name, count in counts.items()
    ]
    bits = sum(areas[name].memory_bits * count for name, count in counts.items())
    rows.append(("all", f"{whole * MM2:.2f}", "100.0%", f"{bits / 8192:.1f}"))
    heads = ["design", "gates, mm2", "share", "memories, KB"]
    return tabulate(rows, heads, tablefmt="github", disable_numparse=True)


def timing_table(timings: Mapping[str, Timing]) -> str:
    """Longest paths."""
    rows = [
        (name, f"{one.period:.1f}", f"{1000 / one.period:.0f}", one.stages, one.start, one.end)
        for name, one in timings.items()
    ]
    heads = ["design", "period, ns", "MHz", "stages", "from", "to"]
    return tabulate(rows, heads, tablefmt="github", disable_numparse=True)


def power_table(power: Power) -> str:
    """Power by block."""
    rows = [
        (block, f"{value * 1e3:.2f}", f"{value / power.total:.1%}")
        for block, value in power.blocks.items()
    ]
    rows.append(("all", f"{power.total * 1e3:.2f}", "100.0%"))
    rows.append(("  of it without any change", f"{power.still * 1e3:.2f}", _still(power)))
    heads = ["block", f"mW at {1000 / PERIOD:.0f} MHz", "share"]
    return tabulate(rows, heads, tablefmt="github", disable_numparse=True)


def claim_table(claims: Sequence[Claim]) -> str:
    """Claims and ratios."""
    rows = [
        (one.source, one.text, one.measure, f"{one.ratio:.1%}", f"{one.limit:.0%}", _said(one))
        for one in claims
    ]
    heads = ["source", "claim", "measured", "ratio", "we take up to", "holds"]
    return tabulate(rows, heads, tablefmt="github", disable_numparse=True)


def _part(area: Area) -> str:
    return f"{area.registers / area.total:.1%}"


def _still(power: Power) -> str:
    return f"{power.still / power.total:.1%}"


def _said(claim: Claim) -> str:
    return "yes" if claim.holds else "no"
