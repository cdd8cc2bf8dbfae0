"""The testbench's bus checker notices every kind of violation."""

import pytest

from verif.runner import run
from verif.unit.catalogue import BENCHES

VIOLATIONS = {
    "read_crosses": "an illegal read burst",
    "write_crosses": "an illegal write burst",
    "read_size": "an illegal read burst",
    "write_fixed": "an illegal write burst",
    "read_unaligned": "an illegal read burst",
    "write_id": "an illegal write burst",
    "last_early": "WLAST at the wrong beat",
    "read_answer_alone": "read data without a request",
    "write_answer_alone": "a write is answered that is not complete",
    "read_last_wrong": "RLAST at the wrong beat",
    "address_changed": "a waiting beat is changed",
    "data_withdrawn": "a waiting beat is withdrawn",
}


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_violation_is_noticed(violation, tmp_path):
    build = BENCHES["axi_memory"].build("verilator")
    module = "verif.tests.data.cocotb_bus_violations"
    result = run(build, test_module=module, testcase=violation, seed=1, workdir=tmp_path)
    assert not result.passed
    assert VIOLATIONS[violation] in result.reason
