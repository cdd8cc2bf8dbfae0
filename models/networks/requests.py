"""A network as a sequence of requests to the chip, and the integer model that answers them.

A run is a generator. It yields one request after the other, a tuple of `ChipLayer`, is sent the
results of each as a dict from layer name to int32 (M, N): raw results, or codes for a layer with
an output; and returns its task's result. Whoever answers, `run_on_model` here or a simulation,
the network is the same.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from models.apsq import Apsq, accumulate, step_sums
from models.arith import exact_matmul
from models.calibration import LayerQuant
from models.chip.request import ChipLayer, PpuOutput
from models.networks.quantised import QuantisedNetwork
from models.networks.steps import Network, Step, Steps, drive, float_linear, float_outputs
from models.ppu import requantise
from models.pwl import evaluate, grid_codes

__all__ = [
    "ChipNetwork",
    "Combine",
    "NetworkRun",
    "Request",
    "Results",
    "accumulated",
    "chip_run",
    "model_results",
    "run_on_model",
    "run_recorded",
]

Result = TypeVar("Result")

Request = tuple[ChipLayer, ...]
Results = Mapping[str, np.ndarray]
NetworkRun = Generator[Request, Results, Result]
Combine = Callable[[Sequence[np.ndarray], Apsq], np.ndarray]


@dataclass(frozen=True, kw_only=True, eq=False)
class ChipNetwork:
    """A network and its integer layers: what is needed to run it on the chip."""

    network: Network
    quantised: QuantisedNetwork

    def run(self, ids: np.ndarray) -> NetworkRun[np.ndarray]:
        """Token `ids` (N,) through the network, products asked from the chip."""
        return chip_run(self.network.steps(ids), self.quantised)

    def reference(self, ids: np.ndarray) -> np.ndarray:
        """The same task's result in float32."""
        linear = float_linear(self.network)
        return drive(self.network.steps(ids), lambda step: float_outputs(step, linear))


def chip_run(steps: Steps[Result], quantised: QuantisedNetwork) -> NetworkRun[Result]:
    """The network `steps` with its products asked from the chip, one request for each step."""
    outputs = None
    while True:
        try:
            step = steps.send(outputs)
        except StopIteration as end:
            return end.value
        request = _request(step, quantised)
        results = yield request
        outputs = {
            layer.name: _real(quantised.layers[layer.name], step, results[layer.name])
            for layer in request
            if layer.output is None
        }


def accumulated(sums: Sequence[np.ndarray], apsq: Apsq) -> np.ndarray:
    """The results (M, N) int64 of a layer under APSQ from the exact sums of its steps."""
    return accumulate(sums, apsq.gs, apsq.exponents)[0]


def model_results(request: Request, combine: Combine = accumulated) -> dict[str, np.ndarray]:
    """What the chip answers, by exact integer arithmetic.

    `combine` takes another way from the sums of a layer's steps to its results.
    """
    results: dict[str, np.ndarray] = {}
    for layer in request:
        x = layer.x if layer.source is None else results[layer.source]
        if layer.apsq is None:
            y = exact_matmul(layer.w, x) + layer.bias[:, None]
        else:
            spans = layer.apsq.spans(len(x))
            y = combine(step_sums(layer.w, x, layer.bias, layer.config, spans), layer.apsq)
        if layer.output is not None:
            y = _codes(y, layer.output)
        results[layer.name] = y.astype(np.int32)
    return results


def run_on_model(run: NetworkRun[Result]) -> Result:
    """The result of a run on the integer model."""
    return drive(run, model_results)


def run_recorded(run: NetworkRun[Result]) -> tuple[Result, dict[str, np.ndarray]]:
    """The same, and the codes (K, N) int64 that every layer got, by name in execution order."""
    inputs: dict[str, np.ndarray] = {}

    def record(request: Request) -> Results:
        results = model_results(request)
        for layer in request:
            x = layer.x if layer.source is None else results[layer.source]
            inputs[layer.name] = x.astype(np.int64)
        return results

    return drive(run, record), inputs


def _request(step: Step, quantised: QuantisedNetwork) -> Request:
    """The layers of one step; layers of one activation format share one array of codes."""
    codes: dict[tuple[object, ...], np.ndarray] = {}
    request = []
    for name in step.layers:
        layer = quantised.layers[name]
        found, config = layer.input, layer.config
        key = (found.s_x, found.floor, found.offsets.tobytes(), replace(config, w_bits=7))
        if key not in codes:
            codes[key] = layer.input.quantise(step.x)
        output = None if step.then is None else quantised.outputs[name]
        apsq = quantised.apsq.get(name)
        request.append(_chip_layer(layer, x=codes[key], output=output, apsq=apsq))
    if step.then is not None:
        (first,) = step.layers
        then, apsq = quantised.layers[step.then], quantised.apsq.get(step.then)
        request.append(_chip_layer(then, source=first, apsq=apsq))
    return tuple(request)


def _real(layer: LayerQuant, step: Step, y: np.ndarray) -> np.ndarray:
    """Real outputs, float32, of a layer's raw results.

    A chained layer's input is not the step's, but it has a fixed scale and no offsets.
    """
    return layer.dequantise(y, step.x).astype(np.float32)


def _chip_layer(
    layer: LayerQuant,
    *,
    x: np.ndarray | None = None,
    source: str | None = None,
    output: PpuOutput | None = None,
    apsq: Apsq | None = None,
) -> ChipLayer:
    return ChipLayer(
        name=layer.name,
        w=layer.w,
        bias=layer.bias,
        config=layer.config,
        x=x,
        source=source,
        output=output,
        apsq=apsq,
    )


def _codes(y: np.ndarray, output: PpuOutput) -> np.ndarray:
    """Codes the PPU makes of results y (M, N)."""
    return grid_codes(
        evaluate(requantise(y, output.multiplier, output.shift), output.table), output.config
    )
