"""cocotb tests that run the beat-level agents on `beats.sv`."""

import cocotb
import numpy as np
from cocotb.triggers import RisingEdge

from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink

BEATS = 200


async def _pass_beats(dut, stall_in: float, stall_out: float) -> int:
    """Send random beats through; returns the cycles it took."""
    rng = np.random.default_rng(cocotb.RANDOM_SEED)
    await RisingEdge(dut.rst_n)
    driver = BeatDriver(dut, "in", dut.clk, rng=rng, stall=stall_in)
    sent = BeatMonitor(dut, "in", dut.clk, reset_n=dut.rst_n)
    got = BeatMonitor(dut, "out", dut.clk, reset_n=dut.rst_n)
    BeatSink(dut, "out", dut.clk, rng=rng, stall=stall_out)
    beats = [int(low) | int(high) << 63 for low, high in rng.integers(0, 2**7, (BEATS, 2))]
    start = cocotb.utils.get_sim_time("ns")
    for beat in beats:
        driver.append(beat)
    await driver.drained()
    cycles = round((cocotb.utils.get_sim_time("ns") - start) / 10)
    await got.quiet()
    assert list(sent) == beats
    assert list(got) == beats, f"{len(got)} of {BEATS} beats came out as they went in"
    return cycles


@cocotb.test()
async def full_rate(dut):
    """Without pauses a beat moves every cycle."""
    assert await _pass_beats(dut, 0.0, 0.0) <= BEATS + 2


@cocotb.test()
async def pauses(dut):
    """Pauses on both sides lose nothing, and do slow the stream down."""
    assert await _pass_beats(dut, 0.4, 0.6) > 2 * BEATS
