"""cocotb tests that run inside the simulator on ``counter.sv``; not all of them pass."""

import os

import cocotb
from cocotb.triggers import Event, Timer


@cocotb.test()
async def counts(dut):
    """The counter wraps at its modulus, and the HDL knows the seed."""
    await Timer(165, "ns")
    assert int(dut.count_o.value) == 16 % int(os.environ.get("MODULUS", "16"))
    assert int(dut.seed.value) == int(os.environ["COCOTB_RANDOM_SEED"])


@cocotb.test()
async def miscounts(dut):
    """Fails."""
    await Timer(25, "ns")
    assert int(dut.count_o.value) == 77, "wrong on purpose"


@cocotb.test()
async def never_ends(dut):
    """Waits for an event that nobody sets while the clock runs on."""
    await Event().wait()


@cocotb.test()
async def aborts(dut):
    """Takes the simulator down."""
    os.abort()
