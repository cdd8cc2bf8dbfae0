"""Llama-style decoder in numpy, float32, with every fully connected product replaceable.

RMSNorm before each half of a block, rotary positions, grouped queries, SwiGLU, embeddings shared
with the output. Activations are (features, tokens); one sequence at a time, from its beginning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.networks.steps import Linear, Step, Steps
from models.pwl import silu

__all__ = ["LINEAR_KINDS", "Decoder", "DecoderBlock", "layer_name", "rotate"]

LINEAR_KINDS = ("q", "k", "v", "attention_out", "gate", "up", "down")


@dataclass(frozen=True, kw_only=True, eq=False)
class DecoderBlock:
    """One block: its linears by kind (`LINEAR_KINDS`) and the gains (features,) of its RMSNorms."""

    linears: Mapping[str, Linear] = field(repr=False)
    attention_gain: np.ndarray = field(repr=False)
    feed_forward_gain: np.ndarray = field(repr=False)


@dataclass(frozen=True, kw_only=True, eq=False)
class Decoder:
    """The network: `words` (vocabulary, features) embed tokens and, transposed, score the next.

    `heads` query heads share `kv_heads` key and value heads; `rope_base` sets the rotary
    frequencies, `epsilon` keeps RMSNorm from dividing by zero.
    """

    words: np.ndarray = field(repr=False)
    blocks: tuple[DecoderBlock, ...]
    output_gain: np.ndarray = field(repr=False)
    heads: int
    kv_heads: int
    rope_base: float
    epsilon: float

    def linears(self) -> dict[str, Linear]:
        """All fully connected layers by name, in execution order."""
        return {
            layer_name(index, kind): block.linears[kind]
            for index, block in enumerate(self.blocks)
            for kind in LINEAR_KINDS
        }

    def steps(self, ids: np.ndarray) -> Steps[np.ndarray]:
        """The network on token `ids` (N,); its result is the logits, (vocabulary, N) float32.

        Column n scores the token that follows token n.
        """
        hidden = self.words[ids].T
        for index, block in enumerate(self.blocks):
            q, k, v, out, gate, up, down = (layer_name(index, kind) for kind in LINEAR_KINDS)
            normed = self._norm(hidden, block.attention_gain)
            found = yield Step(x=normed, layers=(q, k, v))
            attended = self._attend(found[q], found[k], found[v])
            found = yield Step(x=attended, layers=(out,))
            hidden = hidden + found[out]
            normed = self._norm(hidden, block.feed_forward_gain)
            found = yield Step(x=normed, layers=(gate, up))
            found = yield Step(x=silu(found[gate]) * found[up], layers=(down,))
            hidden = hidden + found[down]
        return self.words @ self._norm(hidden, self.output_gain)

    def _norm(self, x: np.ndarray, gain: np.ndarray) -> np.ndarray:
        """RMSNorm of every column."""
        mean_square = (x * x).mean(axis=0)
        return x / np.sqrt(mean_square + np.float32(self.epsilon)) * gain[:, None]

    def _attend(self, q: np.ndarray, k: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Concatenated heads of softmax(q k / sqrt(d)) v, causal, (features, tokens)."""
        tokens = q.shape[1]
        q = rotate(q.reshape(self.heads, -1, tokens), self.rope_base)
        k = rotate(k.reshape(self.kv_heads, -1, tokens), self.rope_base)
        shared = self.heads // self.kv_heads
        k, v = (np.repeat(part, shared, axis=0) for part in (k, v.reshape(k.shape)))
        scores = q.transpose(0, 2, 1) @ k / np.float32(np.sqrt(q.shape[1]))
        scores += np.triu(np.full((tokens, tokens), -np.inf, np.float32), 1)
        weights = np.exp(scores - scores.max(axis=2, keepdims=True))
        weights /= weights.sum(axis=2, keepdims=True)
        return (v @ weights.transpose(0, 2, 1)).reshape(-1, tokens)


def layer_name(index: int, kind: str) -> str:
    """Name of a fully connected layer, such as `block.0.q`."""
    return f"block.{index}.{kind}"


def rotate(x: np.ndarray, base: float) -> np.ndarray:
    """Rotary positions: x (heads, d, tokens) with each pair of rows 2i, 2i + 1 turned.

    The angle is `n base^(-2i/d)` at token n. Pairs are neighbours (interleaved), the order in
    which GGUF files store the rows of q and k; Hugging Face's pairs are d/2 apart.
    """
    _, d, tokens = x.shape
    angles = np.outer(base ** (-np.arange(0, d, 2) / d), np.arange(tokens))
    turn = np.exp(1j * angles).astype(np.complex64)
    pairs = (x[:, 0::2] + 1j * x[:, 1::2]) * turn
    return np.stack([pairs.real, pairs.imag], axis=2).reshape(x.shape)
