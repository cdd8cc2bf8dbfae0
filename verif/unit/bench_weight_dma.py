"""The weight DMA: chunks dealt out to the banks, room before every request, corrupt blocks."""

import cocotb
import numpy as np

from verif.unit.harness import reset
from verif.unit.weight_block import draw_block
from verif.unit.weight_loading import REQUEST, WeightLoading


@cocotb.test()
async def weights_random(dut):
    """Blocks of one and of many chunks, of one beat a PEA and of many, job after job."""
    loader = WeightLoading(dut)
    await loader.start()
    sizes = [(1, 1), (1, 1), (1, 1), (9, 3), (1, 40), (2, 1), (5, 19), (3, 2), (1, 70), (12, 2)]
    await loader.begin([loader.draw(*size) for size in sizes])
    await loader.play()


@cocotb.test()
async def weights_long_counts(dut):
    """The longest count of a header, 4095 beats, for one PEA."""
    loader = WeightLoading(dut)
    await loader.start()
    counts = [[1] * loader.num_pea for _ in range(3)]
    counts[1][loader.num_pea // 2] = 4095
    await loader.begin([draw_block(loader.rng, counts)])
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, free=[1] * loader.num_pea)
        assert loader.cycles < 5000 + 10 * loader.num_pea
    assert not loader.errors


@cocotb.test(timeout_time=100, timeout_unit="us")
async def weights_rate(dut):
    """A beat a cycle while the banks are emptied, from block to block."""
    loader = WeightLoading(dut)
    await loader.start()
    await loader.begin([loader.draw(4, 9) for _ in range(6)])
    total = sum(beats for _, _, beats in loader.wanted)
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, free=[9] * loader.num_pea)
    assert loader.cycles < total + 10, f"{loader.cycles} cycles for {total} beats"


