"""The cycle model and its workload; that it equals the RTL is tested with the simulated core."""

from dataclasses import replace

import numpy as np
import pytest

from models.bound import layer_bound
from models.cycles import predict
from models.errors import PanaceaError
from models.params import CoreParams, LayerConfig
from models.tests.layers import random_layer
from models.workload import Workload, layer_workload

CFG = LayerConfig(zp=130, dbs_type=2)
CORE = CoreParams(num_pea=2, tile_n=16)
FORMATS = [
    LayerConfig(w_bits=w_bits, x_bits=x_bits, zp=2 ** (x_bits - 1))
    for w_bits in (4, 7, 10)
    for x_bits in (4, 8, 12)
]


def _operands(m: int, k: int, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(-20, 20, (m, k)), rng.integers(100, 160, (k, n))


@pytest.mark.parametrize("dtp", [False, True])
@pytest.mark.parametrize("shape", [(1, 1, 1), (9, 70, 5), (20, 130, 33), (16, 64, 16)])
def test_all_work_is_done_and_no_faster_than_the_bound(shape, dtp):
    w, x = _operands(*shape)
    work = layer_workload(w, x, CFG, CORE, dtp)
    count = predict(work, CORE)
    quads = np.repeat(work.doubled + 1, work.steps) * work.quads * CORE.num_pea
    assert count.ll_swo + count.ll_dwo == 4 * quads.sum()
    strict = max(
        work.dynamic.sum(axis=(0, 2)).max() / CORE.num_dwo,
        (work.dynamic.sum(axis=(0, 2)) + 4 * quads.sum() / CORE.num_pea).max() / CORE.operators,
    )
    assert count.cycles > strict


@pytest.mark.parametrize("cfg", FORMATS, ids=str)
def test_products_are_those_of_the_bound_on_whole_tiles(cfg):
    w, x, _ = random_layer(np.random.default_rng(1), (16, 128, 32), cfg, 0.1)
    work = layer_workload(w, x, cfg, CORE, True)
    bound = layer_bound(w, x, cfg, CORE, True)
    assert 4 * (work.quads * np.repeat(work.doubled + 1, work.steps)).sum() == bound.ll.sum() / 2
    assert work.dynamic.sum() == (bound.hh + bound.hl + bound.lh).sum()
    assert (work.dynamic.sum(axis=(0, 2)) == (bound.hh + bound.hl + bound.lh).sum(axis=0)).all()


def test_dwo_help_only_where_allowed():
    w, x = _operands(16, 128, 16)
    w = np.clip(w, -8, 7)  # no HO weight slices: the DWOs are nearly idle
    for dtp in (False, True):
        work = layer_workload(w, x, CFG, CORE, dtp)
        assert (predict(work, CORE).ll_dwo > 0) == dtp
        assert predict(work, CORE, dwo_runs_ll=0b00).ll_dwo == 0
        assert predict(work, CORE, dwo_runs_ll=0b11).ll_dwo > 0


@pytest.mark.parametrize("dtp", [False, True])
def test_pooled_operators_do_all_work_near_their_bound(dtp):
    pooled = replace(CORE, num_dwo=12, num_swo=0)
    w, x = _operands(64, 320, 64)
    work = layer_workload(w, x, CFG, pooled, dtp)
    count, bound = predict(work, pooled), layer_bound(w, x, CFG, pooled, dtp)
    assert bound.cycles == bound.pooled_cycles == layer_bound(w, x, CFG, CORE, dtp).pooled_cycles
    assert (count.ll_swo, count.straddle_l, count.flush_wait) == (0, 0, 0)
    assert count.ll_dwo == bound.ll.sum()
    assert bound.cycles < count.cycles < 1.05 * bound.cycles


def test_joined_work_overlaps():
    parts = [layer_workload(*_operands(8, 100, 9, seed), CFG, CORE, False) for seed in range(3)]
    alone = [predict(part, CORE).cycles for part in parts]
    together = predict(Workload.joined(parts), CORE).cycles
    assert max(alone) < together < sum(alone)


def test_passes_cost_what_their_work_costs():
    """Two passes are as one command of twice the K, but for the idle cycles between commands; with
    results after each, and those are the limit here, they would take longer."""
    core = CoreParams()
    w, x = np.ones((64, 64), int), np.full((64, 64), 130)  # next to no dynamic work
    part = layer_workload(w, x, CFG, core, False)
    apart = predict(Workload.joined([part, part]), core).cycles
    passes = predict(Workload.joined([replace(part, more=part.more + 1), part]), core).cycles
    twice = layer_workload(np.hstack([w, w]), np.vstack([x, x]), CFG, core, False)
    whole = predict(twice, core).cycles
    assert whole <= passes <= whole + 2
    assert passes < apart - 50


def test_the_model_notices_changed_work():
    work = layer_workload(*_operands(8, 128, 16), CFG, CORE, False)
    more = replace(work, dynamic=work.dynamic + 8)
    assert predict(more, CORE).cycles > predict(work, CORE).cycles


def test_a_core_without_room_for_a_group_is_refused():
    work = layer_workload(*_operands(4, 4, 4), CFG, CORE, False)
    never = replace(work, beats_out=work.beats_out * 0)  # a group that never arrives
    with pytest.raises(PanaceaError, match="no progress"):
        predict(never, CORE)
