"""Rounding through a network: fits by hand, and less error than layers rounded on their own."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibrate.optq import hessian, optq_codes
from models.calibrate.sequential import fitted_weights, sequential_weights
from models.calibration import QuantOptions
from models.networks.quantised import quantise_network
from models.networks.requests import ChipNetwork, run_on_model
from models.networks.steps import capture
from models.quant import Granularity, Rounding
from models.tests.tiny_network import TinyNetwork

IDS, OTHERS = [np.arange(90), np.arange(90, 180)], np.arange(300, 380)
W4 = QuantOptions(w_bits=4, rounding=Rounding.OPTQ)


def test_exact_inputs_leave_the_weights_as_they_are() -> None:
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(6, 10)), rng.normal(size=(10, 40))
    found = fitted_weights(w, x, x, W4)
    wanted = optq_codes(w, hessian(x), 4, Granularity.CHANNEL)
    assert np.array_equal(found[0], wanted[0]) and np.allclose(found[1], wanted[1])


def test_weights_make_up_for_shrunken_inputs() -> None:
    rng = np.random.default_rng(1)
    w, x = rng.normal(size=(6, 10)), rng.normal(size=(10, 400))
    codes, scale = fitted_weights(w, x, 0.5 * x, QuantOptions(w_bits=10))
    # Half way to twice the weights: the pull is as strong as these samples.
    assert np.allclose(codes * scale[:, None], 1.5 * w, atol=0.35)


@pytest.mark.parametrize(("mixed", "offsets"), [(False, 0), (True, 0), (False, 2)])
def test_the_network_errs_less(mixed: bool, offsets: int) -> None:
    network = TinyNetwork()
    samples = capture(network, IDS)
    options = dict.fromkeys(network.linears(), W4)
    options["a.p"] = options["a.q"] = replace(W4, offsets=offsets)
    if mixed:
        options["a.q"] = QuantOptions()
    alone = quantise_network(network, samples, options)
    weights = sequential_weights(network, IDS, options, alone.layers)
    assert set(weights) == set(options) - ({"a.q"} if mixed else set())
    errors = []
    for quantised in (alone, quantise_network(network, samples, options, weights)):
        chip = ChipNetwork(network=network, quantised=quantised)
        found, wanted = run_on_model(chip.run(OTHERS)), chip.reference(OTHERS)
        errors.append(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))
    assert errors[1] < 0.95 * errors[0] < 0.2
    assert all(np.abs(w).max() <= 8 for w, _ in weights.values())


def test_deterministic() -> None:
    network = TinyNetwork()
    options = dict.fromkeys(network.linears(), W4)
    layers = quantise_network(network, capture(network, IDS), QuantOptions()).layers
    one, two = (sequential_weights(network, IDS, options, layers) for _ in range(2))
    assert all(np.array_equal(one[name][0], two[name][0]) for name in options)
