"""Shapes of the networks the paper evaluates, with synthetic operands: `shapes.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml

from models.errors import PanaceaError
from models.networks.bert import gelu
from models.pwl import silu
from models.quant import Granularity

__all__ = ["LayerShape", "NetworkShape", "draw_input", "draw_weights", "network_shape", "shapes"]

PATH = Path(__file__).with_suffix(".yaml")
FUNCTIONS = {"gelu": gelu, "relu": lambda x: np.maximum(x, 0)}


@dataclass(frozen=True, kw_only=True)
class LayerShape:
    """`count` products (M, K) x (K, N), the family of their input, and their widths."""

    name: str
    m: int
    k: int
    columns: int
    count: int
    input: str
    w_bits: int
    x_bits: int

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all of them."""
        return self.count * self.m * self.k * self.columns


@dataclass(frozen=True, kw_only=True)
class NetworkShape:
    """A network's products and the granularity of its weights' scales."""

    name: str
    title: str
    granularity: Granularity
    layers: tuple[LayerShape, ...]


def shapes() -> tuple[str, ...]:
    """Names of all networks."""
    return tuple(_file()["networks"])


def network_shape(name: str) -> NetworkShape:
    """A network of `shapes.yaml`.

    Raises:
        PanaceaError: for a name it does not have; the message lists those it has.
    """
    if name not in shapes():
        raise PanaceaError(f"network = {name!r} is not one of {', '.join(shapes())}")
    entry = _file()["networks"][name]
    layers = tuple(
        LayerShape(
            name=f"{name}.{kind}",
            m=layer["m"],
            k=layer["k"],
            columns=layer.get("columns", entry["tokens"]),
            count=layer.get("times", 1) * entry["blocks"],
            input=layer["input"],
            w_bits=layer.get("w_bits", 7),
            x_bits=layer.get("x_bits", 8),
        )
        for kind, layer in entry["layers"].items()
    )
    granularity = Granularity[entry["weights"].upper()]
    return NetworkShape(name=name, title=entry["title"], granularity=granularity, layers=layers)


def draw_weights(rng: np.random.Generator, rows: int, depth: int) -> np.ndarray:
    """Synthetic weights (rows, depth) float32."""
    spec = _file()["weight_rows"]
    scale = np.exp(rng.normal(0, spec["spread"], (rows, 1)))
    weights = scale * rng.normal(0, 1, (rows, depth))
    weights[rng.integers(rows), rng.integers(depth)] = spec["peak"]
    return weights.astype(np.float32)


def draw_input(rng: np.random.Generator, family: str, depth: int, columns: int) -> np.ndarray:
    """Synthetic inputs (depth, columns) float32 of a family of `shapes.yaml`."""
    spec = _file()["inputs"][family]
    function = spec.get("function")
    if function == "swiglu":
        gate, up = (_channels(rng, spec, depth, columns) for _ in range(2))
        return silu(gate) * up
    x = _channels(rng, spec, depth, columns)
    return FUNCTIONS[function](x) if function else x


def _channels(
    rng: np.random.Generator, spec: Mapping[str, float], depth: int, columns: int
) -> np.ndarray:
    """Values (depth, columns) float32 with a scale and a mean for every channel."""
    scale = np.exp(rng.normal(0, spec["spread"], (depth, 1)))
    scale = np.where(rng.random((depth, 1)) < spec["outliers"], scale * spec["gain"], scale)
    dof = spec["dof"]
    values = rng.standard_t(dof, (depth, columns)) * np.sqrt((dof - 2) / dof)
    shift = rng.normal(0, spec["shift"], (depth, 1)) + spec.get("mean", 0.0)
    return (scale * (values + shift)).astype(np.float32)


@cache
def _file() -> Mapping[str, Mapping[str, object]]:
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))
