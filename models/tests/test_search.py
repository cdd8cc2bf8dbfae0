"""The search for formats: within its budget, cheaper with a larger one, kept on disk."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.calibrate import kept
from models.calibration import ActivationScale, QuantOptions, calibrate_layer
from models.errors import PanaceaError
from models.networks import search as search_module
from models.networks.candidates import (
    Choice,
    input_candidates,
    rounded_linear,
    weight_candidates,
)
from models.networks.options import INPUTS, WEIGHTS, kept_options
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork, run_on_model
from models.networks.search import Budget, search
from models.networks.steps import LinearFunction, Samples, capture, drive, float_outputs
from models.quant import Granularity
from models.tests.tiny_network import TinyNetwork

IDS = np.arange(40)


def distance(network: TinyNetwork, found: np.ndarray) -> float:
    wanted = ChipNetwork(network=network, quantised=None).reference(IDS)
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))


def budget_of(network: TinyNetwork, limit: float) -> Budget:
    def loss(linear: LinearFunction) -> float:
        return distance(
            network, drive(network.steps(IDS), lambda step: float_outputs(step, linear))
        )

    return Budget(loss=loss, limit=limit)


def found_by(network: TinyNetwork, limit: float) -> dict[str, QuantOptions]:
    samples = capture(network, [IDS])
    return search(network, samples, INPUTS, WEIGHTS, budget_of(network, limit))


def slices(network: TinyNetwork, options: dict[str, QuantOptions]) -> float:
    """Products of two slices for one column, from the integer layers themselves."""
    layers = quantise_network(network, capture(network, [IDS]), options).layers
    total = 0.0
    for layer in layers.values():
        n, k = layer.config.n, layer.config.k
        high = (np.abs(2 * layer.w.astype(int) + 1) > 2 * 8**n).reshape(-1, 4, layer.w.shape[1])
        stored = high.any(axis=1).mean()
        total += layer.w.size * (n + stored) * (k + 1 - layer.input.sparsity)
    return total


@pytest.mark.parametrize("limit", [0.005, 0.02, 0.06])
def test_the_integer_network_stays_within_the_budget(limit: float) -> None:
    network = TinyNetwork()
    options = found_by(network, limit)
    assert list(options) == list(network.linears())
    quantised = quantise_network(network, capture(network, [IDS]), options)
    run = ChipNetwork(network=network, quantised=quantised).run(IDS)
    assert limit / 4 < distance(network, run_on_model(run)) < 1.1 * limit


def test_a_larger_budget_is_cheaper() -> None:
    network = TinyNetwork()
    costs = [slices(network, found_by(network, limit)) for limit in (0.005, 0.02, 0.06)]
    assert costs[0] > 1.3 * costs[1] > 1.3 * costs[2]


@pytest.mark.parametrize("alone", [(), ("fc1",)])
def test_losses_that_do_not_add_up(monkeypatch: pytest.MonkeyPatch, alone: Sequence[str]) -> None:
    """Formats are found that only do when all layers have the same, but for the kinds `alone`."""
    network = TinyNetwork()
    monkeypatch.setattr(search_module, "rounded_linear", lambda _, choice: choice)
    kinds = {name.rpartition(".")[2] for name in network.linears()}
    assert set(alone) < kinds

    def loss(choice: Choice) -> float:
        if len(choice) < len(network.linears()):  # the layers of one kind
            return 1e-6
        shared = {
            x.options for name, (x, _) in choice.items() if not name.endswith(tuple(alone) or "!")
        }
        wide = all(one.x_bits == 12 for one in shared)
        return 1e-6 if len(shared) == 1 and wide else 1.0

    budget = Budget(loss=loss, limit=1e-3)
    inputs = [one for one in INPUTS if one.scale == ActivationScale.TENSOR]
    found = search(network, capture(network, [IDS]), inputs, WEIGHTS, budget)
    for name, options in found.items():
        assert options.x_bits == (8 if name.endswith(tuple(alone) or "!") else 12)


def test_only_a_tight_budget_takes_wide_formats() -> None:
    tight, loose = (found_by(TinyNetwork(), limit).values() for limit in (0.003, 0.06))
    assert {one.w_bits for one in tight} == {10} and 12 in {one.x_bits for one in tight}
    assert {(one.w_bits, one.x_bits) for one in loose} == {(7, 8)}


def test_layers_of_one_input_share_its_format() -> None:
    options = found_by(TinyNetwork(), 0.02)
    p, q = options["a.p"], options["a.q"]
    assert (p.scale, p.x_bits, p.dbs_max) == (q.scale, q.x_bits, q.dbs_max)


def test_an_outlier_token_gets_column_scales() -> None:
    network = TinyNetwork(bias=0.0, outlier=300.0)
    options = found_by(network, 0.02)
    assert options["a.p"].scale == ActivationScale.COLUMN
    assert options["b.fc1"].scale == options["b.fc2"].scale == ActivationScale.TENSOR


def test_a_budget_out_of_reach_is_refused() -> None:
    with pytest.raises(PanaceaError, match=r"exceeds 1e-06"):
        found_by(TinyNetwork(), 1e-6)


def test_noise_is_the_error_of_the_output() -> None:
    network = TinyNetwork()
    samples = capture(network, [IDS])
    linear = network.linears()["a.p"]
    x = samples.inputs["a.p"]
    wanted = linear.weight @ x[:, ::4]
    (weights,) = weight_candidates("a.p", linear, samples, [QuantOptions()])
    error = (weights.rounded @ x[:, ::4] - wanted) ** 2
    assert weights.noise["a.p"] == pytest.approx(
        np.mean(error.sum(axis=0) / (wanted**2).sum(axis=0)), rel=1e-4
    )
    (inputs,) = input_candidates({"a.p": linear}, samples, [QuantOptions()])
    error = (linear.weight @ inputs.rounded.rounded(x)[:, ::4] - wanted) ** 2
    assert inputs.noise["a.p"] == pytest.approx(
        np.mean(error.sum(axis=0) / (wanted**2).sum(axis=0)), rel=1e-3
    )


def shifted_samples(network: TinyNetwork) -> Samples:
    """Its samples, all columns moved by a constant one."""
    samples = capture(network, [IDS])
    move = 5 * np.random.default_rng(1).normal(size=(network.features, 1)).astype(np.float32)
    return replace(
        samples, inputs={name: x + move for name, x in samples.inputs.items() if "a" in name}
    )


def test_noise_is_what_offsets_leave() -> None:
    network = TinyNetwork()
    linear = network.linears()["a.p"]
    samples = shifted_samples(network)
    x = samples.inputs["a.p"][:, ::4]
    power = ((linear.weight @ x) ** 2).sum(axis=0)
    (inputs,) = input_candidates({"a.p": linear}, samples, [QuantOptions(offsets=1)])
    (weights,) = weight_candidates("a.p", linear, samples, [QuantOptions()], inputs.rounded)
    left = inputs.rounded.shifted(x)
    error = (linear.weight @ (inputs.rounded.rounded(x) - left)) ** 2
    assert inputs.noise["a.p"] == pytest.approx(np.mean(error.sum(axis=0) / power), rel=1e-3)
    error = ((weights.rounded - linear.weight) @ left) ** 2
    assert weights.noise["a.p"] == pytest.approx(np.mean(error.sum(axis=0) / power), rel=1e-3)
    (whole,) = weight_candidates("a.p", linear, samples, [QuantOptions()])
    assert 3 * weights.noise["a.p"] < whole.noise["a.p"]


@pytest.mark.parametrize("offsets", [0, 2])
def test_rounded_products_are_the_integers_products(offsets: int) -> None:
    network = TinyNetwork()
    samples = shifted_samples(network)
    linear = network.linears()["a.p"]
    x, options = samples.inputs["a.p"], QuantOptions(offsets=offsets)
    (inputs,) = input_candidates({"a.p": linear}, samples, [options])
    (weights,) = weight_candidates("a.p", linear, samples, [options], inputs.rounded)
    layer = calibrate_layer(
        name="a.p", weight=linear.weight, bias=linear.bias, samples=x, options=options
    )
    y = layer.multiply(layer.input.quantise(x))
    found = rounded_linear(network, {"a.p": (inputs, weights)})("a.p", x)
    # The integer bias is rounded too, by half a unit at most.
    assert np.abs(found - layer.dequantise(y, x)).max() < 0.51 * np.max(layer.s_w * layer.input.s_x)


def test_choices_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "KEPT", tmp_path)
    searches = []

    def find() -> dict[str, QuantOptions]:
        searches.append(1)
        return {
            "a.p": QuantOptions(
                w_bits=10, scale=ActivationScale.COLUMN, granularity=Granularity.TENSOR
            )
        }

    first = kept_options("net", (IDS, 0.1), find)
    assert first == find() and searches == [1, 1]
    assert kept_options("net", (IDS, 0.1), find) == first and searches == [1, 1]
    assert first["a.p"].scale is ActivationScale.COLUMN
    kept_options("net", (IDS, 0.2), find)
    kept_options("other", (IDS, 0.1), find)
    assert searches == [1, 1, 1, 1]
    assert len(list(tmp_path.iterdir())) == 3
