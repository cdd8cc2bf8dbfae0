"""Coverage points and crosses from their description, sampled with sets of values."""

from collections.abc import Callable, Mapping

from cocotb_coverage.coverage import CoverCross, CoverPoint

__all__ = ["build_sampler"]


def build_sampler(
    scope: str,
    points: Mapping[str, tuple],
    crosses: Mapping[str, tuple[str, ...]],
    ignored: Mapping[str, list[tuple]],
) -> Callable[[dict[str, set]], None]:
    """A function that samples all points of `scope` from their values, a set by point.

    Args:
        scope: prefix of all names.
        points: bins of every point.
        crosses: the points of every cross.
        ignored: bins of a cross that cannot be.
    """
    items = [
        CoverPoint(
            f"{scope}.{name}",
            xf=lambda view, key=name: view[key],
            rel=lambda values, one: one in values,
            bins=list(bins),
            inj=False,
        )
        for name, bins in points.items()
    ]
    items += [
        CoverCross(
            f"{scope}.{name}",
            items=[f"{scope}.{point}" for point in crossed],
            ign_bins=ignored.get(name, []),
        )
        for name, crossed in crosses.items()
    ]

    def sample(view: dict[str, set]) -> None:
        """Nothing left to do: the decorators have counted."""

    for item in reversed(items):  # a cross needs its points sampled before
        sample = item(sample)
    return sample
