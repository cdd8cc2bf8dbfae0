"""cocotb tests that run inside the simulator on ``counter.sv``."""

import cocotb
from cocotb.triggers import Timer


@cocotb.test()
async def counts(dut):
    """The counter wraps at its modulus and the HDL knows the seed."""
    await Timer(165, "ns")
    assert int(dut.count_o.value) == 16 % int(cocotb.plusargs.get("modulus", 16))
    assert int(dut.seed.value) == int(cocotb.plusargs["seed"])
