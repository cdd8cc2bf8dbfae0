"""Networks on every accelerator: throughput, energy, external traffic (figures 16 and 17)."""

from collections.abc import Mapping, Sequence

from models.calibrate.plans import planner
from models.energy import energy_table
from models.figures.counters import against, limits
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas, grouped_bars
from models.networks.shapes import shapes
from models.predict.networks import network_works
from models.predict.registry import Total, total

__all__ = ["NETWORKS", "NETWORKS_SYNTHETIC", "PAPER"]

BASELINES = ("simd", "sa_os", "sa_ws", "sa_ws apsq", "sibia")
OURS = ("panacea 4+8 dtp", "panacea 8+4 dtp", "panacea pooled best")
REAL_PLANS = ("zpm", "offset", "tensor", "accurate", "w4", "fast")
DENSE = "simd, 8 bits"
"""SIMD on plan `zpm`: what a dense array takes that needs no wider formats."""
MEASURES = {
    "throughput": lambda one: one.cycles,
    "energy efficiency": lambda one: one.picojoules,
    "external traffic": lambda one: one.external_bytes,
}
PAPER: Mapping[str, Mapping[str, tuple[float | None, ...]]] = {
    "deit-base": {"sibia": (None, None, 1 / (1 - 0.605))},
    "gpt-2": {
        "simd": (None, 3.81),
        "sa_os": (None, 3.07),
        "sa_ws": (None, 3.82),
        "sibia": (1.34, 2.03, 1 / (1 - 0.468)),
    },
    "opt-350m": {"sibia": (None, 1.57)},
    "opt-1.3b": {"sibia": (None, 1.97)},
    "opt-2.7b": {"sibia": (1.88, 1.97), "simd": (2.41, 3.26)},
    "llama-3.2-1b": {"sibia": (1.24, 1.52)},
    "llama-3.2-3b": {
        "simd": (None, 4.24),
        "sa_os": (None, 2.11),
        "sa_ws": (None, 2.77),
        "sibia": (None, 1.47),
    },
    "resnet-18": {"sibia": (1.37, 1.49)},
}
"""Throughput, energy efficiency, external traffic over a baseline; None or absent where the text
gives none [P]. OPT-2.7B over Sibia is 1.97 in the abstract, 1.96 in section IV."""

Totals = Mapping[str, Total]


def _ratios(totals: Totals, ours: str, base: str) -> list[float]:
    """Baseline over ours: throughput, energy efficiency, traffic."""
    return [value(totals[base]) / value(totals[ours]) for value in MEASURES.values()]


def _paper(network: str, totals: Totals, ours: str) -> str:
    """The paper's figures, each with how much ours is above or below."""
    told = []
    for base, figures in PAPER.get(network, {}).items():
        found = _ratios(totals, ours, base)
        for what, paper, one in zip(MEASURES, figures, found, strict=False):
            if paper is not None:
                told.append(f"{what} over {base} {paper:.2f} ({against(one, paper)})")
    return "; ".join(told)


def _draw(cases: Sequence[tuple[str, str]], real: bool, tell: Tell) -> Drawn:
    bases = (DENSE, *BASELINES) if real else BASELINES
    figure, axes = canvas(len(MEASURES), len(OURS), width=2.0 + 0.5 * len(cases))
    found, rows = {}, []
    for network, plan in cases:
        tell(f"{network}, {plan}")
        works = network_works(network, plan)
        totals = {name: total(works, name, energy_table()) for name in (*BASELINES, *OURS)}
        if real:
            totals[DENSE] = total(network_works(network, "zpm"), "simd", energy_table())
        found[f"{network} {plan}" if real else network] = totals
        accuracy = f"{planner(network).plan(plan).figure:.4f}" if real else ""
        for ours in OURS:
            cells = (
                " / ".join(f"{one:.2f}" for one in _ratios(totals, ours, base)) for base in bases
            )
            last = accuracy if real else _paper(network, totals, ours)
            rows.append([network, plan, ours, *cells, limits(works, ours), last])
    for line, (what, value) in zip(axes, MEASURES.items(), strict=True):
        for axis, ours in zip(line, OURS, strict=True):
            series = {
                base: [value(one[base]) / value(one[ours]) for one in found.values()]
                for base in bases
            }
            grouped_bars(axis, list(found), series, label=f"{what}, baseline / ours")
            axis.set_title(ours, fontsize=9)
            axis.axhline(1.0, color="k", linewidth=0.6)
    columns = (
        "network",
        "plan",
        "operators",
        *(f"over {base}" for base in bases),
        "why: counters",
        "accuracy" if real else "paper (ours against it)",
    )
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


def _real(networks: Sequence[str], tell: Tell) -> Drawn:
    return _draw([(name, plan) for name in networks for plan in REAL_PLANS], True, tell)


def _synthetic(_: Sequence[str], tell: Tell) -> Drawn:
    return _draw([(name, "zpm-dbs") for name in shapes()], False, tell)


CAPTION = "Table entries: throughput / energy efficiency / external traffic, baseline over ours. "
NETWORKS = FigureSpec(
    name="networks",
    title="Real networks on every accelerator",
    operands="real",
    caption=CAPTION
    + "Plans: `zpm` 7-bit weights by row, `offset` the same with offsets subtracted from the "
    "activations and a floor under the tokens' scales, `tensor` as `zpm` with one scale of "
    "activations for all tokens, `accurate` formats chosen within the accuracy budget, "
    "`w4` and `fast` 4-bit weights by OPTQ; accuracy is the cosine to float32 (MiniLM) and the "
    "perplexity over float32's (SmolLM2), on texts that calibration does not see. All baselines "
    "but the first have the plan's formats, of which 12-bit activations take a dense array two "
    "passes; the first is SIMD on plan `zpm`, all operands of 8 bits. Sibia has the "
    "same weights and symmetric activations of 7 bits, one scale a token, whose accuracy "
    "`python -m models.baselines.sibia_report` tells; with one scale for all tokens it is lower, "
    "see plan `sibia` in figure `front`.",
    make=_real,
)
NETWORKS_SYNTHETIC = FigureSpec(
    name="networks_synthetic",
    title="Shapes of the paper's networks on every accelerator",
    operands="synthetic",
    caption=CAPTION
    + "Operands are drawn, not the networks'; the paper's figures stand beside for orientation, "
    "with what ours are above or below them. Of external traffic it reports 60.5 % (DeiT-base) "
    "and 46.8 % (GPT-2) less than Sibia's uncompressed format; all lower slices, which are half of "
    "8-bit operands, are stored, so that compression alone saves less than half.",
    make=_synthetic,
)
