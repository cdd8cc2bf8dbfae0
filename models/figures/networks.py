"""Networks on every accelerator: throughput, energy, external traffic (figures 16 and 17)."""

from collections.abc import Sequence

from models.energy import energy_table
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas, grouped_bars
from models.networks.shapes import shapes
from models.predict.networks import network_works
from models.predict.registry import total

__all__ = ["NETWORKS", "NETWORKS_SYNTHETIC"]

BASELINES = ("sa_ws", "sa_os", "simd", "sibia")
OURS = ("panacea 4+8 dtp", "panacea pooled dtp")
PAPER = {
    "gpt-2": "1.34x / 2.03x",
    "opt-2.7b": "1.88x / 1.97x; over SIMD 2.41x / 3.26x",
    "llama-3.2-1b": "1.24x / 1.52x",
    "llama-3.2-3b": "- / 1.47x; over SIMD - / 4.24x",
    "resnet-18": "1.37x / 1.49x",
    "opt-350m": "- / 1.57x",
    "opt-1.3b": "- / 1.97x",
}


def _draw(cases: Sequence[tuple[str, str]], tell: Tell) -> Drawn:
    figure, axes = canvas(3, len(OURS), width=6.0)
    found = {}
    for network, plan in cases:
        tell(f"{network}, {plan}")
        works = network_works(network, plan)
        found[network, plan] = {
            name: total(works, name, energy_table()) for name in (*BASELINES, *OURS)
        }
    labels = [network if plan == "zpm-dbs" else f"{network} {plan}" for network, plan in found]
    figures = {
        "throughput": lambda one: one.cycles,
        "energy efficiency": lambda one: one.picojoules,
        "external traffic": lambda one: one.external_bytes,
    }
    for line, (what, value) in zip(axes, figures.items(), strict=True):
        for axis, ours in zip(line, OURS, strict=True):
            series = {
                base: [value(one[base]) / value(one[ours]) for one in found.values()]
                for base in BASELINES
            }
            grouped_bars(axis, labels, series, label=f"{what}, baseline / ours")
            axis.set_title(ours, fontsize=9)
            axis.axhline(1.0, color="k", linewidth=0.6)
    rows = []
    for (network, plan), totals in found.items():
        ratios = (
            f"{totals[base].cycles / totals[ours].cycles:.2f}x / "
            f"{totals[base].picojoules / totals[ours].picojoules:.2f}x"
            for ours in OURS
            for base in ("simd", "sibia")
        )
        traffic = totals[OURS[-1]].external_bytes / totals["sibia"].external_bytes - 1
        rows.append([network, plan, *ratios, f"{100 * traffic:+.1f} %", PAPER.get(network, "")])
    columns = (
        "network",
        "plan",
        *(f"{ours} over {base}" for ours in OURS for base in ("SIMD", "Sibia")),
        "traffic to Sibia's",
        "paper, over Sibia",
    )
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


def _real(networks: Sequence[str], tell: Tell) -> Drawn:
    return _draw([(name, plan) for name in networks for plan in ("accurate", "fast")], tell)


def _synthetic(_: Sequence[str], tell: Tell) -> Drawn:
    return _draw([(name, "zpm-dbs") for name in shapes()], tell)


CAPTION = "Table entries: throughput / energy efficiency. "
NETWORKS = FigureSpec(
    name="networks",
    title="Real networks on every accelerator",
    operands="real",
    caption=CAPTION
    + "Plans `accurate` and `fast` (4-bit weights); Sibia has the same weights and symmetric "
    "activations of 7 bits, whose accuracy figure `front` shows as plan `sibia`.",
    make=_real,
)
NETWORKS_SYNTHETIC = FigureSpec(
    name="networks_synthetic",
    title="Shapes of the paper's networks on every accelerator",
    operands="synthetic",
    caption=CAPTION
    + "Operands are drawn, not the networks'; the paper's figures stand beside for orientation. "
    "It reports 60.5 % (DeiT-base) and 46.8 % (GPT-2) less external traffic than uncompressed.",
    make=_synthetic,
)
