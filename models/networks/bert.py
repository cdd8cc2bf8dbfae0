"""BERT encoder in numpy, float32, with every fully connected product replaceable.

Activations are (features, tokens): a column is a token, as the accelerator takes them.
Layers are post-LayerNorm (Devlin et al., BERT); one sequence at a time, no padding, no mask.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.networks.steps import Linear, LinearFunction, Step, Steps, drive, float_outputs

__all__ = ["LINEAR_KINDS", "Block", "Encoder", "Norm", "encode", "gelu", "layer_name"]

LINEAR_KINDS = ("q", "k", "v", "attention_out", "fc1", "fc2")
NORM_EPSILON = 1e-12


@dataclass(frozen=True, kw_only=True, eq=False)
class Norm:
    """A LayerNorm over the features: `gain` and `shift`, both (features,)."""

    gain: np.ndarray
    shift: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Normalise every column of x (features, tokens)."""
        centred = x - x.mean(axis=0)
        deviation = np.sqrt((centred * centred).mean(axis=0) + NORM_EPSILON)
        return centred / deviation * self.gain[:, None] + self.shift[:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Block:
    """One encoder layer: its linears by kind (`LINEAR_KINDS`) and its two LayerNorms."""

    linears: Mapping[str, Linear]
    attention_norm: Norm
    output_norm: Norm


@dataclass(frozen=True, kw_only=True, eq=False)
class Encoder:
    """The network: embeddings (rows are entries), `heads` attention heads, the layers."""

    words: np.ndarray
    positions: np.ndarray
    segment: np.ndarray
    embedding_norm: Norm
    blocks: tuple[Block, ...]
    heads: int

    def linears(self) -> dict[str, Linear]:
        """All fully connected layers by name, in execution order."""
        return {
            layer_name(index, kind): block.linears[kind]
            for index, block in enumerate(self.blocks)
            for kind in LINEAR_KINDS
        }

    def steps(self, ids: np.ndarray) -> Steps[np.ndarray]:
        """The network on token `ids` (N,); its result is the sentence embedding.

        The mean over tokens, length 1, (features,) float32.
        """
        rows = self.words[ids] + self.positions[: len(ids)] + self.segment
        hidden = self.embedding_norm(rows.T)
        for index, block in enumerate(self.blocks):
            q, k, v, out, fc1, fc2 = (layer_name(index, kind) for kind in LINEAR_KINDS)
            found = yield Step(x=hidden, layers=(q, k, v))
            attended = _attend(self.heads, found[q], found[k], found[v])
            found = yield Step(x=attended, layers=(out,))
            hidden = block.attention_norm(hidden + found[out])
            found = yield Step(x=hidden, layers=(fc1,), function=gelu, then=fc2)
            hidden = block.output_norm(hidden + found[fc2])
        pooled = hidden.mean(axis=1)
        return pooled / np.linalg.norm(pooled)


def layer_name(index: int, kind: str) -> str:
    """Name of a fully connected layer, such as `encoder.0.q`."""
    return f"encoder.{index}.{kind}"


def encode(encoder: Encoder, ids: np.ndarray, linear: LinearFunction) -> np.ndarray:
    """Sentence embedding of token `ids` (N,) with the fully connected layers by `linear`."""
    return drive(encoder.steps(ids), lambda step: float_outputs(step, linear))


def _attend(heads: int, *projections: np.ndarray) -> np.ndarray:
    """Concatenated heads of softmax(q k / sqrt(d)) v, (features, tokens)."""
    shape = projections[0].shape
    q, k, v = (part.reshape(heads, -1, shape[1]) for part in projections)
    scores = q.transpose(0, 2, 1) @ k / np.float32(np.sqrt(q.shape[1]))
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    weights /= weights.sum(axis=2, keepdims=True)
    return (v @ weights.transpose(0, 2, 1)).reshape(shape)


def gelu(x: np.ndarray) -> np.ndarray:
    """GELU, `x Phi(x)`; erf by Abramowitz and Stegun 7.1.26, absolute error below 2e-7."""
    z = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        poly = (poly + np.float32(factor)) * t
    erf = 1 - poly * np.exp(-z * z)
    return x * (1 + np.copysign(erf, x)) / 2
