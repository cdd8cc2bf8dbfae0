"""Real fully connected layers with real inputs, ready for the accelerator: MiniLM on prose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.calibration import LayerQuant, QuantOptions, activation_sparsity
from models.networks.bert import Encoder, encode
from models.networks.minilm import NUM_LAYERS, load_encoder
from models.networks.quantised import QuantisedNetwork, quantise_network
from models.networks.requests import chip_run, run_recorded
from models.networks.sentences import calibration_ids, chosen_options, held_out
from models.networks.steps import capture, float_linear
from models.params import LayerConfig

__all__ = [
    "BALANCED",
    "DEFAULT",
    "Evaluation",
    "LayerCase",
    "NetworkCases",
    "evaluate",
    "load_cases",
    "load_network",
]

Options = QuantOptions | Mapping[str, QuantOptions] | None
"""For all layers, for each by name, or those that calibration chooses (None)."""

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


@dataclass(frozen=True, kw_only=True, eq=False)
class Evaluation:
    """All six layers on several passages.

    `cosines` (passages,) are between integer and float32 embedding; `sparsities` the share of
    skipped 1x4 activation HO vectors, by layer name, mean over the passages.
    """

    cosines: np.ndarray
    sparsities: Mapping[str, float]


def load_cases(
    num_layers: int = 2, tokens: int = 64, seed: int = 0, options: Options = DEFAULT
) -> list[LayerCase]:
    """The layers of MiniLM's first `num_layers` encoder layers on one passage, 6 per layer.

    See `load_network`, which also gives the accuracy.
    """
    return list(load_network(num_layers, tokens, seed, options).cases)


def load_network(
    num_layers: int = 6, tokens: int = 64, seed: int = 0, options: Options = DEFAULT
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
    embedding, inputs = run_recorded(chip_run(encoder.steps(ids), quantised))
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
    cosine = float(embedding @ encode(encoder, ids, float_linear(encoder)))
    return NetworkCases(layers=tuple(quantised.layers.values()), cases=cases, cosine=cosine)


def evaluate(count: int, tokens: int = 64, seed: int = 0, options: Options = DEFAULT) -> Evaluation:
    """MiniLM on `count` passages of `tokens` tokens, none of them used for calibration.

    They begin with `load_network`'s. One passage alone is a noisy measure: cosines differ by up
    to 0.01.

    Raises:
        PanaceaError: as `load_network`, and for more passages than the text has.
    """
    encoder, quantised, texts = _prepare(NUM_LAYERS, tokens, seed, options, count)
    wanted = (encode(encoder, ids, float_linear(encoder)) for ids in texts)
    runs = [run_recorded(chip_run(encoder.steps(ids), quantised)) for ids in texts]
    return Evaluation(
        cosines=np.array([run[0] @ one for run, one in zip(runs, wanted, strict=True)]),
        sparsities={
            name: float(np.mean([activation_sparsity(run[1][name], layer.config) for run in runs]))
            for name, layer in quantised.layers.items()
        },
    )


def _prepare(
    num_layers: int, tokens: int, seed: int, options: Options, count: int
) -> tuple[Encoder, QuantisedNetwork, list[np.ndarray]]:
    """The network, its integer layers, and the token ids of `count` other passages."""
    encoder = load_encoder(num_layers)
    samples = capture(encoder, calibration_ids(seed))
    chosen = chosen_options(seed) if options is None else options
    return encoder, quantise_network(encoder, samples, chosen), held_out(count, tokens, seed)
