"""Real networks on the Sibia-style core: `python -m models.baselines.sibia_report --help`.

Every fully connected layer has symmetric weights of 7 (or 4) bits and activations of 7, and skips
the operand that takes fewer cycles.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.baselines.sibia import SibiaParams, Skip
from models.baselines.sibia_layer import SibiaCount, best_skip
from models.baselines.sibia_quant import quantise_symmetric
from models.calibration import ActivationScale
from models.networks import language, sentences
from models.networks.minilm import load_encoder
from models.networks.smollm2 import load_decoder
from models.networks.steps import Network, drive, float_linear, float_outputs
from models.quant import Granularity, quantise_weights

__all__ = ["SibiaNetwork", "main"]

_DENSE_MULTIPLIERS = 768  # 8 by 8 bits, for the 3072 of 4 by 4 bits


@dataclass(kw_only=True)
class SibiaNetwork:
    """A LinearFunction that multiplies on integers and counts what the core takes.

    Attributes:
        network: whose layers these are.
        w_bits: 7 or 4.
        granularity: rows that share a weight scale.
        counts, dense_cycles: of the layers so far, in order; cycles of a dense 8-bit array with
            the same multipliers, all of them always busy.
    """

    network: Network
    w_bits: int
    granularity: Granularity
    counts: list[SibiaCount] = field(default_factory=list)
    dense_cycles: float = 0.0

    def __call__(self, name: str, x: np.ndarray) -> np.ndarray:
        """Real outputs (M, N) of real inputs (K, N)."""
        linear = self.network.linears()[name]
        w, s_w = quantise_weights(linear.weight, self.w_bits, self.granularity)
        codes, s_x = quantise_symmetric(x, ActivationScale.COLUMN)
        self.counts.append(best_skip(w, codes, SibiaParams(), w_bits=self.w_bits))
        self.dense_cycles += w.size * x.shape[1] / _DENSE_MULTIPLIERS
        y = w.astype(np.float32) @ codes.astype(np.float32)  # below 2^24: exact
        real = y * s_w[:, None] * s_x + linear.bias[:, None]
        return real.astype(np.float32)


def _mean_cosine(found: np.ndarray, wanted: np.ndarray) -> float:
    """Mean cosine of embeddings (features,) or of logits' columns (vocabulary, N)."""
    products = (found * wanted).sum(axis=0)
    norms = np.linalg.norm(found, axis=0) * np.linalg.norm(wanted, axis=0)
    return float(np.mean(products / norms))


def _report(title: str, one: SibiaNetwork, cosine: float) -> str:
    cycles = sum(count.cycles for count in one.counts)
    bound = sum(count.bound_cycles for count in one.counts)
    skipped = np.mean([count.skip == Skip.ACTIVATIONS for count in one.counts])
    return (
        f"{title}: {cycles} cycles, {one.dense_cycles / cycles:.3f} times a dense array's speed, "
        f"bound / cycles {bound / cycles:.4f}, activations skipped in {100 * skipped:.0f} % of "
        f"{len(one.counts)} layers, cosine to float32 {cosine:.4f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each network on one passage."""
    parser = ArgumentParser(description="MiniLM and SmolLM2 on the Sibia-style core.")
    parser.add_argument("--tokens", type=int, default=64, help="tokens of the passage")
    parser.add_argument("--w-bits", type=int, choices=(4, 7), default=7)
    parser.add_argument("--per-tensor", action="store_true", help="one scale for all weights")
    chosen = parser.parse_args(arguments)
    granularity = Granularity.TENSOR if chosen.per_tensor else Granularity.CHANNEL
    passages = (
        ("MiniLM", load_encoder(), sentences.held_out(1, chosen.tokens)),
        ("SmolLM2", load_decoder(), language.held_out(1, chosen.tokens)),
    )
    for title, network, (ids,) in passages:
        one = SibiaNetwork(network=network, w_bits=chosen.w_bits, granularity=granularity)
        found, wanted = (
            drive(network.steps(ids), lambda step, f=linear: float_outputs(step, f))
            for linear in (one, float_linear(network))
        )
        print(_report(title, one, _mean_cosine(np.asarray(found), np.asarray(wanted))))


if __name__ == "__main__":
    main()
