"""cocotb tests that regressions run on ``counter.sv``: failures of known kinds, and a gate."""

import os
import time
from pathlib import Path

import cocotb
from cocotb.triggers import Timer


def _seed() -> int:
    return int(os.environ["COCOTB_RANDOM_SEED"])


@cocotb.test()
async def passes(dut):
    """Passes, and leaves coverage as a real run does."""
    await Timer(25, "ns")
    Path("functional_coverage.xml").write_text(f"<seed>{_seed()}</seed>")


@cocotb.test()
async def fails_in_two_ways(dut):
    """Fails with one of two messages, whose numbers differ from seed to seed."""
    await Timer(25, "ns")
    kind = "wrong results" if _seed() % 2 else "words of memory are wrong"
    raise AssertionError(f"{_seed()} scoreboard errors: program p{_seed()}: {_seed()} {kind}")


@cocotb.test()
async def takes_memory(dut):
    """Fills memory until it is stopped."""
    hoard = []
    while True:
        hoard.append(bytearray(b"x") * 2**24)
        await Timer(10, "ns")


@cocotb.test()
async def fills_disk(dut):
    """Fills the disk of the run's folder, if the disk is as small as the test's is."""
    await Timer(25, "ns")
    with Path("large").open("wb") as stream:
        for _ in range(64):
            stream.write(bytes(2**20))


@cocotb.test()
async def waits(dut):
    """Tells that it has begun by a file in the folder GATE, then waits for the file `open`."""
    gate = Path(os.environ["GATE"])
    (gate / f"begun-{_seed()}-{os.getpid()}").touch()
    while not (gate / "open").exists():
        time.sleep(0.02)
    await Timer(25, "ns")


@cocotb.test()
async def fails_until_repaired(dut):
    """Fails as long as there is no file `repaired` in the folder GATE."""
    await Timer(25, "ns")
    assert (Path(os.environ["GATE"]) / "repaired").exists(), "not repaired"
