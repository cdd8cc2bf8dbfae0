"""A network with its fully connected layers on the accelerator's integer arithmetic."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from models.calibration import LayerQuant, QuantOptions, calibrate_layer
from models.networks.bert import Encoder, LinearFunction, encode, float_linear

__all__ = ["IntegerRun", "calibrate_encoder", "capture_inputs", "integer_linear", "run_integer"]

Multiply = Callable[[LayerQuant, np.ndarray], np.ndarray]
"""(layer, codes (K, N)) -> exact integer results (M, N), bias included."""


@dataclass(frozen=True, kw_only=True, eq=False)
class IntegerRun:
    """One passage through the integer network.

    `embedding` (features,) float32 of length 1; `inputs` the codes (K, N) int64 each layer got,
    by layer name.
    """

    embedding: np.ndarray
    inputs: Mapping[str, np.ndarray] = field(repr=False)


def capture_inputs(encoder: Encoder, passages: Iterable[np.ndarray]) -> dict[str, np.ndarray]:
    """Float inputs (K, all tokens) of every fully connected layer over token-id `passages`."""
    captured: dict[str, list[np.ndarray]] = {name: [] for name in encoder.linears()}
    compute = float_linear(encoder)

    def capture(name: str, x: np.ndarray) -> np.ndarray:
        captured[name].append(x)
        return compute(name, x)

    for ids in passages:
        encode(encoder, ids, capture)
    return {name: np.concatenate(columns, axis=1) for name, columns in captured.items()}


def calibrate_encoder(
    encoder: Encoder, samples: Mapping[str, np.ndarray], options: QuantOptions
) -> dict[str, LayerQuant]:
    """Every fully connected layer quantised for its own `samples` (see `capture_inputs`)."""
    return {
        name: calibrate_layer(
            name=name,
            weight=linear.weight,
            bias=linear.bias,
            samples=samples[name],
            options=options,
        )
        for name, linear in encoder.linears().items()
    }


def integer_linear(
    layers: Mapping[str, LayerQuant], multiply: Multiply = LayerQuant.multiply
) -> LinearFunction:
    """The network's products through integers: quantise, `multiply`, dequantise."""

    def apply(name: str, x: np.ndarray) -> np.ndarray:
        layer = layers[name]
        return layer.dequantise(multiply(layer, layer.quantise(x))).astype(np.float32)

    return apply


def run_integer(encoder: Encoder, layers: Mapping[str, LayerQuant], ids: np.ndarray) -> IntegerRun:
    """Run token `ids` with every layer's input coming from the integer layers before it."""
    inputs: dict[str, np.ndarray] = {}

    def record(layer: LayerQuant, x: np.ndarray) -> np.ndarray:
        inputs[layer.name] = x
        return layer.multiply(x)

    return IntegerRun(embedding=encode(encoder, ids, integer_linear(layers, record)), inputs=inputs)
