"""The read arbiter: short requests first, activations and weights in turn."""

import cocotb
import numpy as np

from verif.unit.harness import Block, pack, reset, seeded

SOURCES, REQ_W = 4, 54
DESCRIPTORS, PARAMETERS, ACTIVATIONS, WEIGHTS = range(SOURCES)


def choose(asking: list[bool], served: int) -> int | None:
    """Who is served, if activations or weights were `served` the last time they were."""
    for source in (DESCRIPTORS, PARAMETERS):
        if asking[source]:
            return source
    first = ACTIVATIONS if served == WEIGHTS else WEIGHTS
    second = ACTIVATIONS + WEIGHTS - first
    return first if asking[first] else second if asking[second] else None


class Arbiter:
    """The block and its turn."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "g", "valid req out_ready", "ready out_valid out_req")
        self.rng, self.served = seeded(), WEIGHTS
        self.counts = [0] * SOURCES

    async def step(self, asking: list[bool], ready: bool) -> None:
        """One cycle."""
        requests = [int.from_bytes(self.rng.bytes(8), "little") >> 10 for _ in asking]
        seen = await self.block.cycle(
            valid=pack(asking, 1), req=pack(requests, REQ_W), out_ready=ready
        )
        chosen = choose(asking, self.served)
        assert seen.out_valid == any(asking)
        assert seen.ready == (0 if chosen is None or not ready else 1 << chosen), asking
        if chosen is None:
            return
        assert seen.out_req == requests[chosen], f"not the request of {chosen}"
        if ready:
            self.counts[chosen] += 1
            self.served = chosen if chosen in (ACTIVATIONS, WEIGHTS) else self.served


@cocotb.test()
async def arbiter_random(dut):
    """All combinations of sources, with pauses behind the arbiter; resets give the turn back."""
    arbiter = Arbiter(dut)
    await arbiter.block.start()
    rates = np.ones(SOURCES)
    for cycle in range(3000):
        if cycle % 50 == 0:
            rates = arbiter.rng.choice([0.0, 0.2, 0.7, 1.0], SOURCES, p=[0.3, 0.3, 0.2, 0.2])
        if cycle % 500 == 499:
            await reset(dut)
            arbiter.served = WEIGHTS
        asking = (arbiter.rng.random(SOURCES) < rates).tolist()
        await arbiter.step(asking, bool(arbiter.rng.random() < 0.7))
    assert min(arbiter.counts) > 100, arbiter.counts


@cocotb.test()
async def arbiter_fair(dut):
    """Activations and weights that both always ask are served as often."""
    arbiter = Arbiter(dut)
    await arbiter.block.start()
    for _ in range(100):
        await arbiter.step([False, False, True, True], True)
    assert arbiter.counts == [0, 0, 50, 50]
