"""APSQ: the engine's arithmetic; the path's order, banks and steps; exact blocks untouched."""

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles

from models.apsq import CODE_MAX, CODE_MIN, EXPONENT_MAX, GS_MAX, ApsqStep, accumulate
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import Block, pack, reset, seeded, unpack

WORDS, LANES = 20, 16
TILES = 40


def near_codes(rng: np.random.Generator, exponent: int, shape: tuple[int, ...]) -> np.ndarray:
    """Sums of 32 bits: codes, ties and their neighbours, ends of codes and of 32 bits, any."""
    half = 1 << exponent >> 1
    codes = rng.choice([CODE_MIN - 1, CODE_MIN, -1, 0, 1, CODE_MAX, CODE_MAX + 1, 77, -78], shape)
    ties = (codes << exponent) + half * rng.integers(-1, 2, shape) - rng.integers(0, 2, shape)
    ends = rng.choice([-(2**31), -(2**31) + 1, 0, 2**31 - 2, 2**31 - 1], shape)
    wide = rng.integers(-(2**31), 2**31, shape)
    near = rng.integers(-300, 300, shape) << exponent
    kind = rng.integers(0, 5, shape)
    return np.clip(np.choose(kind, [ties, ends, wide, near, ties]), -(2**31), 2**31 - 1)


