"""The register file: bad accesses, byte strobes, the life of a run, interrupts, counters."""

from itertools import product

import cocotb
from cocotbext.axi import AxiResp

from verif.csr.generate import registers
from verif.csr.names import ADDRESS, COUNTERS, ErrorCode
from verif.unit.csr_control import INC_W, Csr
from verif.unit.harness import pack

IDLE, BUSY, DONE, ERROR, IGNORED = (1 << bit for bit in range(5))


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.5])
async def csr_bad_accesses(dut, stall: float):
    """Unaligned accesses to any register answer SLVERR, whatever the strobes, without effect."""
    bench = Csr(dut, stall=stall)
    await bench.start()
    await bench.write("PROG_COUNT", 0x12345678)
    before = await bench.snapshot()
    assert len(before) == len(registers()) - 1, "all but CTRL can be read"
    for address in (node.absolute_address for node in registers()):
        for offset in (1, 2, 3):
            data, answer = await bench.master.read(address + offset)
            assert (data, answer) == (0, AxiResp.SLVERR), f"read of {address + offset:#x}"
            strobes = int(bench.rng.integers(0, 16))
            answer = await bench.master.write(address + offset, 0xFFFFFFFF, strobes)
            assert answer == AxiResp.SLVERR, f"write of {address + offset:#x}"
    assert await bench.snapshot() == before
    assert dut.starts.value == 0


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.5])
async def csr_strobes(dut, stall: float):
    """A write changes the strobed bytes only, down to none, and only those can start a run."""
    bench = Csr(dut, stall=stall)
    await bench.start()
    masks = {"PROG_ADDR_LO": 0xFFFFFFE0, "PROG_ADDR_HI": 0xFF, "PROG_COUNT": 0xFFFFFFFF}
    masks["IRQ_ENABLE"] = 0b111
    held = dict.fromkeys(masks, 0)
    for name, strobes in product(masks, range(16)):
        data = int(bench.rng.integers(0, 2**32))
        await bench.write(name, data, strobes)
        written = sum(0xFF << 8 * byte for byte in range(4) if strobes >> byte & 1) & masks[name]
        held[name] = held[name] & ~written | data & written
        assert await bench.read(name) == held[name], name
        seen = await bench.block.cycle()
        assert seen.prog_addr == held["PROG_ADDR_HI"] << 32 | held["PROG_ADDR_LO"]
        assert seen.prog_count == held["PROG_COUNT"]
    for name, strobes in product(("CTRL", "IRQ_STATUS"), range(16)):
        await bench.write(name, 0xFFFFFF00, strobes)
    await bench.write("CTRL", 0xFFFFFFFF, 0b1110)
    await bench.write("CTRL", 0xFFFFFFFC)
    assert dut.starts.value == 0
    await bench.write("CTRL", 1, 0b0001)
    await bench.end()
    await bench.write("IRQ_STATUS", 0xFFFFFFFF, 0b1110)
    assert (dut.starts.value, await bench.read("IRQ_STATUS")) == (1, 1)


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.5])
async def csr_runs(dut, stall: float):
    """Start, a start that comes too early, ends of all kinds, and what the next start clears."""
    bench = Csr(dut, stall=stall)
    await bench.start()
    assert await bench.read("STATUS") == IDLE
    for number, code in enumerate([0, *ErrorCode, 0, 255, 0]):
        await bench.write("CTRL", 1)
        assert (dut.starts.value, await bench.read("STATUS")) == (number + 1, BUSY)
        for name in ("ERROR", "ERROR_DESC", "ERROR_ADDR_LO", "ERROR_ADDR_HI"):
            assert await bench.read(name) == 0, name
        early = bool(number % 2)
        if early:
            await bench.write("CTRL", 1)
            assert await bench.read("STATUS") == BUSY | IGNORED
        # Every bit of what is told goes up and down.
        flip = -(number % 2)
        detail, desc, addr = 0xCAFE ^ flip & 0xFFFF, 77 ^ flip & 0xFFFFFFFF, 0xAB_1234_5660
        addr ^= flip & (1 << 40) - 1
        await bench.end(code, detail, desc, addr)
        assert dut.starts.value == number + 1
        ended = ERROR if code else DONE
        assert await bench.read("STATUS") == IDLE | ended | (IGNORED if early else 0)
        told = (detail << 16 | code, desc, addr & 0xFFFFFFFF, addr >> 32)
        failed = told if code else (0, 0, 0, 0)
        names = ("ERROR", "ERROR_DESC", "ERROR_ADDR_LO", "ERROR_ADDR_HI")
        assert tuple([await bench.read(name) for name in names]) == failed


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_abort(dut):
    """An abort is asked for until the run ends, and never of a design at rest."""
    bench = Csr(dut)
    await bench.start()
    await bench.write("CTRL", 2)
    assert (await bench.block.cycle()).abort == 0
    await bench.write("CTRL", 1)
    assert (await bench.block.cycle()).abort == 0
    await bench.write("CTRL", 0)
    assert (await bench.block.cycle()).abort == 0
    await bench.write("CTRL", 2)
    await bench.snapshot()
    for _ in range(20):
        assert (await bench.block.cycle()).abort == 1
    await bench.end(ErrorCode.aborted)
    seen = await bench.block.cycle()
    assert (seen.abort, seen.busy) == (0, 0)
    assert await bench.read("STATUS") == IDLE | ERROR
    await bench.write("CTRL", 3)  # both bits at rest: a start
    seen = await bench.block.cycle()
    assert (seen.abort, seen.busy, int(dut.starts.value)) == (0, 1, 2)
    await bench.write("CTRL", 3)  # both bits in a run: an abort, and a start that is ignored
    seen = await bench.block.cycle()
    assert (seen.abort, seen.busy, int(dut.starts.value)) == (1, 1, 2)
    assert await bench.read("STATUS") == BUSY | IGNORED


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_interrupts(dut):
    """Each event sets its bit; the line follows the enabled ones; writing 1 clears."""
    bench = Csr(dut)
    await bench.start()

    async def run(code: int, *, early: bool) -> None:
        await bench.write("CTRL", 1)
        if early:
            await bench.write("CTRL", 1)
        await bench.end(code)

    cases = (
        (0b001, (0,), False), (0b010, (1,), False), (0b011, (0, 1), False),
        (0b101, (0,), True), (0b110, (1,), True), (0b111, (0, 1), True),
    )  # fmt: skip
    for events, codes, early in cases:
        for enable in range(8):
            await bench.write("IRQ_ENABLE", enable)
            for code in codes:
                await run(code, early=early)
            assert await bench.read("IRQ_STATUS") == events
            assert (await bench.block.cycle()).irq == bool(events & enable)
            for bit in range(3):
                await bench.write("IRQ_STATUS", 1 << bit)
                events_left = events & ~((2 << bit) - 1)
                assert await bench.read("IRQ_STATUS") == events_left
                assert (await bench.block.cycle()).irq == bool(events_left & enable)
    for clear in range(8):
        await bench.write("IRQ_STATUS", clear)
        assert await bench.read("IRQ_STATUS") == 0


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_back_to_back(dut):
    """Accesses that do not wait for the answers to those before them are all answered, in order."""
    bench = Csr(dut)
    await bench.start()
    values = bench.rng.integers(0, 2**32, 40).tolist()
    writes = [cocotb.start_soon(bench.write("PROG_COUNT", value)) for value in values]
    reads = [cocotb.start_soon(bench.read("ID")) for _ in values]
    for task in writes:
        await task
    assert {await task for task in reads} == {0x504E4341}
    assert await bench.read("PROG_COUNT") == values[-1]


