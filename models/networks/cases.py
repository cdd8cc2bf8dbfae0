"""Real fully connected layers with real inputs, ready for the accelerator: MiniLM on prose."""

from dataclasses import dataclass, field

import numpy as np

from models.calibration import LayerQuant, QuantOptions
from models.networks.bert import Encoder, encode
from models.networks.minilm import NUM_LAYERS, load_encoder, tokenise
from models.networks.passages import passages
from models.networks.quantised import QuantisedNetwork, quantise_network
from models.networks.requests import Request, Results, chip_run, model_results, run_on_model
from models.networks.steps import capture, drive, float_linear
from models.params import LayerConfig

__all__ = [
    "BALANCED",
    "DEFAULT",
    "LayerCase",
    "NetworkCases",
    "embedding_cosines",
    "load_cases",
    "load_network",
]

CALIBRATION_PASSAGES = 8
CALIBRATION_TOKENS = 128

DEFAULT = QuantOptions()
BALANCED = QuantOptions(dbs_max={"q": 2, "k": 2, "attention_out": 2})
"""DBS type 2 where it costs MiniLM least: sparser attention, mean cosine still above 0.99."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerCase:
    """One layer and one input: `y = w x + bias` is what the accelerator must return.

    `w` (M, K), `x` (K, N), `bias` (M,): int64; w fits `w_bits`, x is in 0..2^x_bits - 1 and on
    the grid 2^(l-4) of `dbs_type`, bias fits 32 bits and holds the zero-point term. `s_w` (M,)
    and `s_x` are real units per step: `Y ~= s_w s_x y`.
    """

    name: str
    kind: str
    w: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    bias: np.ndarray = field(repr=False)
    w_bits: int
    x_bits: int
    zp: int
    dbs_type: int
    s_w: np.ndarray = field(repr=False)
    s_x: float

    @property
    def config(self) -> LayerConfig:
        """The number formats as the other models take them."""
        return LayerConfig(
            w_bits=self.w_bits, x_bits=self.x_bits, zp=self.zp, dbs_type=self.dbs_type
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class NetworkCases:
    """Every layer of one run, in execution order, and how close it stays to float32.

    `layers` are the calibrated layers, `cases` the same with the run's inputs; `cosine` is
    between the embeddings of the integer and the float32 run of the same layers.
    """

    layers: tuple[LayerQuant, ...]
    cases: tuple[LayerCase, ...]
    cosine: float


def load_cases(
    num_layers: int = 2, tokens: int = 64, seed: int = 0, options: QuantOptions = DEFAULT
) -> list[LayerCase]:
    """The layers of MiniLM's first `num_layers` encoder layers on one passage, 6 per layer.

    See `load_network`, which also gives the accuracy.
    """
    return list(load_network(num_layers, tokens, seed, options).cases)


def load_network(
    num_layers: int = 6, tokens: int = 64, seed: int = 0, options: QuantOptions = DEFAULT
) -> NetworkCases:
    """Calibrate MiniLM's first `num_layers` (1..6) encoder layers and run one passage.

    Every layer's x is what the quantised network itself produces, its earlier layers being
    integer already: what the accelerator would be given. Each case still stands alone.

    Args:
        num_layers: encoder layers, 6 fully connected layers each.
        tokens: N, 3..512.
        seed: draws the passage, and 8 others of 128 tokens for calibration.
        options: quantisation.

    Raises:
        PanaceaError: for arguments out of range, or naming the package that is missing.
    """
    encoder, quantised, (ids,) = _prepare(num_layers, tokens, seed, options, 1)
    inputs: dict[str, np.ndarray] = {}

    def record(request: Request) -> Results:
        results = model_results(request)
        for layer in request:
            x = layer.x if layer.source is None else results[layer.source]
            inputs[layer.name] = x.astype(np.int64)
        return results

    embedding = drive(chip_run(encoder.steps(ids), quantised), record)
    cases = tuple(
        LayerCase(
            name=name,
            kind=name.rpartition(".")[2],
            w=layer.w.astype(np.int64),
            x=inputs[name],
            bias=layer.bias,
            w_bits=layer.config.w_bits,
            x_bits=layer.config.x_bits,
            zp=layer.config.zp,
            dbs_type=layer.config.dbs_type,
            s_w=layer.s_w,
            s_x=layer.input.s_x,
        )
        for name, layer in quantised.layers.items()
    )
    cosine = _cosine(encoder, ids, embedding)
    return NetworkCases(layers=tuple(quantised.layers.values()), cases=cases, cosine=cosine)


def embedding_cosines(
    count: int, tokens: int = 64, seed: int = 0, options: QuantOptions = DEFAULT
) -> np.ndarray:
    """Cosine between integer and float32 embedding for `count` passages, (count,) float64.

    All six encoder layers; the passages, none of them used for calibration, begin with
    `load_network`'s. One passage alone is a noisy measure: they differ by up to 0.01.

    Raises:
        PanaceaError: as `load_network`, and for more passages than the text has.
    """
    encoder, quantised, texts = _prepare(NUM_LAYERS, tokens, seed, options, count)
    runs = [run_on_model(chip_run(encoder.steps(ids), quantised)) for ids in texts]
    return np.array([_cosine(encoder, *pair) for pair in zip(texts, runs, strict=True)])


def _prepare(
    num_layers: int, tokens: int, seed: int, options: QuantOptions, count: int
) -> tuple[Encoder, QuantisedNetwork, list[np.ndarray]]:
    """The network, its integer layers, and the token ids of `count` other passages."""
    encoder = load_encoder(num_layers)
    words = max(tokens, CALIBRATION_TOKENS)
    texts = passages(CALIBRATION_PASSAGES + count, words, seed)
    calibration = [tokenise(text, CALIBRATION_TOKENS) for text in texts[:CALIBRATION_PASSAGES]]
    quantised = quantise_network(encoder, capture(encoder, calibration), options)
    return encoder, quantised, [tokenise(text, tokens) for text in texts[CALIBRATION_PASSAGES:]]


def _cosine(encoder: Encoder, ids: np.ndarray, embedding: np.ndarray) -> float:
    return float(embedding @ encode(encoder, ids, float_linear(encoder)))