def quantised(value: int, exponent: int) -> int:
    """Round half up, then clip: by the definition."""
    scale = 1 << exponent
    return max(CODE_MIN, min(CODE_MAX, (2 * value + scale) // (2 * scale)))


@cocotb.test()
async def engine_random(dut):
    """Every exponent with every choice of stored codes: sums of up to 35 bits, ties, saturation."""
    block = Block(dut, "e", "psum codes exponents used exponent", "code value")
    dut.q_valid.value = 0
    dut.y_ready.value = 0
    dut.q_data.value = 0
    await block.start()
    rng = seeded()
    for turn in range(1200):
        exponent, used = turn % (EXPONENT_MAX + 1), turn % 16
        shift = rng.integers(0, EXPONENT_MAX + 1, GS_MAX)
        if turn % 3 == 0:
            shift[:] = EXPONENT_MAX
        ends = rng.choice([CODE_MIN, CODE_MAX, 0, -1, 1])
        codes = rng.choice([ends, int(rng.integers(-128, 128))], (GS_MAX, 2))
        psum = near_codes(rng, exponent, (2,))
        seen = await block.cycle(
            psum=pack(psum, 32), codes=pack(codes.ravel(), 8), exponents=pack(shift, 5), used=used,
            exponent=exponent,
        )  # fmt: skip
        values = [int(p) for p in psum]
        for bank in range(GS_MAX):
            if used >> bank & 1:
                values = [
                    v + (int(codes[bank, n]) << int(shift[bank])) for n, v in enumerate(values)
                ]
        expected = [quantised(v, exponent) for v in values]
        assert unpack(seen.code, 8, 2, signed=True) == expected, (values, exponent)
        assert unpack(seen.value, 32, 2, signed=True) == [q << exponent for q in expected]


@cocotb.test()
async def engine_codes(dut):
    """Both ends, either sign and zero as codes, under every exponent and choice of stored codes."""
    block = Block(dut, "e", "psum codes exponents used exponent", "code value")
    dut.q_valid.value = 0
    dut.y_ready.value = 0
    dut.q_data.value = 0
    await block.start()
    rng = seeded()
    for turn in range(16 * (EXPONENT_MAX + 1)):
        exponent, used = turn % (EXPONENT_MAX + 1), turn % 16
        codes = rng.integers(-5, 6, GS_MAX).tolist()
        added = sum(code for bank, code in enumerate(codes) if used >> bank & 1)
        for wanted in (CODE_MIN, -3, 0, 4, CODE_MAX):
            psum = (wanted << exponent) - added
            psum = max(-(2**31), min(2**31 - 1, psum))
            seen = await block.cycle(
                psum=pack([psum, 0], 32), codes=pack([c for code in codes for c in (code, 0)], 8),
                exponents=0, used=used, exponent=exponent,
            )  # fmt: skip
            expected = [quantised(psum + added, exponent), 0]
            assert unpack(seen.code, 8, 2, signed=True) == expected, (psum, added, exponent)


def tile(rng: np.random.Generator, blocks: int, gs: int, steps: int) -> tuple[list, list]:
    """Beats of an output tile, all its steps, and its results; gs 0: exact."""
    if gs == 0:
        sums = near_codes(rng, 10, (blocks, LANES))
        beats = [pack(one, 32) | (n == blocks - 1) << 512 for n, one in enumerate(sums)]
        return beats, beats
    exponents = rng.integers(0, EXPONENT_MAX + 1, steps).tolist()
    sums = [near_codes(rng, e, (blocks, LANES)) for e in exponents]
    beats = []
    for number, (values, exponent) in enumerate(zip(sums, exponents, strict=True)):
        step = ApsqStep(gs=gs, exponent=exponent, last=number == steps - 1)
        for n, one in enumerate(values):
            beats.append(step.bits << 513 | (n == blocks - 1) << 512 | pack(one, 32))
    results = accumulate(sums, gs, exponents)[0]
    return beats, [pack(one, 32) | (n == blocks - 1) << 512 for n, one in enumerate(results)]


async def run_tiles(dut, rng, tiles: list[tuple[int, int, int]], stalls: tuple[float, float]):
    """Play tiles of (blocks, gs, steps), and compare all that comes out."""
    source = BeatDriver(dut, "q", dut.clk, rng=rng, stall=stalls[0])
    BeatSink(dut, "y", dut.clk, rng=rng, stall=stalls[1])
    results = BeatMonitor(dut, "y", dut.clk)
    expected = []
    for one in tiles:
        beats, wanted = tile(rng, *one)
        for beat in beats:
            source.append(beat)
        expected += wanted
    await source.drained()
    await ClockCycles(dut.clk, 40)
    assert list(results) == expected, f"{len(results)} beats, expected {len(expected)}"


def silence(dut) -> None:
    """No input of the engine alone is unknown."""
    for name in ("psum", "codes", "exponents", "used", "exponent"):
        getattr(dut, f"e_{name}").value = 0


@cocotb.test(timeout_time=2000, timeout_unit="us")
@cocotb.parametrize(stalls=[(0.0, 0.0), (0.0, 0.7), (0.6, 0.0), (0.3, 0.3)])
async def path_random(dut, stalls):
    """Tiles of all sizes, group sizes and numbers of steps, exact ones among them."""
    rng = seeded()
    silence(dut)
    await reset(dut)
    tiles = [(1, gs, steps) for gs in range(1, GS_MAX + 1) for steps in range(1, 2 * gs + 2)]
    tiles += [(WORDS, gs, gs + 1) for gs in range(1, GS_MAX + 1)]
    tiles += [(int(rng.integers(1, 5)), int(rng.integers(0, 5)), int(rng.integers(1, 8)))
              for _ in range(TILES)]  # fmt: skip
    tiles += [(2, 0, 1), (1, 3, 1), (1, 0, 1), (3, 1, 2), (1, 0, 1)]
    await run_tiles(dut, rng, [tiles[at] for at in rng.permutation(len(tiles))], stalls)


async def feed(block: Block, dut, beats: list[int]) -> tuple[list[int], list[int]]:
    """Offer beats without a pause, results taken at once, then wait for the last of these.

    Returns:
        the cycles in which results were seen, counted from the first beat, and the results.
    """
    dut.y_ready.value = 1
    cycles, results, at, cycle, quiet = [], [], 0, 0, 0
    while quiet < 5:
        more = at < len(beats)
        seen = await block.cycle(valid=more, data=beats[at] if more else 0)
        at += more and seen.ready
        quiet = 0 if more or seen.out_valid else quiet + 1
        if seen.out_valid:
            cycles.append(cycle)
            results.append(seen.out)
        cycle += 1
    return cycles, results


@cocotb.test(timeout_time=200, timeout_unit="us")
async def path_timing(dut):
    """Exact blocks pass in their own cycle, quantised ones leave two cycles later, a block a cycle;
    an exact one waits until the quantised ones before it are out."""
    block = Block(dut, "q", "valid data", "ready out_valid out")
    silence(dut)
    await block.start()
    rng = seeded()
    parts = [tile(rng, *one) for one in ((3, 0, 1), (4, 2, 3), (2, 0, 1))]
    cycles, results = await feed(block, dut, [beat for beats, _ in parts for beat in beats])
    assert results == [one for _, wanted in parts for one in wanted]
    assert cycles == [0, 1, 2, 13, 14, 15, 16, 17, 18], cycles


@cocotb.test(timeout_time=200, timeout_unit="us")
async def path_waits(dut):
    """While a result waits, all steps of the next tile are taken up to the one that gives."""
    block = Block(dut, "q", "valid data", "ready out_valid out")
    silence(dut)
    await block.start()
    rng = seeded()
    parts = [tile(rng, 1, 2, 2), tile(rng, 1, 4, 4), tile(rng, 1, 1, 1)]
    beats, taken = [beat for one, _ in parts for beat in one], 0
    dut.y_ready.value = 0
    for _ in range(30):
        taken += (await block.cycle(valid=1, data=beats[taken])).ready
    assert taken == 2 + 4
    results = (await feed(block, dut, beats[taken:]))[1]
    assert results == [one for _, wanted in parts for one in wanted]


@cocotb.test(timeout_time=200, timeout_unit="us")
async def path_reset(dut):
    """A reset within a tile leaves nothing of it: the next one begins with its first step."""
    block = Block(dut, "q", "valid data", "ready out_valid out")
    silence(dut)
    await block.start()
    rng = seeded()
    for steps in (2, 3, 5):
        await feed(block, dut, tile(rng, 3, 4, steps)[0][: 3 * steps - 1])
        await reset(dut)
        beats, wanted = tile(rng, 3, 4, 6)
        assert (await feed(block, dut, beats))[1] == wanted
