"""The FIFO: everything comes out once and in order, and it holds exactly its depth."""

from collections import deque

import cocotb

from verif.unit.harness import Block, seeded


@cocotb.test()
@cocotb.parametrize(depth=[2, 5])
async def fifo_random(dut, depth: int):
    """Random stalls on both sides, with fast and slow phases."""
    rng, held = seeded(), deque()
    block = Block(dut, f"fifo{depth}", "valid data out_ready", "ready out_valid out_data")
    await block.start()
    width, levels = {2: 8, 5: 31}[depth], set()
    for step in range(2000):
        if step % 100 == 0:
            push_rate, pop_rate = rng.choice([0.1, 0.5, 1.0], 2)
        push, pop = bool(rng.random() < push_rate), bool(rng.random() < pop_rate)
        data = int(rng.integers(0, 2**width))
        seen = await block.cycle(valid=push, data=data, out_ready=pop)
        levels.add(len(held))
        assert seen.ready == (len(held) < depth)
        assert seen.out_valid == bool(held)
        if held:
            assert seen.out_data == held[0]
        if push and len(held) < depth:
            held.append(data)
        if pop and seen.out_valid:
            held.popleft()
    assert levels == set(range(depth + 1)), f"levels seen: {levels}"
