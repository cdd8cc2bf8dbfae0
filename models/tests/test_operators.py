"""What pooled operators are worth on a whole network, by the cycle model."""

import pytest

from models.cycles import predict
from models.networks.report_operators import dense_cycles, layers
from models.params import CoreParams
from models.workload import layer_workload

POOLED = CoreParams(num_dwo=12, num_swo=0)


@pytest.mark.parametrize(("options", "least"), [("default", 1.4), ("w4", 2.7)])
def test_pooled_operators_beat_a_dense_array(options, least):
    dense = cycles = 0
    for _, w, x, config in layers("minilm", options, 64):
        dense += dense_cycles(w, x, POOLED)
        cycles += predict(layer_workload(w, x, config, POOLED, False), POOLED).cycles
    assert dense / cycles >= least
