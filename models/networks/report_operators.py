"""Cycles of a network's layers with each setting of the operators, by the cycle model, against a
dense array of as many multipliers: `python -m models.networks.report_operators --help`."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from models.bound import layer_bound
from models.cycles import predict
from models.networks.cases import load_network
from models.networks.language import decoder_on_chip, held_out
from models.networks.report import OPTIONS
from models.networks.requests import run_recorded
from models.params import VECTOR, CoreParams, LayerConfig
from models.workload import layer_workload

__all__ = ["SETTINGS", "Layer", "dense_cycles", "layers", "main"]

Layer = tuple[str, np.ndarray, np.ndarray, LayerConfig]
"""Name, weights (M, K), activations (K, N), formats."""

SETTINGS = {"4+8": (4, 8), "8+4": (8, 4), "pooled": (12, 0)}
_SLOTS = 4  # outer products of 4-bit slices that 8-bit operands need for each k of a block


def dense_cycles(w: np.ndarray, x: np.ndarray, params: CoreParams) -> float:
    """Cycles of a dense array with the core's multipliers, none of them ever idle: 8b x 8b."""
    blocks = len(w) / VECTOR * -(-x.shape[1] // VECTOR)
    return _SLOTS * w.shape[1] * blocks / (params.operators * params.num_pea)


def layers(network: str, options: str, tokens: int) -> Iterator[Layer]:
    """The layers of MiniLM or SmolLM2 with what they get on one passage."""
    if network == "minilm":
        for case in load_network(tokens=tokens, options=OPTIONS[options]).cases:
            yield case.name, case.w, case.x, case.config
        return
    decoder = decoder_on_chip(options=OPTIONS[options])
    (ids,) = held_out(1, tokens)
    for name, x in run_recorded(decoder.run(ids))[1].items():
        layer = decoder.quantised.layers[name]
        yield name, layer.w.astype(np.int64), x, layer.config


def _table(found: Iterable[Layer], dtp: bool) -> Iterator[str]:
    """Lines: speed over the dense array and cycles over the bound, all layers and the worst one."""
    cycles = {name: [] for name in SETTINGS}
    bounds = {name: [] for name in SETTINGS}
    dense = []
    for _, w, x, config in found:
        dense.append(dense_cycles(w, x, CoreParams()))
        for name, (num_dwo, num_swo) in SETTINGS.items():
            params = CoreParams(num_dwo=num_dwo, num_swo=num_swo)
            work = layer_workload(w, x, config, params, dtp, dense=None)
            cycles[name].append(predict(work, params).cycles)
            bounds[name].append(layer_bound(w, x, config, params, dtp).cycles)
    yield f"{'operators':10s}{'cycles':>12s}{'over dense':>12s}{'cycles/bound':>14s}{'worst':>8s}"
    for name in SETTINGS:
        total = sum(cycles[name])
        worst = max(c / b for c, b in zip(cycles[name], bounds[name], strict=True))
        yield (
            f"{name:10s}{total:12d}{sum(dense) / total:12.2f}{total / sum(bounds[name]):14.3f}"
            f"{worst:8.3f}"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = ArgumentParser(description="Cycles with each setting of the operators.")
    parser.add_argument("--network", choices=("minilm", "smollm2"), default="minilm")
    parser.add_argument("--options", choices=OPTIONS, default="default")
    parser.add_argument("--tokens", type=int, default=64, help="tokens of the passage")
    parser.add_argument("--dtp", action="store_true", help="double tile processing")
    chosen = parser.parse_args(arguments)
    found = layers(chosen.network, chosen.options, chosen.tokens)
    print("\n".join(_table(found, chosen.dtp)))


if __name__ == "__main__":
    main()