@cocotb.test()
@cocotb.parametrize(fault=["empty", "early", "late", "longer", "shorter", "marks"])
async def weights_corrupt(dut, fault: str):
    """Counts of 0, the last chunk not the last one, blocks longer or shorter than their chunks."""
    for _ in range(8):
        loader = WeightLoading(dut)
        await loader.start()
        rng, peas, chunks = loader.rng, loader.num_pea, int(loader.rng.integers(2, 6))
        counts = rng.integers(1, 4, (chunks, peas)).tolist()
        at, pea = int(rng.integers(0, chunks)), int(rng.integers(0, peas))
        if fault == "empty":
            counts[at][pea] = 0
        early = int(rng.integers(0, chunks - 1))
        last = {"early": (early,), "marks": (early, -1), "late": ()}.get(fault, (-1,))
        block = draw_block(rng, counts, last)
        ends = np.cumsum([sum(chunk) + -(-peas // 16) for chunk in counts]).tolist()
        total, headers = ends[-1], -(-peas // 16)
        shift = {"longer": int(rng.integers(1, 9)), "shorter": -int(rng.integers(1, 4))}
        told = {
            "empty": (ends[at - 1] if at else 0) + pea // 16,
            "early": ends[early] - 1,
            "marks": ends[early] - 1,
            "late": total - 1,
            "longer": total - 1,
            "shorter": total - 1 + shift["shorter"],
        }[fault]
        assert headers == len(block.headers) // chunks
        await loader.begin([block], longer=shift.get(fault, 0))
        await loader.fail(told)


@cocotb.test(timeout_time=100, timeout_unit="us")
async def weights_no_place(dut):
    """A bank that does not take its beat, of a block too many, is told: it would stop the bus."""
    loader = WeightLoading(dut)
    await loader.start()
    await loader.begin([draw_block(loader.rng, [[2] * loader.num_pea] * 2)])
    total = len(loader.dealt)
    while len(loader.dealt) == total:  # up to the first of two beats for PEA 0
        await loader.step(job=True, req=True, data=True)
    assert not loader.errors and loader.bus.under_way
    await loader.step(job=True, req=True, data=True, ready=0)
    assert loader.large == 1 and not loader.errors


@cocotb.test()
@cocotb.parametrize(held=[False, True])
async def weights_too_large(dut, held: bool):
    """A kept block that leaves room for one more request is loaded; a longer one is told."""
    for excess in (0, 1):
        loader = WeightLoading(dut)
        await loader.start()
        pea = int(loader.rng.integers(0, loader.num_pea))
        most = loader.depth - REQUEST  # holds all of a bank's beats but one
        counts = [[1] * loader.num_pea for _ in range(3)]
        counts[1][pea] = most - 1 + excess
        counts[2][pea] = REQUEST
        await loader.begin([draw_block(loader.rng, counts)])
        marks = [int(held and p == pea) for p in range(loader.num_pea)]
        for _ in range(300 + 4 * loader.num_pea):
            await loader.step(job=True, req=True, data=bool(loader.rng.integers(0, 3)), held=marks)
            if loader.large:
                break
        assert not loader.errors and bool(loader.large) == held
        if not held:
            await loader.play()


@cocotb.test()
async def weights_fit(dut):
    """A kept block of a bank's beats but one request is loaded whole, and nothing told."""
    loader = WeightLoading(dut)
    await loader.start()
    most = loader.depth - REQUEST
    counts = [[most // 2] * loader.num_pea] * 2
    await loader.begin([draw_block(loader.rng, counts)])
    while loader.dealt:
        await loader.step(job=True, req=True, data=True, held=[1] * loader.num_pea)
        assert loader.cycles < 2 * most * loader.num_pea + 100
    assert not loader.errors and not loader.large and loader.used == [most] * loader.num_pea
    loader.used = [loader.depth] * loader.num_pea  # as if the last request had just fitted
    for _ in range(5):
        await loader.step(job=False, req=True, data=True, held=[1] * loader.num_pea)
    assert not loader.large


@cocotb.test()
async def weights_full(dut):
    """As much as the banks hold is asked for at once; each in turn is full to its last beat."""
    loader = WeightLoading(dut)
    await loader.start()
    for pea in range(loader.num_pea):
        counts = [1] * loader.num_pea
        counts[pea] = 2 * loader.depth
        await loader.begin([draw_block(loader.rng, [counts])])
        for _ in range(10):
            await loader.step(job=True, req=True, data=False)
        assert loader.bus.under_way == loader.depth
        await loader.fill()
        # With room for one request, all of which is this PEA's.
        free = [0] * loader.num_pea
        free[pea] = loader.used[pea] - (loader.depth - REQUEST)
        await loader.step(job=True, req=True, data=True, free=free)
        await loader.fill()
        assert loader.used[pea] == loader.depth and not loader.large
        await loader.step(job=True, req=True, data=True)  # the DMA sees it full
        assert not loader.bus.under_way
        await loader.block.cycle(job_valid=0, valid=0, req_ready=0)
        await reset(dut)


@cocotb.test()
async def weights_reset(dut):
    """A reset in mid-chunk leaves nothing of it."""
    loader = WeightLoading(dut)
    await loader.start()
    for steps in (2, 4, 9, 40):
        await loader.begin([loader.draw(5, 4), loader.draw(1, 2)])
        for _ in range(steps):
            await loader.step(job=True, req=True, data=True, free=[1] * loader.num_pea)
        await loader.block.cycle(job_valid=0, valid=0, req_ready=0)
        await reset(dut)
        await loader.begin([loader.draw(2, 3)])
        await loader.play()


@cocotb.test()
async def weights_huge_job(dut):
    """A reset in a block of the largest counts, and in a job of the most beats, leaves nothing."""
    loader = WeightLoading(dut)
    await loader.start()
    for _ in range(2):
        await loader.begin([draw_block(loader.rng, [[4095] * loader.num_pea])])
        for _ in range(40):
            await loader.step(job=True, req=True, data=True, free=[1] * loader.num_pea)
        assert loader.left and not loader.errors
        await loader.block.cycle(job_valid=0, valid=0, req_ready=0)
        await reset(dut)
        await loader.block.cycle(job_valid=1, job=(1 << 59) - 1)
        seen = await loader.block.cycle(job_valid=0, job=0)
        assert (seen.job_ready, seen.req_valid) == (0, 1) and seen.req & 2**35 - 1 == 2**35 - 1
        await reset(dut)
        await loader.begin([loader.draw(2, 3)])
        await loader.play()
