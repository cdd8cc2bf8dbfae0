"""Violations of the bus protocol: the checker must end every test here."""

import cocotb
from cocotb.triggers import RisingEdge

BUS = (
    "arvalid arid araddr arlen arsize arburst rready awvalid awid awaddr awlen awsize awburst "
    "wvalid wdata wstrb wlast bready"
)
GOOD = {"arsize": 5, "arburst": 1, "awsize": 5, "awburst": 1, "rready": 1, "bready": 1}


async def drive(dut, *steps: dict[str, int]) -> None:
    """Drive the bus for one cycle a step, and keep the last one."""
    for name in ("flush", "m_load", "m_store", "m_start", "m_stalls", "m_base", "m_bad_read"):
        getattr(dut, name).value = 0
    dut.m_bad_write.value, dut.m_latency.value, dut.m_garbage.value = 0, 4, 0
    for name in BUS.split():
        getattr(dut, f"bus_{name}").value = GOOD.get(name, 0)
    dut.rst_n.value = 0
    for _ in range(3):
        await RisingEdge(dut.bus_clk)
    dut.rst_n.value = 1
    for step in steps:
        await RisingEdge(dut.bus_clk)
        for name, value in step.items():
            getattr(dut, name).value = value
    for _ in range(40):
        await RisingEdge(dut.bus_clk)


def violation(name: str, *steps: dict[str, int]) -> None:
    """Make a test of it."""

    async def test(dut) -> None:
        await drive(dut, *steps)

    test.__name__ = test.__qualname__ = name
    globals()[name] = cocotb.test()(test)


HOLD = {"m_stalls": 0xFFFFFFFFFF}
AR, AW = {"bus_arvalid": 1}, {"bus_awvalid": 1}
violation("read_crosses", AR | {"bus_araddr": 0xFC0, "bus_arlen": 2})
violation("write_crosses", AW | {"bus_awaddr": 0xFE0, "bus_awlen": 1})
violation("read_size", AR | {"bus_arsize": 4})
violation("write_fixed", AW | {"bus_awburst": 0})
violation("read_unaligned", AR | {"bus_araddr": 0x10})
violation("write_id", AW | {"bus_awid": 1})
violation("last_early", AW | {"bus_awlen": 1, "bus_wvalid": 1, "bus_wlast": 1, "bus_wstrb": 1})
violation("read_answer_alone", {"f_rvalid": 1})
violation("write_answer_alone", {"f_bvalid": 1})
violation("read_last_wrong", AR | {"f_rlast": 1}, {"bus_arvalid": 0})
violation("address_changed", HOLD, AW, {}, {}, {"bus_awlen": 3})
violation("data_withdrawn", HOLD, {"bus_wvalid": 1}, {}, {}, {"bus_wvalid": 0})
