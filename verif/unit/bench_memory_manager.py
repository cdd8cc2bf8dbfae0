"""The memory manager: all streams at once, memories full, errors of every kind, aborts."""

import cocotb

from verif.unit.beat_bus import BURST
from verif.unit.managing import Managing

REQUEST = 32
"""Most beats of a request for weights."""

MOST_BLOCKS = 8
"""Whole blocks that a memory tells apart."""

MOST_BURSTS = 16
"""Bursts that are under way at a time."""


def filling(bench: Managing, pea: int) -> list[list[int]]:
    """Counts of a block that fills the bank of a PEA to its last beat.

    Weights are asked for when 32 beats more fit in each bank. The first chunk leaves room for just
    so many in this one; the second brings it as many with one request.
    """
    peas = range(bench.num_pea)
    headers = -(-bench.num_pea // 16)
    first, second = [1] * bench.num_pea, [1] * bench.num_pea
    first[pea], second[pea] = bench.wmem - REQUEST, REQUEST + 1
    rest = -(2 * headers + sum(first) + pea) % REQUEST
    others = [p for p in peas if p != pea]
    for at in range(rest):
        first[others[at % len(others)]] += 1
    return [first, second]


async def wait_for(bench: Managing, side: str, names: list[str]) -> None:
    """Work that is done but for a side that takes nothing; then the rest of it."""
    bench.draw(3, outputs=1)
    bench.pace.set(r=0.5, **dict.fromkeys(names, 0))
    last = [getattr(bench, side)]
    await bench.until(lambda: [one for one in bench.sides if one.busy] == last)
    for _ in range(20):
        await bench.step()
    assert last[0].busy
    bench.pace.free()
    await bench.play()
    await bench.rest()


@cocotb.test()
async def manager_random(dut):
    """All DMAs at work with pauses on all sides: every stream is right and in order."""
    bench = Managing(dut)
    await bench.start()
    bench.draw(8, outputs=18)
    await bench.play(paced=True)


@cocotb.test()
async def manager_rate(dut):
    """With nobody pausing, the bus brings a beat a cycle, whosever it is."""
    bench = Managing(dut)
    await bench.start()
    for _ in range(6):
        bench.acts.add(bench.load([20, 30, 7]))
        bench.weights.add(bench.places.line(), [[3] * bench.num_pea] * 2, words=1)
    await bench.until(lambda: bench.bus.moved == len(bench.bus.image))
    assert bench.cycles < bench.bus.moved + 30, f"{bench.cycles} cycles"
    await bench.play()


@cocotb.test()
async def manager_waits(dut):
    """Each consumer in turn takes nothing: all others get what is theirs, then it does."""
    bench = Managing(dut)
    await bench.start()
    await wait_for(bench, "program", ["desc"])
    for name in ("b", "par", "cmd"):
        await wait_for(bench, "parameters", [name])
    await wait_for(bench, "acts", ["x"])
    await wait_for(bench, "weights", [f"w{pea}" for pea in range(bench.num_pea)])


@cocotb.test()
async def manager_full(dut):
    """Who waits fills its memory to the last beat, and holds up nobody else."""
    bench = Managing(dut)
    await bench.start()
    bench.pace.set(x_play=0, w_play=0)
    third = bench.amem // 3
    bench.acts.add(bench.load([third, 2 * third, bench.amem - 3 * third]))
    bench.acts.add(bench.load([1]))
    bench.output(kind=0, groups=1, length=bench.omem - 1)
    bench.output(kind=3, groups=6, length=5)
    for pea in range(bench.num_pea):
        counts = filling(bench, pea)
        before = bench.weights.written[pea]
        bench.weights.add(bench.places.line(), counts, words=1)
        if pea == 0:
            bench.pace.set(aw=0, wd=0)
            await bench.until(lambda: bench.acts.written == bench.amem)
        await bench.until(lambda p=pea, b=before: bench.weights.written[p] == b + bench.wmem)
        for _ in range(10):
            await bench.step()
        assert bench.weights.written[pea] == before + bench.wmem
        if pea == 0:
            assert bench.acts.written == bench.amem
            assert bench.omem <= bench.results.taken <= bench.omem + 2
        bench.pace.free()
        await bench.until(lambda: not bench.weights.busy)
        bench.pace.set(w_play=0)
    await bench.play()


@cocotb.test()
async def manager_bus_errors(dut):
    """Errors of the bus are told with their address, whosever the beat is; no data is lost."""
    bench = Managing(dut)
    await bench.start()
    bench.draw(4, outputs=6)
    bench.bus.bad_reads = {line: 2 + at % 2 for at, line in enumerate([*bench.bus.image][::3])}
    bench.bus.bad_writes = {at: 2 + at % 2 for at in range(0, 12, 3)}
    bench.allowed = {"read_error", "write_error"}
    await bench.play(paced=True)
    assert bench.told == {"read_error": len(bench.bus.bad_reads), "write_error": 4}


@cocotb.test()
async def manager_ends(dut):
    """A block that ends inside a command is told, of each PEA and of the activations."""
    bench = Managing(dut)
    await bench.start()
    bench.allowed = {"w_end_error", "x_end_error"}
    for pea in range(bench.num_pea):
        bench.told.clear()
        bench.weights.ends = [p != pea for p in range(bench.num_pea)]
        bench.acts.ends = pea % 2 == 0
        bench.weights.add(bench.places.line(), [[2] * bench.num_pea], words=1)
        bench.acts.add(bench.load([3]))
        await bench.play()
        assert bench.told == {"w_end_error": 1} | ({} if bench.acts.ends else {"x_end_error": 1})


@cocotb.test()
@cocotb.parametrize(error=["chunk_error", "table_error", "w_large", "x_large"])
async def manager_corrupt(dut, error: str):
    """Blocks that are wrong or too large are told, whatever else goes on; the next run is right."""
    bench = Managing(dut)
    await bench.start()
    peas = bench.num_pea
    for case in range(2):
        bench.allowed = {error}
        bench.draw(2, outputs=3)
        await bench.until(lambda: not (bench.weights.busy or bench.acts.busy))
        if error == "chunk_error":
            counts = [[1] * peas] * 2
            counts[case] = [int(pea != case * (peas - 1)) for pea in range(peas)]
            bench.weights.add(bench.places.line(), counts)
        elif error == "table_error":
            bench.acts.add(bench.load([3, (0, bench.amem + 1)[case]]))
        elif case:  # a kept block that is too large
            counts = [1] * (peas - 1) + [bench.wmem + 1]
            bench.acts.add(bench.load([2, bench.amem - 1] if error == "x_large" else [2]), plays=2)
            bench.weights.add(
                bench.places.line(), [counts if error == "w_large" else [1] * peas], plays=2
            )
        else:  # a block too many
            bench.pace.set(w_play=0, x_play=0)
            bench.may_wait = error == "w_large"
            for _ in range(MOST_BLOCKS):
                bench.acts.add(bench.load([1]))
                bench.weights.add(bench.places.line(), [[1] * peas])
            await bench.until(lambda: not (bench.weights.jobs or bench.acts.jobs))
            if error == "w_large":
                bench.weights.add(bench.places.line(), [[1] * peas])
            else:
                bench.acts.add(bench.load([1]))
        await bench.until(lambda: bench.told)
        await bench.rest()
    bench.draw(2, outputs=3)
    await bench.play()


@cocotb.test()
async def manager_aborts(dut):
    """An abort leaves nothing of what was under way, be it the longest request; the next run is
    right."""
    bench = Managing(dut)
    await bench.start()
    for steps in (0, 3, 9, 30, 80, 200):
        bench.draw(3, outputs=6)
        for step in range(steps):
            if step % 30 == 0:
                bench.pace.set(r=step % 4 / 2, wd=step % 3 / 2, resp=step % 5 / 4)
            await bench.step()
        await bench.rest()
    bench.acts.add(bench.load([bench.amem]))
    await bench.until(lambda: bench.bus.moved == 1)  # the table
    bench.pace.set(r=0)
    await bench.until(lambda: bench.bus.due_bursts == min(MOST_BURSTS, bench.amem // BURST))
    await bench.rest()
    bench.draw(3, outputs=6)
    await bench.play()
