"""Formats and perplexity of quantised SmolLM2: `python -m models.networks.report_smollm2`."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.calibration import ActivationScale, LayerQuant, QuantOptions, activation_sparsity
from models.networks.language import decoder_on_chip, held_out, log_losses, perplexity
from models.networks.llama import LINEAR_KINDS
from models.networks.requests import run_recorded

__all__ = ["OPTIONS", "formats", "main"]

OPTIONS = {"chosen": None} | {
    f"{scale.name.lower()}-{w_bits}-{x_bits}": QuantOptions(
        scale=scale, w_bits=w_bits, x_bits=x_bits
    )
    for scale in ActivationScale
    for w_bits, x_bits in ((7, 8), (7, 12), (10, 8), (10, 12))
}
"""The formats that calibration chooses, or one for all layers."""


def formats(layers: Mapping[str, LayerQuant], sparsities: Mapping[str, float]) -> list[str]:
    """Lines: for each kind how many layers got which format, and the layers with wide operands.

    `sparsities` are the layers' shares of skipped activation vectors.
    """
    lines = ["kind           vectors skipped %  layers x weights / activations (DBS type, scale)"]
    for kind in (*LINEAR_KINDS, ""):
        names = [name for name in layers if name.endswith(f".{kind}") or not kind]
        skipped = 100 * np.mean([sparsities[name] for name in names])
        counts = Counter(_format(layers[name]) for name in names).most_common()
        what = ", ".join(f"{count} x {text}" for text, count in counts) if kind else ""
        lines.append(f"{kind or 'all':15s}{skipped:17.1f}  {what}".rstrip())
    work = {name: layer.w.size for name, layer in layers.items()}
    wide = {name for name, layer in layers.items() if _is_wide(layer)}
    share = sum(work[name] for name in wide) / sum(work.values())
    lines.append(
        f"wider than 7 / 8 bits: {len(wide)} layers, {100 * share:.1f} % of multiplications"
    )
    lines += [f"  {kind}: blocks {blocks}" for kind, blocks in _blocks(wide).items()]
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report."""
    parser = ArgumentParser(description="Formats and perplexity of quantised SmolLM2-135M.")
    parser.add_argument("--passages", type=int, default=8, help="held-out passages, 1..8")
    parser.add_argument("--tokens", type=int, default=256, help="tokens of each")
    parser.add_argument("--options", choices=OPTIONS, default="chosen")
    chosen = parser.parse_args(arguments)
    network = decoder_on_chip(options=OPTIONS[chosen.options])
    layers = network.quantised.layers
    texts = held_out(chosen.passages, chosen.tokens)
    wanted, found, skipped = [], [], []
    for ids in texts:
        wanted.append(log_losses(network.reference(ids), ids))
        logits, inputs = run_recorded(network.run(ids))
        found.append(log_losses(logits, ids))
        skipped.append([activation_sparsity(x, layers[name].config) for name, x in inputs.items()])
    sparsities = dict(zip(inputs, np.mean(skipped, axis=0), strict=True))
    print("\n".join(formats(layers, sparsities)))
    before, after = perplexity(wanted), perplexity(found)
    print(f"perplexity on {len(texts)} held-out passages of {chosen.tokens} tokens:")
    print(f"  float32 {before:.3f}, integers {after:.3f}, {100 * (after / before - 1):+.2f} %")


def _format(layer: LayerQuant) -> str:
    scale = "column" if layer.input.s_x is None else "tensor"
    config = layer.config
    return f"{config.w_bits} / {config.x_bits} ({config.dbs_type}, {scale})"


def _is_wide(layer: LayerQuant) -> bool:
    return layer.config.w_bits > 7 or layer.config.x_bits > 8


def _blocks(names: Iterable[str]) -> dict[str, str]:
    """Block numbers by kind."""
    numbers: dict[str, list[int]] = {}
    for name in names:
        _, block, kind = name.split(".")
        numbers.setdefault(kind, []).append(int(block))
    return {
        kind: " ".join(map(str, sorted(numbers[kind]))) for kind in LINEAR_KINDS if kind in numbers
    }


if __name__ == "__main__":
    main()
