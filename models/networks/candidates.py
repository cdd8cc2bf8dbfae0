"""Candidate formats of a layer's operands: what they cost, and how much noise they add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.calibration import (
    ActivationScale,
    InputQuant,
    QuantOptions,
    calibrate_input,
    calibrate_weights,
)
from models.compression import vector_sparsity, weight_vectors
from models.networks.steps import Linear, LinearFunction, Network, Samples, float_linear
from models.slicing import slice_weights

__all__ = ["Choice", "Operand", "input_candidates", "rounded_linear", "weight_candidates"]

COLUMN_STEP = 4  # noise is computed from every fourth calibration column


@dataclass(frozen=True, kw_only=True, eq=False)
class Operand:
    """A candidate for one operand.

    Attributes:
        options: the operand's part of them counts.
        lower: slices below the highest, all of which are multiplied; the single one counts.
        slices: slices multiplied for each value: these, and of the highest those not skipped.
        noise: by name of the layers that use it, the power of the error that rounding it adds to
            the float output, relative to that output, mean over columns.
        rounded: the input's format, or the real values (M, K) of the rounded weights.
    """

    options: QuantOptions
    lower: int
    slices: float
    noise: Mapping[str, float]
    rounded: InputQuant | np.ndarray = field(repr=False)


Choice = Mapping[str, tuple[Operand, Operand]]
"""Input and weights of layers, by name."""


def weight_candidates(
    name: str,
    linear: Linear,
    samples: Samples,
    candidates: Sequence[QuantOptions],
    quant: InputQuant | None = None,
) -> list[Operand]:
    """The layer's weights with each candidate's width and granularity.

    They see the layer's input without the offsets that format `quant` has.
    """
    inputs = samples.inputs[name] if quant is None else quant.shifted(samples.inputs[name])
    some, x = (one[:, ::COLUMN_STEP] for one in (samples.inputs[name], inputs))
    power = _power(linear.weight @ some)
    found = []
    for options in candidates:
        w, s_w = calibrate_weights(linear.weight, inputs, options)
        rounded = (w * s_w[:, None]).astype(np.float32)
        high = weight_vectors(slice_weights(w, options.w_bits)[-1])
        wide = options.w_bits > 4
        lower = (options.w_bits - 1) // 3 - wide
        found.append(
            Operand(
                options=options,
                lower=lower,
                slices=lower + wide * (1 - vector_sparsity(high, 0)),
                noise={name: _relative((rounded - linear.weight) @ x, power)},
                rounded=rounded,
            )
        )
    return found


def input_candidates(
    linears: Mapping[str, Linear], samples: Samples, candidates: Sequence[QuantOptions]
) -> list[Operand]:
    """The input that the layers `linears` share, with each candidate's format.

    One scale for each column is left out where it cannot be: in chains, which the PPU makes
    codes for, and where there is a bias, whose integer has one unit for all columns. Offsets are
    left out in chains too.
    """
    name = next(iter(linears))
    chained = any(name in (first, chain.then) for first, chain in samples.chains.items())
    fixed = chained or any(linear.bias.any() for linear in linears.values())
    some = samples.inputs[name][:, ::COLUMN_STEP]
    powers = {name: _power(linear.weight @ some) for name, linear in linears.items()}
    found = []
    for options in candidates:
        if fixed and options.scale != ActivationScale.TENSOR:
            continue
        if chained:
            options = replace(options, offsets=0)
        quant = calibrate_input(name, samples.inputs[name], options)
        error = quant.rounded(some) - quant.shifted(some)
        found.append(
            Operand(
                options=options,
                lower=max(1, options.x_bits // 4 - 1),
                slices=options.x_bits // 4 - quant.sparsity,
                noise={
                    name: _relative(linear.weight @ error, powers[name])
                    for name, linear in linears.items()
                },
                rounded=quant,
            )
        )
    return found


def rounded_linear(network: Network, choice: Choice) -> LinearFunction:
    """Float32 products, of rounded operands for the layers in `choice`.

    The integer layers' arithmetic but for its exactness, and several times cheaper.
    """
    exact = float_linear(network)
    linears = network.linears()

    def multiply(name: str, x: np.ndarray) -> np.ndarray:
        if name not in choice:
            return exact(name, x)
        quant, weights, linear = choice[name][0].rounded, choice[name][1].rounded, linears[name]
        found = weights @ quant.rounded(x) + linear.bias[:, None]
        if quant.offsets.size:
            found += (linear.weight @ quant.offsets)[:, quant.nearest(x)]
        return found

    return multiply


def _power(x: np.ndarray) -> np.ndarray:
    return (x * x).sum(axis=0)


def _relative(error: np.ndarray, power: np.ndarray) -> float:
    return float((_power(error) / power).mean())
