"""Tasks of `make network`: a network, token ids, and how to tell what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from models.calibration import LayerQuant
from models.chip.request import ChipLayer
from models.errors import PanaceaError, check_range
from models.networks import language, minilm, sentences, smollm2
from models.networks.requests import ChipNetwork, Request

__all__ = [
    "NETWORKS",
    "Task",
    "TaskOptions",
    "block_of",
    "crop",
    "make_tasks",
    "most_mixed",
    "verdict_lines",
]

NETWORKS = ("minilm", "smollm2")
PROMPT = "The capital of France is"
MIXED_BLOCKS = 2  # of SmolLM2's 30, if the user asks for none
POOL, TEXTS = 12, 3  # passages to draw from, and how many sentences are compared


@dataclass(frozen=True, kw_only=True)
class TaskOptions:
    """What the user asks for.

    Attributes:
        net: one of NETWORKS.
        tokens: tokens of each text; None: the network's own example.
        layers: blocks that run on the chip, the integer model runs the others: a number from the
            first on, or `first-last`; empty: all of MiniLM's, of SmolLM2's the neighbours with
            the most different widths.
        seed: draws the texts, if `tokens` is given, and all pauses.

    Raises:
        PanaceaError: for an unknown network, or blocks that it does not have.
    """

    net: str
    tokens: int | None = None
    layers: str = ""
    seed: int = 1

    def __post_init__(self) -> None:
        if self.net not in NETWORKS:
            raise PanaceaError(f"net = {self.net!r} is not one of {', '.join(NETWORKS)}")
        if not self.blocks or self.blocks.stop > self._count:
            raise PanaceaError(f"layers = {self.layers!r}: {self.net} has {self._count} blocks")

    @property
    def blocks(self) -> range:
        """The blocks that `layers` names; if it names none, all."""
        if not self.layers:
            return range(self._count)
        first, dash, last = self.layers.partition("-")
        if not first.isdecimal() or not (last.isdecimal() or not dash):
            raise PanaceaError(f"layers = {self.layers!r} is not a number or first-last")
        return range(int(first), int(last) + 1) if dash else range(int(first))

    @property
    def _count(self) -> int:
        return minilm.NUM_LAYERS if self.net == "minilm" else smollm2.NUM_BLOCKS


@dataclass(frozen=True, kw_only=True, eq=False)
class Task:
    """One text through one network, whose `blocks` run on the chip."""

    name: str
    network: ChipNetwork = field(repr=False)
    ids: np.ndarray
    blocks: range


def make_tasks(options: TaskOptions) -> list[Task]:
    """The tasks of one call: three sentences to compare, or one text to go on with.

    Raises:
        PanaceaError: for tokens out of range.
    """
    blocks = options.blocks
    if options.net == "minilm":
        network = sentences.encoder_on_chip()
        if options.tokens is None:
            texts = [minilm.tokenise(text) for text in sentences.SENTENCES]
        else:
            pool = sentences.held_out(POOL, options.tokens)
            chosen = np.random.default_rng(options.seed).permutation(POOL)[:TEXTS]
            texts = [pool[i] for i in chosen]
    else:
        network = language.decoder_on_chip()
        if not options.layers:
            blocks = most_mixed(network.quantised.layers)
        if options.tokens is None:
            texts = [smollm2.tokenise(PROMPT)]
        else:
            check_range("tokens", options.tokens, 1, language.HELD_OUT_TOKENS)
            texts = language.held_out(1, options.tokens)
    return [
        Task(name=f"text {number}", network=network, ids=ids, blocks=blocks)
        for number, ids in enumerate(texts, 1)
    ]


def most_mixed(layers: Mapping[str, LayerQuant]) -> range:
    """The first MIXED_BLOCKS neighbouring blocks with the most different widths of operands.

    Which they are is up to the calibration, whose float sums differ a little between processors.
    """
    widths: dict[int, set[tuple[int, int]]] = {}
    for name, layer in layers.items():
        widths.setdefault(_block(name), set()).add((layer.config.w_bits, layer.config.x_bits))
    windows = [range(i, i + MIXED_BLOCKS) for i in range(len(widths) - MIXED_BLOCKS + 1)]
    return max(windows, key=lambda blocks: len(set.union(*(widths[i] for i in blocks))))


def block_of(request: Request) -> int:
    """The block that a request's layers belong to."""
    return _block(request[0].name)


def _block(name: str) -> int:
    return int(name.split(".")[1])


def crop(request: Request, rows: int, columns: int) -> Request:
    """A corner of every layer: the first rows and columns; a chained layer takes these rows only.

    Layers that share an array go on sharing one.
    """
    corners: dict[int, np.ndarray] = {}
    layers: list[ChipLayer] = []
    for layer in request:
        part = {"w": layer.w[:rows], "bias": layer.bias[:rows]}
        if layer.source is None:
            part["x"] = corners.setdefault(id(layer.x), layer.x[:, :columns])
        else:
            part["w"] = part["w"][:, :rows]
        if layer.output is not None:
            out = layer.output
            part["output"] = replace(out, multiplier=out.multiplier[:rows], shift=out.shift[:rows])
        layers.append(replace(layer, **part))
    return tuple(layers)


def verdict_lines(options: TaskOptions, tasks: Sequence[Task], got: list[np.ndarray]) -> list[str]:
    """The task's result on the chip beside float32's."""
    wanted = [task.network.reference(task.ids) for task in tasks]
    if options.net == "minilm":
        pairs = zip(sentences.similarities(got), sentences.similarities(wanted), strict=True)
        cosines = [float(a @ b) for a, b in zip(got, wanted, strict=True)]
        lines = [f"similarity {a:7.4f}, float32 {b:7.4f}" for a, b in pairs]
        each = ", ".join(f"{value:.4f}" for value in cosines)
        return [*lines, f"cosine of the embeddings to float32: {each}; mean {np.mean(cosines):.4f}"]
    lines = []
    for task, chip, real in zip(tasks, got, wanted, strict=True):
        words = [smollm2.detokenise(np.argmax(logits[:, -1:], axis=0)) for logits in (chip, real)]
        lines.append(f"{task.name}: next token {words[0]!r}, float32 {words[1]!r}")
    return lines
