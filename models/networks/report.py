"""What quantisation does to MiniLM, layer by layer: `python -m models.networks.report --help`."""

from argparse import ArgumentParser
from collections.abc import Sequence

from models.calibration import QuantOptions, Zpm, activation_sparsity
from models.networks.bert import LINEAR_KINDS
from models.networks.cases import BALANCED, DEFAULT, NetworkCases, evaluate, load_network
from models.networks.minilm import tokenise
from models.networks.requests import run_on_model
from models.networks.sentences import SENTENCES, encoder_on_chip, similarities
from models.quant import Granularity

__all__ = ["OPTIONS", "example", "main", "report", "sparsities", "weighted_mean"]

OPTIONS = {
    "chosen": None,
    "default": DEFAULT,
    "balanced": BALANCED,
    "per-tensor": QuantOptions(granularity=Granularity.TENSOR),
    "row-group": QuantOptions(granularity=Granularity.ROW_GROUP),
    "no-zpm": QuantOptions(zpm=Zpm.OFF),
    "zpm-everywhere": QuantOptions(zpm=Zpm.ON),
    "zpm-unwidened": QuantOptions(zpm=Zpm.ON, widen=False),
    "dbs-2": QuantOptions(dbs_max=2),
    "dbs-3": QuantOptions(dbs_max=3),
    "w4": QuantOptions(w_bits=4),
    "w10-x12": QuantOptions(w_bits=10, x_bits=12),
}


def sparsities(network: NetworkCases) -> dict[str, float]:
    """Share of skipped 1x4 activation HO vectors of every layer's input, by layer name."""
    return {case.name: activation_sparsity(case.x, case.config) for case in network.cases}


def weighted_mean(network: NetworkCases) -> float:
    """Mean of `sparsities`, each layer weighted by its multiplications."""
    found = sparsities(network)
    total = sum(case.w.size for case in network.cases)
    return sum(found[case.name] * case.w.size for case in network.cases) / total


def report(network: NetworkCases) -> list[str]:
    """Lines: one per layer, then the means by kind, over layers and over multiplications."""
    found = sparsities(network)
    lines = ["layer                  W x bits    zp  DBS  rule  sigma  vectors skipped %"]
    for layer in network.layers:
        config, found_at = layer.config, layer.input
        lines.append(
            f"{layer.name:24s}{config.w_bits:2d} {config.x_bits:4d}{config.zp:6d}"
            f"{config.dbs_type:5d}{found_at.rule_type:6d}{found_at.sigma:7.1f}"
            f"{100 * found[layer.name]:8.1f}"
        )
    for kind in LINEAR_KINDS:
        values = [found[case.name] for case in network.cases if case.kind == kind]
        lines.append(f"mean {kind:40s}{100 * sum(values) / len(values):9.1f}")
    lines.append(f"{'mean over layers':45s}{100 * sum(found.values()) / len(found):9.1f}")
    lines.append(f"{'mean over multiplications':45s}{100 * weighted_mean(network):9.1f}")
    lines.append(f"{'embedding cosine to float32, this passage':45s}{network.cosine:9.4f}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report for the options given on the command line."""
    parser = ArgumentParser(description="Sparsity and accuracy of quantised MiniLM.")
    parser.add_argument("--layers", type=int, default=6, help="encoder layers, 1..6")
    parser.add_argument("--tokens", type=int, default=64, help="tokens of the passage")
    parser.add_argument("--seed", type=int, default=0, help="draws the passages")
    parser.add_argument("--options", choices=OPTIONS, default="chosen")
    parser.add_argument("--passages", type=int, default=0, help="passages to average cosines over")
    chosen = parser.parse_args(arguments)
    options = OPTIONS[chosen.options]
    print("\n".join(report(load_network(chosen.layers, chosen.tokens, chosen.seed, options))))
    if chosen.passages:
        found = evaluate(chosen.passages, chosen.tokens, chosen.seed, options)
        title = f"mean, worst cosine of {chosen.passages} passages"
        print(f"{title:45s}{found.cosines.mean():9.4f}{found.cosines.min():9.4f}")
        mean = sum(found.sparsities.values()) / len(found.sparsities)
        print(f"{'mean over their layers, vectors skipped %':45s}{100 * mean:9.1f}")
    if chosen.options == "chosen":
        print("\n".join(example()))


def example() -> list[str]:
    """Lines: similarities of the example sentences, float32 and on the integer model."""
    network = encoder_on_chip()
    texts = [tokenise(text) for text in SENTENCES]
    found = {
        "float32": similarities([network.reference(ids) for ids in texts]),
        "integers": similarities([run_on_model(network.run(ids)) for ids in texts]),
    }
    return [
        f"example's similarities, {k:21s}" + "".join(f"{v:9.4f}" for v in found[k]) for k in found
    ]


if __name__ == "__main__":
    main()
