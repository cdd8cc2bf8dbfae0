"""OPTQ through a network: each layer's weights make up for the rounding of all layers before it.

As in OPTQ, layers go in their order, each with the inputs that the rounded layers before it make.
Beyond that [C], weights are first fitted to give on these inputs X~ the outputs that float32 has,
`W (X X~^T + p) (X~ X~^T + p)^-1`, and rounded then. The pull p to the weights as they are keeps the
fit from following the calibration's few texts.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from models.calibrate.optq import damped, optq_codes, sample_lengths
from models.calibration import LayerQuant, QuantOptions
from models.networks.steps import Network, Outputs, Step
from models.quant import Rounding

PULL = 1.0
"""p, of the mean of the diagonal of X~ X~^T; `models.calibrate.pull` compares others."""

__all__ = ["Weights", "fitted_weights", "sequential_weights"]

Weights = Mapping[str, tuple[np.ndarray, np.ndarray]]
"""Integer weights (M, K) and their scales (M,), by layer."""


def fitted_weights(
    weights: np.ndarray,
    real: np.ndarray,
    rounded: np.ndarray,
    options: QuantOptions,
    pull: float = PULL,
) -> tuple[np.ndarray, np.ndarray]:
    """Integer weights and scales that give on inputs `rounded` what `weights` give on `real`.

    Args:
        weights: real (M, K).
        real: inputs in float32 (K, T).
        rounded: the same as the integer network has them.
        options: of the layer.
        pull: see `PULL`.
    """
    length = sample_lengths(rounded)
    x, y = rounded / length, real / length
    product = x @ x.T
    h, extra = damped(product)
    kept = (pull * float(np.trace(product)) / len(product) + extra) * np.eye(len(product))
    cross = (y @ x.T + kept).T @ weights.T.astype(np.float64)
    fitted = np.linalg.solve(product + kept, cross).T
    return optq_codes(fitted, h, options.w_bits, options.granularity)


def sequential_weights(
    network: Network,
    texts: Sequence[np.ndarray],
    options: Mapping[str, QuantOptions],
    layers: Mapping[str, LayerQuant],
    pull: float = PULL,
) -> Weights:
    """Weights of all layers of `options` that are rounded by OPTQ, layer after layer.

    Args:
        network: the float network.
        texts: token ids of calibration passages.
        options: by layer.
        layers: integer layers by name; their inputs' formats count, and the weights of layers that
            are rounded to nearest.
        pull: see `PULL`.
    """
    return _Walk(network, options, layers, pull).through(texts)


class _Walk:
    """The float and the rounded network, side by side."""

    def __init__(
        self,
        network: Network,
        options: Mapping[str, QuantOptions],
        layers: Mapping[str, LayerQuant],
        pull: float,
    ) -> None:
        self._network, self._options, self._layers = network, options, layers
        self._pull = pull
        self._linears = network.linears()
        self._found: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def through(self, texts: Sequence[np.ndarray]) -> Weights:
        """Round all layers on `texts`."""
        pairs = [(self._network.steps(ids), self._network.steps(ids)) for ids in texts]
        asked = [(next(real), next(rounded)) for real, rounded in pairs]
        while True:
            answers = self._answer(asked)
            try:
                asked = [
                    (real.send(wanted), rounded.send(found))
                    for (real, rounded), (wanted, found) in zip(pairs, answers, strict=True)
                ]
            except StopIteration:
                return self._found

    def _answer(self, asked: Sequence[tuple[Step, Step]]) -> list[tuple[Outputs, Outputs]]:
        """Outputs of one step of all texts, in float32 and rounded."""
        step = asked[0][0]
        inputs = [(real.x, rounded.x) for real, rounded in asked]
        outputs = {name: self._outputs(name, inputs) for name in step.layers}
        if step.then is not None:
            (inner,) = outputs.values()
            after = [tuple(step.function(y) for y in pair) for pair in inner]
            outputs = {step.then: self._outputs(step.then, after)}
        return [
            tuple({name: found[text][side] for name, found in outputs.items()} for side in (0, 1))
            for text in range(len(asked))
        ]

    def _outputs(
        self, name: str, inputs: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> list[tuple[np.ndarray, np.ndarray]]:
        """The layer's outputs for each text's float and rounded input, its weights once rounded."""
        layer, linear = self._layers[name], self._linears[name]
        rounded = [layer.input.rounded(x) for _, x in inputs]
        offsets = [x - layer.input.shifted(x) for _, x in inputs]
        w, s_w = layer.w, layer.s_w
        if self._options[name].rounding == Rounding.OPTQ:
            # Both sides without the offsets that the rounded one takes.
            real = [x - taken for (x, _), taken in zip(inputs, offsets, strict=True)]
            w, s_w = fitted_weights(
                linear.weight,
                np.concatenate(real, axis=1),
                np.concatenate(rounded, axis=1),
                self._options[name],
                self._pull,
            )
            self._found[name] = w, s_w
        weight, bias = (w * s_w[:, None]).astype(np.float32), linear.bias[:, None]
        return [
            (linear.weight @ x + bias, weight @ other + linear.weight @ taken + bias)
            for (x, _), other, taken in zip(inputs, rounded, offsets, strict=True)
        ]
