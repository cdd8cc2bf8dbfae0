"""MiniLM on the chip: sentence embeddings and their similarities."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from models.calibration import QuantOptions
from models.networks.bert import encode
from models.networks.minilm import NUM_LAYERS, load_encoder, tokenise
from models.networks.options import INPUTS, WEIGHTS, kept_options
from models.networks.passages import passages
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork, run_on_model
from models.networks.search import Budget, search
from models.networks.steps import LinearFunction, capture, float_linear
from models.networks.task import Task

__all__ = [
    "SENTENCES",
    "calibration_ids",
    "chosen_options",
    "encoder_on_chip",
    "held_out",
    "sentence_task",
    "similarities",
]

SENTENCES = (
    "The weather is lovely today.",
    "It's so sunny outside!",
    "He drove to the stadium.",
)
"""The example of sentence-transformers; in float32 its similarities are 0.6660 (first and
second), 0.1046 (first and third), 0.1411 (second and third)."""

CALIBRATION_PASSAGES, CALIBRATION_TOKENS = 8, 128
SEED = 0
LIMIT = 0.008
"""1 - mean cosine to float32 that calibration allows; the target is 0.01 on other texts."""
LOW_BIT_LIMIT = 0.04
"""The same where all weights have 4 bits."""
MEASURED_PASSAGES, MEASURED_TOKENS = 19, 32


@cache
def encoder_on_chip(num_layers: int = NUM_LAYERS) -> ChipNetwork:
    """MiniLM's first `num_layers` (1..6) encoder layers with the formats of `chosen_options`.

    A run's result is the sentence embedding, (features,) float32 of length 1.

    Raises:
        PanaceaError: for another number of layers, or naming the package that is missing.
    """
    encoder = load_encoder(num_layers)
    samples = capture(encoder, calibration_ids())
    quantised = quantise_network(encoder, samples, chosen_options())
    return ChipNetwork(network=encoder, quantised=quantised)


def chosen_options(seed: int = SEED) -> Mapping[str, QuantOptions]:
    """The cheapest formats that calibration found within the budget, by layer name.

    The first call searches them, on the passages that `seed` draws, which takes some seconds;
    later ones read them from `sim_build`.
    """
    ids = calibration_ids(seed)
    return kept_options("minilm", (ids, INPUTS, WEIGHTS, LIMIT), lambda: _search(seed))


def calibration_ids(seed: int = SEED) -> list[np.ndarray]:
    """Token ids (tokens,) of the passages that `seed` draws for calibration."""
    texts = passages(CALIBRATION_PASSAGES, CALIBRATION_TOKENS, seed)
    return [tokenise(text, CALIBRATION_TOKENS) for text in texts]


def held_out(count: int, tokens: int, seed: int = SEED) -> list[np.ndarray]:
    """Token ids of `count` passages that `seed` does not draw for calibration.

    Each has exactly `tokens` (3..512).

    Raises:
        PanaceaError: for another length, or more passages than there are.
    """
    calibration = passages(CALIBRATION_PASSAGES, CALIBRATION_TOKENS, seed)
    texts = passages(CALIBRATION_PASSAGES + count, max(tokens, CALIBRATION_TOKENS), seed)
    others = [text for text in texts if text not in calibration]
    return [tokenise(text, tokens) for text in others[:count]]


def similarities(embeddings: Sequence[np.ndarray]) -> list[float]:
    """Cosines of every pair of embeddings of length 1: first and second, first and third, ..."""
    return [float(a @ b) for i, a in enumerate(embeddings) for b in embeddings[i + 1 :]]


@cache
def sentence_task(seed: int = SEED) -> Task:
    """Sentence embeddings; the figure is the mean cosine to float32 of 19 passages of 32 tokens."""
    encoder, texts = load_encoder(), calibration_ids(seed)

    def embeddings(ids: list[np.ndarray], linear: LinearFunction) -> list[np.ndarray]:
        return [encode(encoder, one, linear) for one in ids]

    wanted = embeddings(texts, float_linear(encoder))

    def distance(linear: LinearFunction) -> float:
        return 1 - _mean_cosine(embeddings(texts, linear), wanted)

    def cosine(network: ChipNetwork) -> float:
        ids = held_out(MEASURED_PASSAGES, MEASURED_TOKENS, seed)
        found = [run_on_model(network.run(one)) for one in ids]
        return _mean_cosine(found, [network.reference(one) for one in ids])

    return Task(
        name="minilm",
        network=encoder,
        texts=texts,
        loss=distance,
        limit=LIMIT,
        low_bit_limit=LOW_BIT_LIMIT,
        measure=cosine,
        figure="cosine to float32",
        higher_is_better=True,
        passage=held_out(1, 64, seed)[0],
        plain=QuantOptions(),
    )


def _mean_cosine(found: list[np.ndarray], wanted: list[np.ndarray]) -> float:
    return float(np.mean([a @ b for a, b in zip(found, wanted, strict=True)]))


def _search(seed: int) -> dict[str, QuantOptions]:
    task = sentence_task(seed)
    budget = Budget(loss=task.loss, limit=LIMIT)
    return search(task.network, capture(task.network, task.texts), INPUTS, WEIGHTS, budget)
