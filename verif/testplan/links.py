"""Compares the testplan with what it speaks of: catalogue tests and coverpoints, both ways."""

from collections.abc import Iterable, Sequence

from verif.testplan.plan import Plan, matching

__all__ = ["broken_links", "unplanned"]


def broken_links(
    plans: Sequence[Plan], tests: Iterable[str], coverpoints: Iterable[str]
) -> list[str]:
    """What plans name and does not exist, a line each; a pattern has to match something."""
    known = {"tests": tuple(tests), "coverpoints": tuple(coverpoints)}
    return [
        f"{plan.block}.yaml: feature {feature.name!r}: {field}: {name!r} does not exist"
        for plan in plans
        for feature in plan.features
        for field, names in known.items()
        for name in getattr(feature, field)
        if not matching((name,), names)
    ]


def unplanned(plans: Sequence[Plan], tests: Iterable[str], coverpoints: Iterable[str]) -> list[str]:
    """The tests and coverpoints that are in no plan, a line each."""
    lines = []
    for field, names in (("tests", tuple(tests)), ("coverpoints", tuple(coverpoints))):
        features = [feature for plan in plans for feature in plan.features]
        patterns = tuple(one for feature in features for one in getattr(feature, field))
        planned = set(matching(patterns, names))
        lines += [f"{field}: {name!r} is in no plan" for name in names if name not in planned]
    return lines
