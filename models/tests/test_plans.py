"""Plans: chosen within a budget, kept, the same on integers as with rounded operands; the front."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.calibrate import front as front_module
from models.calibrate import kept, plans, pull
from models.calibrate.__main__ import main
from models.calibrate.costs import COSTS, REUSE, dedicated_cycles
from models.calibrate.front import FrontPoint, front, pareto
from models.calibrate.plans import PLANS, WIDE_WEIGHTS, Planner, planner
from models.calibrate.sequential import sequential_weights
from models.calibration import ActivationScale, QuantOptions, Zpm
from models.energy import energy_table
from models.errors import PanaceaError
from models.networks.candidates import Operand, input_candidates, weight_candidates
from models.networks.options import INPUTS, LOW_BIT_WEIGHTS, WEIGHTS
from models.networks.requests import ChipNetwork, run_on_model
from models.networks.steps import LinearFunction, drive, float_outputs
from models.networks.task import Task
from models.predict.networks import plan_works
from models.predict.registry import total
from models.quant import Rounding
from models.tests.tiny_network import TinyNetwork

COLUMN = ActivationScale.COLUMN
IDS, OTHERS = np.arange(40), np.arange(100, 116)


@pytest.fixture
def task() -> Task:
    network = TinyNetwork()
    reference = ChipNetwork(network=network, quantised=None).reference

    def away(found: np.ndarray, ids: np.ndarray) -> float:
        wanted = reference(ids)
        return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))

    def loss(linear: LinearFunction) -> float:
        run = drive(network.steps(IDS), lambda step: float_outputs(step, linear))
        return away(run, IDS)

    return Task(
        name="tiny",
        network=network,
        texts=[IDS],
        loss=loss,
        limit=0.02,
        low_bit_limit=0.2,
        measure=lambda chip: away(run_on_model(chip.run(OTHERS)), OTHERS),
        figure="distance",
        higher_is_better=False,
        passage=OTHERS,
        plain=QuantOptions(),
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "KEPT", tmp_path)
    return tmp_path


@pytest.fixture
def tiny(task: Task, monkeypatch: pytest.MonkeyPatch) -> Planner:
    monkeypatch.setattr(plans, "NETWORKS", {"tiny": lambda: task})
    planner.cache_clear()
    yield planner("tiny")
    planner.cache_clear()


def test_plans_are_what_their_names_say(tiny: Planner) -> None:
    found = {name: tiny.plan(name) for name in PLANS}
    formats = {name: set(plan.options.values()) for name, plan in found.items()}
    assert formats["plain"] == {QuantOptions(zpm=Zpm.OFF)}
    plain = QuantOptions()
    shifted = replace(plain, offsets=2)
    wanted = {"a.p": shifted, "a.q": shifted, "b.fc1": plain, "b.fc2": plain}
    assert found["offset"].options == wanted
    assert formats["symmetric"] == {QuantOptions(symmetric=True)}
    assert formats["w4"] == {QuantOptions(w_bits=4, rounding=Rounding.OPTQ)}
    assert {one.w_bits for one in formats["fast"]} == {4}
    assert all(one.rounding == Rounding.OPTQ for one in formats["fast"])
    assert 0.005 < found["accurate"].figure < 0.03 < found["fast"].figure < 0.3
    assert found["zpm"].figure < found["sibia"].figure < found["w4"].figure


def test_symmetric_and_sibia_codes(tiny: Planner) -> None:
    name = "a.p"
    symmetric, sibia = (
        tiny.quantised(tiny.plan(plan).options).layers[name].input
        for plan in ("symmetric", "sibia")
    )
    assert symmetric.config.zp in (128, 136) and sibia.config.zp == 128
    codes = sibia.quantise(tiny.samples.inputs[name])
    assert sibia.config.dbs_type == 2 and not np.any(codes % 2)


def test_integers_do_what_rounded_operands_predict(tiny: Planner, task: Task) -> None:
    for name in ("w4", "accurate", "fast"):
        quantised = tiny.quantised(tiny.plan(name).options)
        linears = task.network.linears()

        def rounded(layer: str, x: np.ndarray, quantised=quantised, linears=linears) -> np.ndarray:
            one, linear = quantised.layers[layer], linears[layer]
            taken = linear.weight @ (x - one.input.shifted(x)) + linear.bias[:, None]
            return (one.w * one.s_w[:, None]) @ one.input.rounded(x) + taken

        predicted = drive(
            task.network.steps(OTHERS), lambda step, rounded=rounded: float_outputs(step, rounded)
        )
        network = ChipNetwork(network=task.network, quantised=quantised)
        found = run_on_model(network.run(OTHERS))
        real = network.reference(OTHERS)
        # Beside rounded operands, integers have a rounded bias and the PPU's segments.
        assert np.linalg.norm(found - predicted) < 0.35 * np.linalg.norm(found - real) + 0.004
        assert np.linalg.norm(found - predicted) < 0.01 * np.linalg.norm(real)


def test_plans_are_kept_and_deterministic(task: Task, folder: Path) -> None:
    calls = []

    def counted(linear: LinearFunction) -> float:
        calls.append(1)
        return task.loss(linear)

    watched = replace(task, loss=counted)
    first = Planner(watched).plan("accurate")
    made = len(calls)
    again = Planner(watched).plan("accurate")
    assert made > 4 and len(calls) == made
    for file in folder.iterdir():
        file.unlink()
    anew = Planner(watched).plan("accurate")
    assert len(calls) == 2 * made
    assert first.options == again.options == anew.options
    assert first.figure == again.figure == anew.figure


def test_costs_choose_for_their_accelerator(tiny: Planner) -> None:
    pooled, split = (tiny.within(0.03, cost) for cost in ("pooled", "4+8"))
    cycles = {
        (plan.options is pooled.options, name): total(
            plan_works(tiny, plan), name, energy_table()
        ).compute_cycles
        for plan in (pooled, split)
        for name in ("panacea pooled", "panacea 4+8")
    }
    assert cycles[True, "panacea pooled"] <= 1.05 * cycles[False, "panacea pooled"]
    assert cycles[False, "panacea 4+8"] <= 1.05 * cycles[True, "panacea 4+8"]


def test_pulls_are_compared_on_texts_of_the_calibration(
    tiny: Planner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = replace(tiny.task, texts=[IDS, OTHERS])
    fitted = []
    monkeypatch.setattr(
        pull,
        "sequential_weights",
        lambda *a: fitted.append(a[1:2]) or sequential_weights(*a),
    )
    losses = {one: pull.pull_loss(two, one) for one in (0.0, 1.0)}
    assert losses[0.0] != losses[1.0] and all(0 < loss < 0.3 for loss in losses.values())
    assert all(len(texts) == 1 and texts[0] is IDS for (texts,) in fitted)
    tiny.task = two
    pull.main(["--network", "tiny"])
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(pull.PULLS) and f"{losses[1.0]:.4f}" in printed[2]


def test_costs_by_hand() -> None:
    x = Operand(options=INPUTS[0], lower=1, slices=1.25, noise={}, rounded=np.zeros(1))
    w = Operand(options=WEIGHTS[0], lower=1, slices=2.0, noise={}, rounded=np.zeros(1))
    low = Operand(options=LOW_BIT_WEIGHTS[0], lower=1, slices=1.0, noise={}, rounded=np.zeros(1))
    assert COSTS["pooled"](x, w) == 2.5
    assert COSTS["4+8"](x, w) == 1.5 / 4 and COSTS["8+4"](x, w) == 0.25
    assert dedicated_cycles(8, dtp=True)(x, w) == 2.5 / 12
    assert COSTS["4+8"](x, low) == 1 / 8
    energy, picojoules = COSTS["energy"], energy_table().picojoules
    assert energy(x, low) < energy(x, w)
    few = replace(w, slices=1.5)
    moved = (picojoules["dram_byte"] + picojoules["wmem_byte"]) / REUSE
    product = picojoules["multiply_4x4"] + picojoules["add_16"] + picojoules["buffer_byte"] / 4
    # Activations: half a byte and a quarter of 0.625. Weights: dense lists, lists with indices.
    for one, held in ((w, 0.5 + 0.5), (few, 0.5 + 0.3125), (low, 0.5)):
        wanted = 1.25 * one.slices * product + (0.65625 + held) * moved
        assert energy(x, one) == pytest.approx(wanted)


def test_bytes_and_slices_of_the_candidates(tiny: Planner) -> None:
    linears = tiny.task.network.linears()
    found = weight_candidates("a.p", linears["a.p"], tiny.samples, (*WEIGHTS, *LOW_BIT_WEIGHTS))
    assert [one.lower for one in found] == [1, 2, 1, 1]
    assert found[2].slices == 1 and 1.5 < found[0].slices <= 2
    inputs = input_candidates({"a.p": linears["a.p"]}, tiny.samples, [QuantOptions(x_bits=12)])
    assert inputs[0].lower == 2


def test_the_front(tiny: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    points = front("tiny", limits=(1e-7, 0.01, 0.03), fixed=("zpm", "w4"), tell=told.append)
    assert [point.name for point in points] == ["zpm", "w4", "0.01", "0.03"]
    assert any("exceeds 1e-07" in line for line in told) and len(told) == 5
    by_name = {point.name: point for point in points}
    energy = {name: point.energy["panacea pooled best"] for name, point in by_name.items()}
    assert energy["zpm"] < energy["w4"] and by_name["zpm"].figure < by_name["w4"].figure
    best = pareto(points, "panacea pooled best", higher_is_better=False)
    assert best[0] == max(points, key=lambda point: point.speed["panacea pooled best"])
    monkeypatch.setitem(front_module.LIMITS, "tiny", (0.03,))
    assert [point.name for point in front("tiny", fixed=(), tell=told.append)] == ["0.03"]


def test_pareto_by_hand() -> None:
    def point(name: str, figure: float, speed: float) -> FrontPoint:
        return FrontPoint(name=name, limit=None, figure=figure, speed={"a": speed}, energy={})

    points = [point("x", 0.9, 3.0), point("y", 0.95, 2.0), point("z", 0.94, 1.0)]
    found = pareto(points, "a", higher_is_better=True)
    assert [one.name for one in found] == ["x", "y"]
    assert [one.name for one in pareto(points, "a", higher_is_better=False)] == ["x"]


def test_unknown_names_are_refused(tiny: Planner, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PanaceaError, match="plan = 'best' is not one of plain, zpm"):
        tiny.plan("best")
    with pytest.raises(PanaceaError, match="cost = 'money' is not one of pooled"):
        tiny.plan("accurate", "money")
    with pytest.raises(PanaceaError, match="network = 'vgg' is not one of tiny"):
        planner("vgg")
    assert main(["--network", "vgg"]) == 2
    assert "error: network = 'vgg'" in capsys.readouterr().err


def test_command_line(tiny: Planner, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--network", "tiny", "--plan", "fast"]) == 0
    printed = capsys.readouterr().out
    assert "4 / 8 (" in printed and "distance: 0." in printed and "\npanacea pooled " in printed


def test_a_network_with_scales_of_tokens_gets_a_floor(tiny: Planner, task: Task) -> None:
    own = replace(task, network=TinyNetwork(bias=0.0), plain=QuantOptions(scale=COLUMN))
    with pytest.raises(PanaceaError, match=r"b\.fc1 has one scale per column"):
        Planner(own).plan("offset")
    options = Planner(own)._everywhere(QuantOptions(offsets=2))
    assert [one.offsets for one in options.values()] == [2, 2, 0, 0]


def test_chosen_inputs_have_offsets_where_tokens_have_scales(tiny: Planner, task: Task) -> None:
    own = replace(task, plain=QuantOptions(scale=COLUMN))
    for one, weights, offsets in (
        (own, WIDE_WEIGHTS, [2, 2, 0, 0]),
        (own, LOW_BIT_WEIGHTS, [0, 0, 0, 0]),
        (task, WIDE_WEIGHTS, [0, 0, 0, 0]),
    ):
        options = Planner(one).within(0.5, weights=weights).options
        assert [layer.offsets for layer in options.values()] == offsets


def test_columns_of_their_own_are_told(tiny: Planner) -> None:
    options = dict.fromkeys(tiny.task.network.linears(), QuantOptions(scale=ActivationScale.COLUMN))
    with pytest.raises(PanaceaError, match="every column has a scale of its own"):
        tiny.quantised(options)
