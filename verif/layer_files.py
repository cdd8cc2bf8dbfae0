"""Files that carry layers into a simulation and their outcomes back."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.aqs_gemm import check_no_overflow
from models.errors import check_integer_array, check_range, check_shape
from models.params import K_MAX, LayerConfig

__all__ = [
    "Case",
    "LayerResult",
    "check_case",
    "load_cases",
    "load_results",
    "save_cases",
    "save_results",
]


class Case(Protocol):
    """One layer to run: `y = w x~ + bias`; `models.networks.cases.LayerCase` is one."""

    name: str
    w: np.ndarray  # (M, K)
    x: np.ndarray  # (K, N)
    bias: np.ndarray  # (M,)

    @property
    def config(self) -> LayerConfig:
        """Number formats."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredCase:
    """A case read back from a file."""

    name: str
    w: np.ndarray
    x: np.ndarray
    bias: np.ndarray
    config: LayerConfig


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerResult:
    """What the simulated core made of a layer.

    Attributes:
        name: the case's.
        y: int32 (M, N), read from the core.
        dtp: double tile processing was used.
        mismatches: elements that differ from the model (0 if all is well).
        cycles: from the first command's acceptance to the last result, both included.
        outer_products: issued by the core, by kind (HH, HL, LH, LL), all PEAs together; work on
            padding rows and columns counts too.
        counters: all counters of the testbench, see `verif.agents.items.COUNTERS`.
    """

    name: str
    y: np.ndarray = field(repr=False)
    dtp: bool
    mismatches: int
    cycles: int
    outer_products: dict[str, int]
    counters: dict[str, int] = field(repr=False)


def check_case(w: np.ndarray, x: np.ndarray, bias: np.ndarray, cfg: LayerConfig) -> None:
    """Refuse a layer that the core cannot run exactly.

    Raises:
        PanaceaError: naming the array and the value, for operands that are no integers or out of
            range, shapes that do not fit, or a possible 32-bit overflow.
    """
    limit = 2 ** (cfg.w_bits - 1)
    check_range("w", check_integer_array("w", w, 2), -limit, limit - 1)
    check_range("x", check_integer_array("x", x, 2), 0, 2**cfg.x_bits - 1)
    check_range("K", w.shape[1], 1, K_MAX)
    check_shape("x", x, (w.shape[1], x.shape[1]))
    check_no_overflow(w, bias, cfg.x_max)


def save_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write cases to an npz file."""
    arrays: dict[str, Any] = {}
    for i, case in enumerate(cases):
        arrays |= {f"w{i}": case.w, f"x{i}": case.x, f"bias{i}": case.bias}
    header = [{"name": case.name, "config": asdict(case.config)} for case in cases]
    np.savez(path, header=json.dumps(header), **arrays)


def load_cases(path: Path) -> list[StoredCase]:
    """Read the cases of a file."""
    with np.load(path) as data:
        return [
            StoredCase(
                name=entry["name"],
                w=data[f"w{i}"].astype(np.int64),
                x=data[f"x{i}"].astype(np.int64),
                bias=data[f"bias{i}"].astype(np.int64),
                config=LayerConfig(**entry["config"]),
            )
            for i, entry in enumerate(json.loads(str(data["header"])))
        ]


def save_results(path: Path, results: Sequence[LayerResult]) -> None:
    """Write results to an npz file; it appears only when it is complete."""
    fields = ("name", "dtp", "mismatches", "cycles", "outer_products", "counters")
    header = [{name: getattr(result, name) for name in fields} for result in results]
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as stream:
        arrays = {f"y{i}": result.y for i, result in enumerate(results)}
        np.savez(stream, header=json.dumps(header), **arrays)
    partial.replace(path)


def load_results(path: Path) -> list[LayerResult]:
    """Read the results of a file; none if it does not exist."""
    if not path.is_file():
        return []
    with np.load(path) as data:
        header = json.loads(str(data["header"]))
        return [LayerResult(y=data[f"y{i}"], **entry) for i, entry in enumerate(header)]
