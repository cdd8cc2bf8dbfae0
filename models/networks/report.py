"""What quantisation does to MiniLM, layer by layer: `python -m models.networks.report --help`."""

from argparse import ArgumentParser
from collections.abc import Sequence

from models.calibration import QuantOptions, Zpm, activation_sparsity
from models.networks.bert import LINEAR_KINDS
from models.networks.cases import BALANCED, DEFAULT, NetworkCases, embedding_cosines, load_network
from models.quant import Granularity

__all__ = ["OPTIONS", "main", "report", "sparsities", "weighted_mean"]

OPTIONS = {
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
    lines = ["layer                    zp  DBS  rule  sigma  vectors skipped %"]
    lines += [
        f"{layer.name:24s}{layer.config.zp:4d}{layer.config.dbs_type:5d}{layer.input.rule_type:6d}"
        f"{layer.input.sigma:7.1f}{100 * found[layer.name]:8.1f}"
        for layer in network.layers
    ]
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
    parser.add_argument("--options", choices=OPTIONS, default="default")
    parser.add_argument("--passages", type=int, default=0, help="passages to average cosines over")
    chosen = parser.parse_args(arguments)
    options = OPTIONS[chosen.options]
    print("\n".join(report(load_network(chosen.layers, chosen.tokens, chosen.seed, options))))
    if chosen.passages:
        cosines = embedding_cosines(chosen.passages, chosen.tokens, chosen.seed, options)
        title = f"mean, worst of {chosen.passages} passages, 6 layers"
        print(f"{title:45s}{cosines.mean():9.4f}{cosines.min():9.4f}")


if __name__ == "__main__":
    main()
