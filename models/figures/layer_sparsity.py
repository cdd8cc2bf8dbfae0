"""HO vector sparsity of every layer's activations and weights (the paper's figure 14)."""

from collections.abc import Sequence

import numpy as np

from models.calibrate.plans import planner
from models.figures.figure import Drawn, FigureSpec, Table, Tell, canvas
from models.params import CoreParams
from models.predict.networks import network_works
from models.predict.work import LayerWork

__all__ = ["REAL_LAYER_SPARSITY", "SYNTHETIC_LAYER_SPARSITY"]

REAL_PLANS = {"no ZPM": "plain", "ZPM": "zpm", "chosen, with offsets": "accurate"}
SYNTHETIC_PLANS = {"no ZPM": "plain", "ZPM": "zpm", "ZPM + DBS": "zpm-dbs"}
SYNTHETIC = ("deit-base", "bert-base", "gpt-2")


def _sparsities(works: Sequence[LayerWork]) -> tuple[list[float], list[float], list[float]]:
    """Skipped activation and weight vectors, and Sibia's activations, by layer."""
    bounds = [work.bound(CoreParams(), False) for work in works]
    return (
        [bound.rho_x for bound in bounds],
        [bound.rho_w for bound in bounds],
        [work.signed_sparsity[1] for work in works],
    )


def _draw(networks: Sequence[str], plans: dict[str, str], tell: Tell) -> Drawn:
    figure, axes = canvas(len(networks), 1, width=10.0)
    rows = []
    for network, axis in zip(networks, axes[:, 0], strict=True):
        before = None
        for title, plan in plans.items():
            tell(f"{network}, {title}")
            works = network_works(network, plan)
            x, w, sibia = _sparsities(works)
            axis.plot(x, marker=".", label=f"activations, {title}")
            most = "" if before is None else f"{100 * np.max(np.subtract(x, before)):+.0f} points"
            means = (f"{np.mean(one):.2f}" for one in (x, sibia, w))
            rows.append([network, title, *means, most])
            before = x
        axis.plot(sibia, marker="x", linewidth=0.7, color="0.5", label="activations, Sibia")
        axis.plot(w, marker="+", linewidth=0.7, color="k", label="weights")
        step = max(1, len(works) // 36)
        names = [work.name.partition(".")[2] for work in works]
        axis.set_xticks(range(0, len(works), step), names[::step], rotation=90, fontsize=6)
        axis.set_ylim(0, 1.02)
        axis.set_ylabel("HO vectors skipped")
        axis.set_title(network, fontsize=9)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=7)
    columns = (
        "network",
        "options",
        "activations",
        "Sibia's activations",
        "weights",
        "most gained in a layer",
    )
    return Drawn(figure=figure, table=Table(columns=columns, rows=rows))


def _real(networks: Sequence[str], tell: Tell) -> Drawn:
    for network in networks:
        planner(network)  # a package that is missing is told first
    return _draw(networks, REAL_PLANS, tell)


def _synthetic(_: Sequence[str], tell: Tell) -> Drawn:
    return _draw(SYNTHETIC, SYNTHETIC_PLANS, tell)


REAL_LAYER_SPARSITY = FigureSpec(
    name="layer_sparsity",
    title="HO vector sparsity by layer, with and without ZPM and DBS",
    operands="real",
    caption=(
        "Share of 1x4 activation vectors and 4x1 weight vectors that are skipped, on a passage "
        "that calibration does not see; the table has means over layers. Weights have 7 bits by "
        "row. The paper reports up to 33 points more by ZPM and up to 56 points more by DBS; for "
        "single values, not vectors, of an FC layer of OPT-2.7B 68 % become 98 % by ZPM."
    ),
    make=_real,
)
SYNTHETIC_LAYER_SPARSITY = FigureSpec(
    name="layer_sparsity_synthetic",
    title="The same of synthetic operands in the shapes of DeiT-base, BERT-base, GPT-2",
    operands="synthetic",
    caption="Drawn from models/networks/shapes.yaml; DBS types by the paper's rule.",
    make=_synthetic,
)