@cocotb.test(timeout_time=1, timeout_unit="ms")
@cocotb.parametrize(stall=[0.0, 0.3, 0.7])
async def csr_writes_overlap(dut, stall: float):
    """Addresses ahead of data, data ahead of addresses, late answers: each write gets its own."""
    bench = Csr(dut, stall=stall)
    await bench.start()
    masks = {"PROG_ADDR_LO": 0xFFFFFFE0, "PROG_COUNT": 0xFFFFFFFF, "IRQ_ENABLE": 0b111}
    writes, held, answers = [], dict.fromkeys(masks, 0), []
    for _ in range(60):
        name, data = str(bench.rng.choice(list(masks))), int(bench.rng.integers(0, 2**32))
        offset = int(bench.rng.choice([0, 0, 1, 2, 3]))
        writes.append((ADDRESS[name] + offset, data))
        answers.append(AxiResp.SLVERR if offset else AxiResp.OKAY)
        if not offset:
            held[name] = data & masks[name]
    assert await bench.master.write_all(writes) == answers
    assert {name: await bench.read(name) for name in masks} == held


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_interrupt_race(dut):
    """An event is not lost when its bit is cleared in the very cycle in which it is set."""
    bench = Csr(dut)
    await bench.start()
    left = []
    for delay in range(8):
        await bench.write("CTRL", 1)
        meetings = int(dut.meetings.value)
        clearing = cocotb.start_soon(bench.write("IRQ_STATUS", 7))
        for _ in range(delay):
            await bench.block.cycle()
        await bench.end()
        await clearing
        left.append((await bench.read("IRQ_STATUS"), int(dut.meetings.value) - meetings))
        await bench.write("IRQ_STATUS", 7)
    assert left.count((1, 1)) == 1, f"status and meetings: {left}"
    assert set(left) == {(0, 0), (1, 1), (1, 0)}


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_counters(dut):
    """Counters add what they are told while a run lasts, hold it after, and start at zero."""
    bench = Csr(dut)
    await bench.start()
    names, width = list(COUNTERS), 2**INC_W
    for choices in ([0, 1, width - 1], [0, 1, width - 1], [width - 1]):
        noise = [int(bench.rng.integers(0, width)) for _ in names]
        bench.add(noise)
        await bench.write("CTRL", 1)
        bench.add([])
        first = {name: await bench.count(name) for name in names}
        cycles = first[names[0]] // noise[0] if noise[0] else 0
        assert 0 < cycles < 8 and list(first.values()) == [cycles * amount for amount in noise]
        totals = dict(first)
        for _ in range(40):
            amounts = [int(bench.rng.choice(choices)) for _ in names]
            await bench.block.cycle(count_inc=pack(amounts, INC_W))
            for name, amount in zip(names, amounts, strict=True):
                totals[name] += amount
        await bench.block.cycle(count_inc=0)
        await bench.end()
        bench.add(noise)
        assert {name: await bench.count(name) for name in names} == totals
    assert min(totals.values()) >= 2**63


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_counters_full(dut):
    """Counters reach the end of their 64 bits; the next run begins at zero."""
    bench = Csr(dut)
    await bench.start()
    names, most = list(COUNTERS), 2**INC_W - 1
    await bench.write("CTRL", 1)
    steps = 2**64 // most
    for amount in (*[most] * steps, 2**64 - 1 - steps * most, 0):
        await bench.block.cycle(count_inc=pack([amount] * len(names), INC_W))
    assert {await bench.count(name) for name in names} == {2**64 - 1}
    await bench.end()
    await bench.write("CTRL", 1)
    assert {await bench.count(name) for name in names} == {0}


@cocotb.test(timeout_time=1, timeout_unit="ms")
async def csr_counter_halves(dut):
    """Both halves come from the moment in which the lower one was read."""
    bench = Csr(dut)
    await bench.start()
    step = 2**32 - 3
    await bench.write("CTRL", 1)
    bench.add([step])
    values = [await bench.count("CYCLES") for _ in range(40)]
    assert values == sorted(values) and all(value % step == 0 for value in values)
    assert values[-1] > values[0]
