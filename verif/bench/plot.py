"""Heat maps of the utilisation grid."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from verif.bench.grid import SPARSITIES, GridPoint

__all__ = ["save_plot"]


def save_plot(panels: Mapping[str, Sequence[GridPoint]], path: Path) -> None:
    """Write a PNG with a panel per title: cycles over bound by sparsity of both operands."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # after the backend is chosen

    path.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(
        2, -(-len(panels) // 2), figsize=(11, 9), squeeze=False, layout="constrained"
    )
    side, shown = len(SPARSITIES), None
    for axis, (title, points) in zip(axes.flat, panels.items(), strict=False):
        ratios = np.array([point.ratio for point in points]).reshape(side, side)
        shown = axis.imshow(ratios, vmin=1.0, vmax=1.05, cmap="viridis", origin="lower")
        for (row, column), ratio in np.ndenumerate(ratios):
            axis.text(column, row, f"{ratio:.3f}", ha="center", va="center", color="white")
        axis.set_xticks(range(side), SPARSITIES)
        axis.set_yticks(range(side), SPARSITIES)
        axis.set_xlabel("activation HO vector sparsity")
        axis.set_ylabel("weight HO vector sparsity")
        axis.set_title(title)
    figure.colorbar(shown, ax=axes.ravel().tolist(), label="PEA cycles / bound")
    figure.savefig(path, dpi=100)
    plt.close(figure)
