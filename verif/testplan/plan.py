"""Loads the testplan: one YAML file a block or area, features in it.

    block: idxd
    title: Index decoder
    features:
      - name: legal_lists
        stage: V1
        description: Every legal list is decoded to the positions that the model gives.
        tests: [unit.idxd]
        coverpoints: [core.w_run]

`tests` are names of `verif.regression.catalogue`, `coverpoints` "scope.point" of
`verif.coverage.functional`, or patterns of them (`unit.weight_dma*`); `variants` (all, if left out)
restricts tests to runs of these variants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from models.errors import PanaceaError
from verif.regression.catalogue import VARIANTS

__all__ = ["FOLDER", "STAGES", "Feature", "Plan", "load", "matching"]

FOLDER = Path(__file__).parent
"""Where the plans are."""

STAGES = {
    "V1": "basic function",
    "V2": "all features and corner cases",
    "V3": "sign-off depth",
}
"""By name, in order: a stage includes those before it."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One thing to be shown.

    Attributes:
        name: unique in its plan.
        stage: the stage by which it has to be shown, a key of STAGES.
        description: what is to be shown, and how, in a sentence or a few.
        tests: names or patterns of catalogue tests; one at least.
        coverpoints: names or patterns of coverpoints that must be full.
        variants: which variants of the tests count; empty for all.
    """

    name: str
    stage: str
    description: str
    tests: tuple[str, ...]
    coverpoints: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan of a block or area.

    Attributes:
        block: name, and name of its file.
        title: for people.
        features: in the file's order.
    """

    block: str
    title: str
    features: tuple[Feature, ...]


@cache
def load(folder: Path = FOLDER) -> tuple[Plan, ...]:
    """All plans of a folder, by name of the file.

    Raises:
        PanaceaError: there is none, or one does not follow the format; names file, feature, field.
    """
    plans = tuple(_load_file(path) for path in sorted(folder.glob("*.yaml")))
    if not plans:
        raise PanaceaError(f"testplan: {folder} has no .yaml file")
    return plans


@cache
def matching(patterns: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """The names that some pattern matches, in their order."""
    return tuple(name for name in names if any(fnmatchcase(name, one) for one in patterns))


def _load_file(path: Path) -> Plan:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise PanaceaError(f"{path.name}: not YAML: {error}") from None
    _check_fields(path.name, data, Plan)
    if data["block"] != path.stem:
        raise PanaceaError(f"{path.name}: block = {data['block']!r} is not the file's name")
    _check_text(path.name, data, "title")
    if not isinstance(data["features"], list) or not data["features"]:
        raise PanaceaError(f"{path.name}: features is not a list of one or more")
    features = tuple(
        _feature(f"{path.name}: feature {number}", item)
        for number, item in enumerate(data["features"], 1)
    )
    names = [feature.name for feature in features]
    for name in names:
        if names.count(name) > 1:
            raise PanaceaError(f"{path.name}: feature {name!r}: name is given twice")
    return Plan(block=data["block"], title=data["title"], features=features)


def _feature(where: str, data: Any) -> Feature:
    if isinstance(data, Mapping) and isinstance(data.get("name"), str):
        where = f"{where.rpartition(' ')[0]} {data['name']!r}"
    optional = {"coverpoints", "variants"}
    _check_fields(where, data, Feature, optional)
    for field in ("name", "description"):
        _check_text(where, data, field)
    for field in ("tests", *optional):
        _check_names(where, data, field)
    if not data["tests"]:
        raise PanaceaError(f"{where}: tests is empty: nothing would show this feature")
    for field, values, choices in (
        ("stage", [data["stage"]], STAGES),
        ("variants", data.get("variants", []), VARIANTS),
    ):
        for value in values:
            if value not in list(choices):
                raise PanaceaError(f"{where}: {field} = {value!r} is not one of {list(choices)}")
    lists = {name: tuple(value) for name, value in data.items() if isinstance(value, list)}
    return Feature(**data | lists | {"description": " ".join(data["description"].split())})


def _check_fields(where: str, data: Any, kind: type, optional: set[str] = frozenset()) -> None:
    """Refuse anything but a mapping with the fields of a dataclass."""
    if not isinstance(data, Mapping):
        raise PanaceaError(f"{where}: {data!r} is not a mapping")
    known = [field.name for field in fields(kind)]
    for name in data:
        if name not in known:
            raise PanaceaError(f"{where}: {name!r} is not one of the fields {known}")
    for name in known:
        if name not in data and name not in optional:
            raise PanaceaError(f"{where}: {name} is missing")


def _check_text(where: str, data: Mapping, field: str) -> None:
    if not isinstance(data[field], str) or not data[field].strip():
        raise PanaceaError(f"{where}: {field} = {data[field]!r} is not text")


def _check_names(where: str, data: Mapping, field: str) -> None:
    """Refuse anything but a list of different texts."""
    values = data.get(field, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise PanaceaError(f"{where}: {field} = {values!r} is not a list of names")
    for value in values:
        if values.count(value) > 1:
            raise PanaceaError(f"{where}: {field}: {value!r} is given twice")
