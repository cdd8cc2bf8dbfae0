"""The result drain: blocks leave in order, each once, and none before both halves are finished."""

from itertools import product

import cocotb

from verif.unit.harness import Block, seeded

INPUTS = "cmd_valid groups dtp dyn_final sta_final rd_ready ready"
OUTPUTS = "cmd_ready rd_valid rd_tile rd_group cmd_id valid tile"
PACES = (0.1, 0.5, 1.0)
RATES = tuple(product(((0.1, 0.5), (0.5, 0.1), (1.0, 1.0)), PACES, PACES))
"""Of both sides' finals, the memory port and the receiver, in turn."""


@cocotb.test()
async def result_drain_random(dut):
    """Commands of any size; finals, memory port and receiver at random."""
    rng, block = seeded(), Block(dut, "drain", INPUTS, OUTPUTS)
    await block.start()
    await block.cycle()
    commands = [(groups, dtp) for groups in (1, 16) for dtp in (0, 1)]
    commands += [(int(rng.integers(1, 17)), int(rng.integers(0, 2))) for _ in range(36)]
    reads = [
        (number % 4, group, tile)
        for number, (groups, dtp) in enumerate(commands)
        for group in range(groups)
        for tile in range(1 + dtp)
    ]
    total = sum(groups for groups, _ in commands)
    finished, out, done, steps = [0, 0], None, 0, 0
    taken = left = blocks = 0  # blocks read, groups read, blocks gone
    while blocks < len(reads):
        steps += 1
        assert steps < 40 * len(reads), f"stuck after {blocks} of {len(reads)} blocks"
        finals, port_rate, ready_rate = RATES[steps // 50 % len(RATES)]
        # As many groups may be finished and not yet read as the psum buffers hold.
        final = [
            bool(rng.random() < finals[side] and n < total and n - left < 16)
            for side, n in enumerate(finished)
        ]
        valid = done < len(commands)
        groups, dtp = commands[min(done, len(commands) - 1)]
        port, ready = (bool(rng.random() < rate) for rate in (port_rate, ready_rate))
        seen = await block.cycle(
            cmd_valid=valid, groups=groups, dtp=dtp, dyn_final=final[0], sta_final=final[1],
            rd_ready=port, ready=ready,
        )  # fmt: skip
        assert seen.valid == (out is not None)
        if out is not None:
            assert seen.tile == out
        free = out is None or ready
        if ready and out is not None:
            out, blocks = None, blocks + 1
        due = valid and left < min(finished)
        assert seen.rd_valid == (due and free)
        end = False
        if seen.rd_valid:
            assert (seen.cmd_id, seen.rd_group, seen.rd_tile) == reads[taken]
            if port:
                _, group, out = reads[taken]
                taken += 1
                left += out == dtp
                end = out == dtp and group + 1 == groups
        assert seen.cmd_ready == end
        done += end
        finished = [n + more for n, more in zip(finished, final, strict=True)]
