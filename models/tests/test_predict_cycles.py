"""Cycles of predictions are those of the cycle models that equal the RTL."""

from dataclasses import replace

import numpy as np
import pytest

from models.baselines.dense_cycles import count_blocks
from models.baselines.dense_params import Dataflow, DenseParams
from models.baselines.dense_plan import plan_layer
from models.baselines.sibia import SibiaParams, Skip
from models.baselines.sibia_layer import count_layer
from models.cycles import predict
from models.params import CoreParams, LayerConfig
from models.predict.networks import _timed
from models.predict.registry import accelerator
from models.predict.sibia import _pieces
from models.predict.work import LayerWork
from models.tests.test_predict import work_of
from models.workload import layer_workload

WIDE = LayerConfig(w_bits=10, x_bits=12, zp=2176)


@pytest.mark.parametrize("config", [LayerConfig(zp=136), LayerConfig(w_bits=4, zp=136), WIDE])
@pytest.mark.parametrize(
    ("name", "operators", "dtp"),
    [
        ("panacea 4+8", (4, 8), False),
        ("panacea 4+8 dtp", (4, 8), True),
        ("panacea 8+4", (8, 4), False),
        ("panacea 8+4 dtp", (8, 4), True),
        ("panacea pooled", (12, 0), False),
        ("panacea pooled dtp", (12, 0), True),
    ],
)
def test_panacea_is_the_core(
    name: str, operators: tuple[int, int], dtp: bool, config: LayerConfig
) -> None:
    work = work_of(0.4, 0.7, config=config)
    params = CoreParams(num_dwo=operators[0], num_swo=operators[1])
    core = predict(layer_workload(work.w, work.x, config, params, dtp, dense=None), params).cycles
    found = accelerator(name).predict(replace(work, count=3))
    assert found.compute_cycles == 3 * core
    assert found.bound_cycles <= found.compute_cycles


@pytest.mark.parametrize("flow", list(Dataflow))
def test_dense_cores_behind_an_equal_layer(flow: Dataflow) -> None:
    params = DenseParams(dataflow=flow)
    plan = plan_layer(128, 128, 64, params)
    three = count_blocks(plan * 3, params).cycles - count_blocks(plan, params).cycles
    found = accelerator(flow.name.lower()).predict(work_of(0.5, 0.5)).compute_cycles
    assert found == pytest.approx(three / 2, rel=0.01)
    wide = accelerator(flow.name.lower()).predict(work_of(0.5, 0.5, config=WIDE))
    assert wide.compute_cycles == 4 * found
    assert accelerator("sa_ws apsq").model.cycles(work_of(0.5, 0.5)) > 0


@pytest.mark.parametrize(("rho_w", "rho_x"), [(0.9, 0.1), (0.1, 0.9)])
def test_sibia_skips_what_saves_more(rho_w: float, rho_x: float) -> None:
    work = work_of(rho_w, rho_x)
    w, x = work.w, work.x_signed
    twice = {  # the same commands again: twice the rows of the dense operand
        Skip.ACTIVATIONS: (np.concatenate([w, w]), x),
        Skip.WEIGHTS: (w, np.concatenate([x, x], axis=1)),
    }
    cycles = {
        skip: count_layer(*twice[skip], skip, SibiaParams()).cycles
        - count_layer(w, x, skip, SibiaParams()).cycles
        for skip in Skip
    }
    assert accelerator("sibia").predict(work).compute_cycles == min(cycles.values())
    saves = Skip.WEIGHTS if rho_w > rho_x else Skip.ACTIVATIONS
    assert min(cycles, key=cycles.get) == saves


def test_ten_bits_are_two_operands_of_sibia() -> None:
    codes = np.arange(-512, 512)[:, None]
    (low, four), (rest, seven) = _pieces(codes, 10)
    assert (four, seven) == (4, 7)
    assert np.array_equal(low + 8 * rest, codes)
    assert low.min() >= -8 and low.max() <= 7 and rest.min() >= -64 and rest.max() <= 63
    assert _pieces(codes, 7) == [(codes, 7)]
    work = work_of(0.5, 0.5, config=WIDE)
    seven_bits = accelerator("sibia").predict(work_of(0.5, 0.5)).compute_cycles
    assert 1.9 < accelerator("sibia").predict(work).compute_cycles / seven_bits < 3


def test_layers_that_are_not_timed_take_the_ratio_of_one_that_is() -> None:
    works = [replace(work_of(0.1 * n, 0.5), name=f"{n}.fc") for n in range(8)]
    found = _timed(works)
    likes = [None if work.like is None else found.index(work.like) for work in found]
    assert likes == [1, None, 1, 4, None, 4, None, 6]
    for name in ("panacea pooled", "sibia"):
        model = accelerator(name).model
        for work in found:
            if work.like is not None:
                ratio = model.cycles(work.like) / model.bound(work.like)
                assert model.cycles(work) == pytest.approx(ratio * model.bound(work))
    assert all(work.like is None for work in _timed(works[:6]))


def test_a_sample_is_scaled() -> None:
    one: LayerWork = work_of(0.5, 0.5)
    many = replace(one, rows=256)
    for name in ("panacea pooled", "panacea 4+8"):
        model = accelerator(name).model
        assert model.cycles(many) == 2 * model.cycles(one)
