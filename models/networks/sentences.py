"""MiniLM on the chip: sentence embeddings and their similarities."""

from functools import cache

import numpy as np

from models.networks.cases import BALANCED, CALIBRATION_PASSAGES, CALIBRATION_TOKENS
from models.networks.minilm import NUM_LAYERS, load_encoder, tokenise
from models.networks.passages import passages
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork
from models.networks.steps import capture

__all__ = ["SENTENCES", "encoder_on_chip", "similarities", "token_ids"]

SENTENCES = (
    "The weather is lovely today.",
    "It's so sunny outside!",
    "He drove to the stadium.",
)
"""The example of sentence-transformers; in float32 its similarities are 0.6660 (first and
second), 0.1046 (first and third), 0.1411 (second and third)."""

SEED = 0


@cache
def encoder_on_chip(num_layers: int = NUM_LAYERS) -> ChipNetwork:
    """MiniLM's first `num_layers` (1..6) encoder layers, calibrated.

    Raises:
        PanaceaError: for another number of layers, or naming the package that is missing.
    """
    encoder = load_encoder(num_layers)
    texts = passages(CALIBRATION_PASSAGES, CALIBRATION_TOKENS, SEED)
    samples = capture(encoder, [tokenise(text, CALIBRATION_TOKENS) for text in texts])
    return ChipNetwork(network=encoder, quantised=quantise_network(encoder, samples, BALANCED))


def token_ids(tokens: int = 32) -> np.ndarray:
    """Exactly `tokens` (3..512) token ids of real text that calibration does not see.

    Raises:
        PanaceaError: for another length.
    """
    (*_, text) = passages(CALIBRATION_PASSAGES + 1, max(tokens, CALIBRATION_TOKENS), SEED)
    return tokenise(text, tokens)


def similarities(embeddings: list[np.ndarray]) -> list[float]:
    """Cosines of every pair of embeddings of length 1: first and second, first and third, ..."""
    return [float(a @ b) for i, a in enumerate(embeddings) for b in embeddings[i + 1 :]]
