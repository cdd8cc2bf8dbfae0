"""The partial-sum buffer against a dictionary of sums modulo 2^32."""

from itertools import product

import cocotb

from verif.unit.harness import Block, pack, seeded, unpack

INPUTS, OUTPUTS = "upd_valid upd_addr upd_data rd_valid rd_addr", "rd_ready rd_data"
LIMIT = 1 << 23
STEPS = 400


@cocotb.test()
async def psum_buffer_random(dut):
    """Updates pass, reads wait for them, entries without updates read as zero."""
    rng, block = seeded(), Block(dut, "psum", INPUTS, OUTPUTS)
    await block.start()
    entries: dict[int, list[int]] = {}
    expected, empty, blocked = None, 0, 0
    phases = list(product((1, 4, 16), (0.1, 0.5, 0.9)))
    for step in range(STEPS * len(phases)):
        used, update_rate = phases[step // STEPS]
        update, read = bool(rng.random() < update_rate), bool(rng.random() < 0.5)
        data = rng.choice([-LIMIT, -1, 0, 1, LIMIT - 1, int(rng.integers(-LIMIT, LIMIT))], 4)
        at, rd_at = rng.integers(0, used, 2).tolist()
        seen = await block.cycle(
            upd_valid=update, upd_addr=at, upd_data=pack(data, 24), rd_valid=read, rd_addr=rd_at
        )
        if expected is not None:
            assert unpack(seen.rd_data, 32, 4) == expected
        assert seen.rd_ready == (not update)
        blocked += update and read
        if update:
            old = entries.get(at, [0] * 4)
            entries[at] = [value + more for value, more in zip(old, data.tolist(), strict=True)]
        elif read:
            empty += rd_at not in entries
            expected = [value & 0xFFFFFFFF for value in entries.pop(rd_at, [0] * 4)]
    assert empty and blocked, "the stimulus missed a case"


@cocotb.test()
async def psum_buffer_wraps(dut):
    """Sums run over both ends of 32 bits, each element for itself."""
    block, updates = Block(dut, "psum", INPUTS, OUTPUTS), 600
    await block.start()
    data = [-LIMIT, LIMIT - 1, 0, -1]
    for _ in range(updates):
        await block.cycle(upd_valid=1, upd_addr=5, upd_data=pack(data, 24))
    await block.cycle(upd_valid=0, rd_valid=1, rd_addr=5)
    seen = await block.cycle(rd_valid=0)
    assert unpack(seen.rd_data, 32, 4) == [updates * value & 0xFFFFFFFF for value in data]
