"""The testplan follows its format, and speaks of all tests and coverpoints and of no others."""

from pathlib import Path

import pytest

from models.errors import PanaceaError
from verif.coverage.functional import declared
from verif.regression.catalogue import CATALOGUE
from verif.testplan.links import broken_links, unplanned
from verif.testplan.plan import STAGES, load, matching
from verif.testplan.progress import planned_tests

GOOD = """\
block: one
title: One
features:
  - name: works
    stage: V1
    description: >
      It
      works.
    tests: [unit.opc, "unit.weight_dma*"]
    coverpoints: [core.r]
    variants: [toggle]
"""


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """The one plan of a folder."""
    path = tmp_path / "one.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_everything_named_exists() -> None:
    """No plan names a test or a coverpoint that is not there."""
    assert broken_links(load(), CATALOGUE, declared()) == []


def test_everything_is_planned() -> None:
    """No test and no coverpoint is in no plan."""
    assert unplanned(load(), CATALOGUE, declared()) == []


def test_every_stage_has_features() -> None:
    assert {feature.stage for plan in load() for feature in plan.features} == set(STAGES)


def test_every_feature_can_be_shown() -> None:
    """Of the tests that a feature names, some have the variants that it asks for."""
    assert [f.name for plan in load() for f in plan.features if not planned_tests(f)] == []


def test_loaded(plan_file: Path) -> None:
    (plan,) = load(plan_file.parent)
    (feature,) = plan.features
    assert (plan.block, plan.title, feature.name, feature.stage) == ("one", "One", "works", "V1")
    assert feature.description == "It works."
    assert feature.tests == ("unit.opc", "unit.weight_dma*")
    assert (feature.coverpoints, feature.variants) == (("core.r",), ("toggle",))


def test_patterns() -> None:
    names = ("unit.opc", "unit.weight_dma", "unit.weight_dma_4", "core.opc")
    assert matching(("unit.weight_dma*", "core.opc"), names) == names[1:]
    assert matching(("Unit.opc", "unit.op"), names) == ()


@pytest.mark.parametrize("name", ["unit.opc", "unit.weight_dma*", "core.r"])
def test_missing_is_noticed(plan_file: Path, name: str) -> None:
    """Whatever a plan names, once it does not exist, is told with file, feature and field."""
    names = ("unit.opc", "unit.weight_dma_4")
    tests = set(names) - set(matching((name,), names))
    points = {"core.r"} - {name}
    field = "coverpoints" if name == "core.r" else "tests"
    assert broken_links(load(plan_file.parent), tests, points) == [
        f"one.yaml: feature 'works': {field}: {name!r} does not exist"
    ]


def test_unplanned_is_noticed(plan_file: Path) -> None:
    tests, points = ["unit.opc", "unit.weight_dma_4", "unit.new"], ["core.r", "core.new"]
    assert unplanned(load(plan_file.parent), tests, points) == [
        "tests: 'unit.new' is in no plan",
        "coverpoints: 'core.new' is in no plan",
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("stage: V1", "stage: V4", "one.yaml: feature 'works': stage = 'V4' is not one of"),
        ("stage: V1", "stage: [V1]", r"feature 'works': stage = \['V1'\] is not one of"),
        ("    stage: V1\n", "", "one.yaml: feature 'works': stage is missing"),
        ("stage: V1", "phase: V1", "feature 'works': 'phase' is not one of the fields"),
        ("name: works", "name: ''", "one.yaml: feature '': name = '' is not text"),
        ('[unit.opc, "unit.weight_dma*"]', "[]", "feature 'works': tests is empty"),
        ('[unit.opc, "unit.weight_dma*"]', "unit.opc", "tests = 'unit.opc' is not a list"),
        ("[core.r]", "[core.r, core.r]", "feature 'works': coverpoints: 'core.r' is given twice"),
        ("[toggle]", "[fast]", "feature 'works': variants = 'fast' is not one of"),
        ("block: one", "block: two", "one.yaml: block = 'two' is not the file's name"),
        ("title: One\n", "", "one.yaml: title is missing"),
        ("features:", "features: []\nmore:", "one.yaml: 'more' is not one of the fields"),
        ("block: one", "block: [", "one.yaml: not YAML"),
    ],
)
def test_format_is_checked(plan_file: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    plan_file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(PanaceaError, match=message):
        load(plan_file.parent)


def test_same_name_twice(plan_file: Path) -> None:
    feature = GOOD.partition("features:\n")[2]
    plan_file.write_text(GOOD + feature, encoding="utf-8")
    with pytest.raises(PanaceaError, match=r"one.yaml: feature 'works': name is given twice"):
        load(plan_file.parent)


def test_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(PanaceaError, match=r"has no \.yaml file"):
        load(tmp_path)
