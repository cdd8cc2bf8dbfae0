"""A catalogue of small tests, and the regression's command line on it.

GATE in the environment is the folder by which the tests that wait are steered.
"""

import os
import sys

from verif.build_spec import Build
from verif.regression.__main__ import main
from verif.regression.catalogue import RegressionTest

SOURCES = ("verif/tests/data/counter.vlt", "verif/tests/data/counter.sv")
COUNTER = Build(top="counter", sources=SOURCES, rtl=False)
PLANTED = "verif.tests.data.cocotb_planted"


def small_catalogue() -> dict[str, RegressionTest]:
    """Tests of every outcome, by name."""
    gate = {"GATE": os.environ.get("GATE", "")}

    def test(name: str, testcase: str, **fields) -> RegressionTest:
        fields = {"build": COUNTER, "module": PLANTED, "variants": ("icarus",)} | fields
        return RegressionTest(name=name, testcase=testcase, **fields)

    broken = Build(top="broken", sources=("verif/tests/data/broken.sv",), rtl=False)
    tests = (
        test("good.once", "passes", weight=0),
        test("good.many", "passes", variants=("icarus", "coverage")),
        test("bad.two_ways", "fails_in_two_ways", weight=3),
        test("bad.hangs", "never_ends", module="verif.tests.data.cocotb_counter", timeout=1.0),
        test("bad.memory", "takes_memory"),
        test("bad.build", "passes", build=broken, weight=2),
        test("disk.full", "fills_disk", env=gate),
        test("gate.waits", "waits", env=gate, weight=2),
        test("gate.repaired", "fails_until_repaired", env=gate, weight=2),
    )
    return {one.name: one for one in tests}


if __name__ == "__main__":
    sys.exit(main(catalogue=small_catalogue()))
