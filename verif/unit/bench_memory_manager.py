"""The memory manager: all streams at once, memories full, errors of every kind, aborts."""

import cocotb

from verif.unit.managing import Managing


@cocotb.test()
async def manager_random(dut):
    """All DMAs at work with pauses on all sides: every stream is right and in order."""
    bench = Managing(dut)
    await bench.start()
    for _ in range(2):
        bench.draw(8, outputs=12)
        await bench.play(paced=True)
        await bench.rest()
