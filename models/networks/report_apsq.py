"""What APSQ does to the networks, by group size: `python -m models.networks.report_apsq --help`."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.apsq import GS_MAX, Apsq, plain_psq
from models.calibration import LayerQuant
from models.networks import language, sentences
from models.networks.apsq import with_apsq
from models.networks.requests import ChipNetwork, Combine, accumulated, model_results
from models.networks.steps import Samples, capture, drive

__all__ = ["Task", "Traffic", "main", "partial_sum_traffic", "report", "tasks"]

CODE_BITS, SUM_BITS = 8, 32


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """A network, what its scales are calibrated on, what it is judged by.

    Attributes:
        network: with the exact integer layers.
        samples: calibration inputs of every layer.
        texts: token ids of the texts to judge by.
        judge: results of all texts, float32's and ours, to one figure.
        figure: its name.
    """

    network: ChipNetwork
    samples: Samples
    texts: Sequence[np.ndarray]
    judge: Callable[[Sequence[np.ndarray], Sequence[np.ndarray]], float]
    figure: str


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Partial sums between the steps of all layers, for each column.

    Attributes:
        bits: written and read.
        stored: bits held at a time for each output, at most.
    """

    bits: int
    stored: int


def partial_sum_traffic(layers: Mapping[str, LayerQuant], depth: int, gs: int | None) -> Traffic:
    """What moves between steps: every step but the last stores its sums, and each is read once.

    `gs` is None for exact sums of 32 bits, of which there is one for each output.
    """
    steps = [-(-layer.w.shape[1] // depth) for layer in layers.values()]
    width = SUM_BITS if gs is None else CODE_BITS
    moved = sum(
        2 * width * (n - 1) * len(layer.w) for n, layer in zip(steps, layers.values(), strict=True)
    )
    held = 1 if gs is None else min(gs, max(steps) - 1)
    return Traffic(bits=moved, stored=width * held)


def report(task: Task, depth: int) -> Iterator[str]:
    """Lines: accuracy, traffic and storage of exact sums, plain quantisation and every group size.

    They come as they are known.
    """
    layers = task.network.quantised.layers
    wanted = [task.network.reference(ids) for ids in task.texts]
    exact = partial_sum_traffic(layers, depth, None)
    yield f"partial sums           {task.figure:>12s}  kB a token  share  bits held for an output"
    yield f"float32                {task.judge(wanted, wanted):12.4f}"

    def line(title: str, network: ChipNetwork, traffic: Traffic, combine: Combine) -> str:
        found = [
            drive(network.run(ids), lambda request: model_results(request, combine))
            for ids in task.texts
        ]
        moved = f"{traffic.bits / 8000:10.0f}  {traffic.bits / exact.bits:5.2f}"
        return f"{title:23s}{task.judge(found, wanted):12.4f}  {moved}  {traffic.stored:3d}"

    def quantised(gs: int, *, plain: bool = False) -> ChipNetwork:
        return with_apsq(task.network, task.samples, gs=gs, depth=depth, plain=plain)

    yield line("exact, 32 bits", task.network, exact, accumulated)
    # A group that never ends: every step but the last stores its own sums.
    traffic = partial_sum_traffic(layers, depth, 2**16)
    yield line("plain, 8 bits", quantised(1, plain=True), traffic, _plain)
    for gs in range(1, GS_MAX + 1):
        traffic = partial_sum_traffic(layers, depth, gs)
        yield line(f"APSQ, 8 bits, gs = {gs}", quantised(gs), traffic, accumulated)


def _plain(sums: Sequence[np.ndarray], apsq: Apsq) -> np.ndarray:
    """Plain quantisation: every step by itself."""
    return plain_psq(sums, apsq.exponents)


def tasks(passages: int, tokens: int) -> dict[str, Callable[[], Task]]:
    """The tasks by name, made when called, with this many texts of this many tokens."""

    def cosine(found: Sequence[np.ndarray], wanted: Sequence[np.ndarray]) -> float:
        return float(np.mean([a @ b for a, b in zip(found, wanted, strict=True)]))

    def minilm() -> Task:
        network = sentences.encoder_on_chip()
        return Task(
            network=network,
            samples=capture(network.network, sentences.calibration_ids()),
            texts=sentences.held_out(passages, tokens),
            judge=cosine,
            figure="cosine",
        )

    def smollm2() -> Task:
        network, texts = language.decoder_on_chip(), language.held_out(passages, tokens)
        return Task(
            network=network,
            samples=capture(network.network, language.calibration_ids()),
            texts=texts,
            judge=lambda found, _: language.perplexity(
                [language.log_losses(one, ids) for one, ids in zip(found, texts, strict=True)]
            ),
            figure="perplexity",
        )

    return {"minilm": minilm, "smollm2": smollm2}


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report for the options given on the command line."""
    parser = ArgumentParser(description="Accuracy with quantised partial sums, by group size.")
    parser.add_argument("--net", choices=tuple(tasks(1, 3)), default="minilm")
    parser.add_argument("--passages", type=int, default=8, help="texts to judge by")
    parser.add_argument("--tokens", type=int, default=64, help="tokens of each")
    parser.add_argument("--depth", type=int, default=64, help="K of a step")
    chosen = parser.parse_args(arguments)
    for line in report(tasks(chosen.passages, chosen.tokens)[chosen.net](), chosen.depth):
        print(line, flush=True)


if __name__ == "__main__":
    main()
