"""How strongly fitted weights are pulled to what they were: `python -m models.calibrate.pull`.

Weights of 4 bits are rounded through the network on half of the calibration's texts, and judged by
the task's loss on all of them: the half that was not fitted to shows what is learned by heart. No
text that plans are measured on takes part.
"""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.calibrate.plans import NETWORKS, planner
from models.calibrate.sequential import sequential_weights
from models.networks.quantised import quantise_network
from models.networks.steps import capture
from models.networks.task import Task
from models.quant import Rounding

__all__ = ["PULLS", "main", "pull_loss"]

PULLS = (0.0, 0.1, 1.0, 10.0)


def pull_loss(task: Task, pull: float) -> float:
    """The task's loss with 4-bit weights that are fitted to half of its texts."""
    network, texts = task.network, task.texts[: len(task.texts) // 2]
    options = dict.fromkeys(network.linears(), replace(task.plain, w_bits=4))
    layers = quantise_network(network, capture(network, task.texts), options).layers
    low = {name: replace(one, rounding=Rounding.OPTQ) for name, one in options.items()}
    weights = sequential_weights(network, texts, low, layers, pull)
    real = {name: (w * s_w[:, None]).astype(np.float32) for name, (w, s_w) in weights.items()}
    biases = {name: linear.bias[:, None] for name, linear in network.linears().items()}
    return task.loss(lambda name, x: real[name] @ layers[name].input.rounded(x) + biases[name])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the loss for each of `PULLS`."""
    parser = ArgumentParser(prog="models.calibrate.pull", description=__doc__.partition("\n")[0])
    parser.add_argument("--network", default="minilm", help=f"one of {', '.join(NETWORKS)}")
    task = planner(parser.parse_args(arguments).network).task
    for pull in PULLS:
        print(f"pull {pull:g}: loss {pull_loss(task, pull):.4f}", flush=True)


if __name__ == "__main__":
    main()
