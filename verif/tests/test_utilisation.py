"""The core runs at its physical bound, whatever the sparsities."""

import pytest

from models.networks.cases import load_cases
from models.params import CoreParams
from verif.bench.grid import SPARSITIES, measure_grid
from verif.simulate import simulate_layers

LIMIT = 1.05


@pytest.mark.parametrize("dtp", [False, True], ids=["single", "double"])
@pytest.mark.parametrize("split", [(4, 8), (8, 4), (12, 0)], ids=["4+8", "8+4", "pooled"])
def test_pea_runs_at_the_bound(split, dtp, tmp_path):
    params = CoreParams(num_pea=1, num_dwo=split[0], num_swo=split[1])
    points = measure_grid(params, dtp=dtp, seed=3, workdir=tmp_path)
    assert len(points) == len(SPARSITIES) ** 2
    slow = [point for point in points if point.ratio > LIMIT]
    assert not slow, f"cycles over {LIMIT} x bound: {slow}"
    assert all(point.ratio >= 1.0 for point in points), "faster than the physical limit"
    assert sum(point.mismatches for point in points) == 0


def test_a_slower_core_exceeds_the_limit(tmp_path):
    """With one column group a command, loading weights takes longer than using them."""
    params = CoreParams(num_pea=1, tile_n=4)
    points = measure_grid(params, dtp=False, seed=3, workdir=tmp_path)
    assert max(point.ratio for point in points) > LIMIT
    assert sum(point.mismatches for point in points) == 0


def test_pooled_operators_on_real_layers(tmp_path):
    params = CoreParams(num_pea=1, num_dwo=12, num_swo=0)
    cases = [case for case in load_cases(num_layers=1, tokens=8) if case.w.size < 200_000]
    results = simulate_layers(cases, params=params, sim="verilator", seed=3, workdir=tmp_path)
    assert len(results) == 4
    assert sum(result.mismatches for result in results) == 0
