"""SmolLM2 on the chip: next-token logits and perplexity."""

from functools import cache

import numpy as np

from models.calibration import ActivationScale, QuantOptions
from models.errors import check_range
from models.networks.options import INPUTS, WEIGHTS, kept_options
from models.networks.passages import passages
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork, run_on_model
from models.networks.search import Budget, search
from models.networks.smollm2 import NUM_BLOCKS, load_decoder, tokenise
from models.networks.steps import (
    LinearFunction,
    capture,
    drive,
    float_linear,
    float_outputs,
)
from models.networks.task import Task

__all__ = [
    "calibration_ids",
    "decoder_on_chip",
    "held_out",
    "language_task",
    "log_losses",
    "perplexity",
]

CALIBRATION_PASSAGES, CALIBRATION_TOKENS = 4, 128
HELD_OUT_PASSAGES, HELD_OUT_TOKENS = 8, 256
MEASURED_PASSAGES = 4
SEED = 0
LIMIT = 0.04
"""Mean divergence (nats) from float32's next-token distributions that calibration allows: about
the logarithm of the ratio of the perplexities, whose target is 1.05."""
LOW_BIT_LIMIT = 0.25
"""The same where all weights have 4 bits."""


@cache
def decoder_on_chip(
    num_blocks: int = NUM_BLOCKS, options: QuantOptions | None = None
) -> ChipNetwork:
    """SmolLM2's first `num_blocks` (1..30) blocks.

    Without `options` with the formats that calibration chooses for the whole network. The first
    call searches them, which takes about a minute; later ones read them from `sim_build`. A run's
    result are the logits, (vocabulary, N) float32.

    Raises:
        PanaceaError: for another number of blocks, or naming the package that is missing.
    """
    decoder = load_decoder(num_blocks)
    ids = calibration_ids()
    key = (ids, INPUTS, WEIGHTS, LIMIT)
    chosen = options or kept_options("smollm2", key, _search)
    quantised = quantise_network(decoder, capture(decoder, ids), chosen)
    return ChipNetwork(network=decoder, quantised=quantised)


def calibration_ids() -> list[np.ndarray]:
    """Token ids (tokens,) of the passages for calibration."""
    return [tokenise(text, CALIBRATION_TOKENS) for text in _texts()[:CALIBRATION_PASSAGES]]


def held_out(count: int = HELD_OUT_PASSAGES, tokens: int = HELD_OUT_TOKENS) -> list[np.ndarray]:
    """Token ids (tokens,) of `count` (1..8) passages that calibration does not see.

    Raises:
        PanaceaError: for another count, or more tokens than a passage has.
    """
    check_range("count", count, 1, HELD_OUT_PASSAGES)
    return [tokenise(text, tokens) for text in _texts()[CALIBRATION_PASSAGES:][:count]]


def log_losses(logits: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """-log of the probability that `logits` (vocabulary, N) give each next token, (N - 1,)."""
    return -_log_softmax(logits)[ids[1:], np.arange(len(ids) - 1)]


def perplexity(losses: list[np.ndarray]) -> float:
    """exp of the mean of all tokens' `log_losses`."""
    return float(np.exp(np.concatenate(losses).mean()))


def _texts() -> list[str]:
    return passages(CALIBRATION_PASSAGES + HELD_OUT_PASSAGES, HELD_OUT_TOKENS, SEED)


@cache
def language_task() -> Task:
    """Next tokens; the figure is the perplexity over float32's on 4 passages of 256 tokens."""
    decoder = load_decoder()
    texts, measured = calibration_ids(), held_out(MEASURED_PASSAGES)

    def logits(ids: np.ndarray, linear: LinearFunction) -> np.ndarray:
        return drive(decoder.steps(ids), lambda step: float_outputs(step, linear))

    @cache
    def wanted() -> list[np.ndarray]:
        return [_log_softmax(logits(ids, float_linear(decoder))) for ids in texts]

    def divergence(linear: LinearFunction) -> float:
        found = (_log_softmax(logits(ids, linear)) for ids in texts)
        each = [
            (np.exp(p) * (p - q)).sum(axis=0).mean() for p, q in zip(wanted(), found, strict=True)
        ]
        return float(np.mean(each))

    @cache
    def before() -> float:
        exact = float_linear(decoder)
        return perplexity([log_losses(logits(ids, exact), ids) for ids in measured])

    def increase(network: ChipNetwork) -> float:
        after = [log_losses(run_on_model(network.run(ids)), ids) for ids in measured]
        return perplexity(after) / before()

    return Task(
        name="smollm2",
        network=decoder,
        texts=texts,
        loss=divergence,
        limit=LIMIT,
        low_bit_limit=LOW_BIT_LIMIT,
        measure=increase,
        figure="perplexity over float32's",
        higher_is_better=False,
        passage=held_out(1, 64)[0],
        plain=QuantOptions(scale=ActivationScale.COLUMN),
    )


def _search() -> dict[str, QuantOptions]:
    task = language_task()
    budget = Budget(loss=task.loss, limit=LIMIT)
    return search(task.network, capture(task.network, task.texts), INPUTS, WEIGHTS, budget)


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))
