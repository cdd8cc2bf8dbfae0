"""APSQ: the integer model against the definition, compiled steps, scales, and the report."""

import numpy as np
import pytest

from models.apsq import (
    CODE_MAX,
    CODE_MIN,
    EXPONENT_MAX,
    Apsq,
    ApsqStep,
    accumulate,
    plain_psq,
    quantise,
    step_biases,
    step_sums,
)
from models.apsq_calibration import calibrate_apsq, fit_exponents, fit_plain
from models.calibration import QuantOptions
from models.errors import PanaceaError
from models.networks.apsq import with_apsq
from models.networks.quantised import quantise_network
from models.networks.report_apsq import Task, partial_sum_traffic, report
from models.networks.requests import ChipNetwork, model_results, run_on_model
from models.networks.steps import capture
from models.params import LayerConfig
from models.tests.tiny_network import TinyNetwork


def by_definition(sums: list[int], gs: int, exponents: list[int]) -> int:
    """One result, in rational numbers."""
    values: list[int] = []
    since = 0
    for i, (own, e) in enumerate(zip(sums, exponents, strict=True)):
        additive = i % gs == 0 or i == len(sums) - 1
        v = own + sum(values[since:]) if additive else own
        code = int(np.floor(v / 2**e + 0.5))
        values.append(max(CODE_MIN, min(CODE_MAX, code)) * 2**e)
        since = i if additive else since
    return values[-1]


@pytest.mark.parametrize("gs", [1, 2, 3, 4])
@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8])
def test_accumulation_follows_the_definition(gs: int, steps: int) -> None:
    rng = np.random.default_rng(gs * 10 + steps)
    exponents = rng.integers(0, 9, steps).tolist()
    sums = [rng.integers(-3000, 3000, 20) for _ in range(steps)]
    y, codes = accumulate(sums, gs, exponents)
    assert [
        by_definition([int(s[n]) for s in sums], gs, exponents) for n in range(20)
    ] == y.tolist()
    assert all(CODE_MIN <= code.min() and code.max() <= CODE_MAX for code in codes)


def test_ties_round_up_and_ends_saturate() -> None:
    assert quantise(np.array([-3, -2, -1, 0, 1, 2, 3]), 1).tolist() == [-1, -1, 0, 0, 1, 1, 2]
    ends = np.array([-(2**34), 2**34 - 1, -(2**31), 2**31 - 1])
    assert quantise(ends, EXPONENT_MAX).tolist() == [CODE_MIN, CODE_MAX, CODE_MIN, CODE_MAX]


def test_bits_of_a_step() -> None:
    for step in (
        ApsqStep(gs=1, exponent=0, last=False),
        ApsqStep(gs=4, exponent=24, last=True),
    ):
        assert ApsqStep.of(step.bits) == step
    assert ApsqStep.of(0) is None
    with pytest.raises(PanaceaError, match="without its bit 0"):
        ApsqStep.of(8)
    with pytest.raises(PanaceaError, match="exponent = 25"):
        ApsqStep.of(25 << 4 | 1)


def test_steps_are_as_many_as_exponents() -> None:
    apsq = Apsq(gs=2, depth=8, exponents=(1, 2, 3))
    assert apsq.spans(20) == [slice(0, 8), slice(8, 16), slice(16, 20)]
    assert [apsq.step(n).last for n in range(3)] == [False, False, True]
    with pytest.raises(PanaceaError, match="exponents has 3 entries, K = 30 makes 4 steps"):
        apsq.spans(30)
    with pytest.raises(PanaceaError, match="depth = 8 is no multiple of tile_k = 16"):
        apsq.check_depth(16)


def test_steps_add_up_to_the_layer() -> None:
    rng = np.random.default_rng(1)
    w, x = rng.integers(-64, 64, (5, 20)), rng.integers(0, 256, (20, 3))
    bias, cfg = rng.integers(-1000, 1000, 5), LayerConfig(zp=99)
    spans = Apsq(gs=1, depth=8, exponents=(0, 0, 0)).spans(20)
    assert (step_biases(w, bias, cfg, spans).sum(axis=0) == bias).all()
    assert (sum(step_sums(w, x, bias, cfg, spans)) == w @ x + bias[:, None]).all()


def test_exponents_fit_the_sums() -> None:
    rng = np.random.default_rng(2)
    sums = [rng.integers(-(2**12), 2**12, (50, 40)) for _ in range(5)]
    for gs in (1, 2, 4):
        exponents = fit_exponents(sums, gs)
        y, _ = accumulate(sums, gs, exponents)
        wanted = sum(sums)
        assert np.abs(y - wanted).mean() < 0.05 * np.abs(wanted).max()
    assert fit_exponents([np.zeros((2, 2), np.int64)], 1) == (0,)


def tiny_task() -> Task:
    network = TinyNetwork(bias=0.0)
    samples = capture(network, [np.arange(40)])
    quantised = quantise_network(network, samples, QuantOptions())
    return Task(
        network=ChipNetwork(network=network, quantised=quantised),
        samples=samples,
        texts=[np.arange(100, 110)],
        judge=lambda found, wanted: float(np.abs(found[0] - wanted[0]).mean()),
        figure="error",
    )


def test_report_of_a_small_network() -> None:
    task = tiny_task()
    lines = list(report(task, 8))
    assert len(lines) == 8
    exact, plain, *groups = (float(line[23:35]) for line in lines[2:])
    assert 0 < exact < plain and all(exact < one < 20 * exact for one in groups)
    assert [line.split()[-2] for line in lines[3:]] == ["0.25"] * 5
    network = with_apsq(task.network, task.samples, gs=2, depth=8)
    assert set(network.quantised.apsq) == set(task.network.quantised.layers)
    assert run_on_model(network.run(task.texts[0])).shape == (24, 10)


def test_traffic_counts_what_lies_between_steps() -> None:
    layers = tiny_task().network.quantised.layers
    exact, codes = (partial_sum_traffic(layers, 8, gs) for gs in (None, 2))
    assert exact.bits == 2 * 32 * (2 * (24 + 24 + 40) + 4 * 24)  # K of 24, and of 40
    assert (codes.bits, exact.stored, codes.stored) == (exact.bits // 4, 32, 16)


def test_plain_quantisation_takes_steps_by_themselves() -> None:
    sums = [np.array([100, -7]), np.array([3, 9])]
    assert plain_psq(sums, (2, 1)).tolist() == [104, 2]
    wide, narrow = np.array([100 << 5, -7]), np.array([-(100 << 5) + 3, 9])
    assert fit_plain([wide, narrow])[1] > fit_exponents([wide, narrow], 1)[1]


def test_calibrated_layer_is_close() -> None:
    task = tiny_task()
    layer = task.network.quantised.layers["a.p"]
    inputs = task.samples.inputs["a.p"]
    apsq = calibrate_apsq(layer, inputs, gs=4, depth=8)
    sums = step_sums(
        layer.w.astype(np.int64), layer.input.quantise(inputs), layer.bias, layer.config,
        apsq.spans(24),
    )  # fmt: skip
    y, wanted = accumulate(sums, 4, apsq.exponents)[0], sum(sums)
    assert np.abs(y - wanted).mean() < 0.03 * np.abs(wanted).max()
    assert model_results(()) == {}
