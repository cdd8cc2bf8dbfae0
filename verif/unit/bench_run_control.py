"""The run control: every end of a run, told once, at the right time, with all that goes with it."""

import cocotb

from verif.csr.names import ErrorCode
from verif.unit.harness import Block, Sample, reset, seeded
from verif.unit.run_ends import ADDRESSES, CODES, DESCRIPTORS, FAULTS, GOOD, TOGETHER, Fault

ERROR_INPUTS = (
    "read_error write_error bad_desc chunk_error table_error w_end_error x_end_error w_large "
    "x_large core_err ppu_err"
)
INPUTS = (
    "start abort bus_idle progress all_dealt all_written playing read_addr write_addr desc_index "
    f"next_desc {ERROR_INPUTS}"
)
OUTPUTS = "begin run_n stop end end_code end_detail end_desc end_addr"
REST = 7
"""Least cycles of the reset between two runs."""


class Control:
    """The block, and what must always hold of its outputs."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "r", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self) -> None:
        """Reset; the block idles."""
        await self.block.start()
        self.quiet = {"progress": 1, "bus_idle": 0, **ADDRESSES, **DESCRIPTORS}
        seen = await self.cycle(**self.quiet)
        self.check(seen, run_n=1)
        self.patience = int(self.dut.patience.value)

    async def cycle(self, **values: int) -> Sample:
        """One cycle."""
        return await self.block.cycle(**values)

    @staticmethod
    def check(seen: Sample, *, begin: int = 0, run_n: int = 0, end: int = 0) -> None:
        """The outputs of one cycle; the bus is stopped exactly while the rest is in reset."""
        got = (seen.begin, seen.run_n, seen.stop, seen.end)
        assert got == (begin, run_n, 1 - run_n, end), f"{got}"

    async def begin(self) -> None:
        """Start a run and let it run for a while; the program is not all dealt out."""
        self.check(await self.cycle(**self.quiet, start=1), begin=1, run_n=1)
        for _ in range(int(self.rng.integers(1, 5))):
            self.check(await self.cycle(start=0), run_n=1)

    async def fault(self, inputs: dict[str, int]) -> None:
        """The one cycle in which something ends the run; after it other things go wrong."""
        self.check(await self.cycle(**inputs), run_n=1)
        await self.garble(inputs)

    async def garble(self, inputs: dict[str, int]) -> None:
        """The two cycles after the end: what comes now must not change what is told."""
        wrong = dict.fromkeys(ERROR_INPUTS.split(), 1) | {"abort": 1, "bad_desc": 3}
        wrong |= {"read_addr": 1, "write_addr": 2}
        wrong |= {"desc_index": 3, "next_desc": 4, "all_dealt": 1, "all_written": 1}
        self.check(await self.cycle(**dict.fromkeys(inputs, 0) | wrong))
        self.check(await self.cycle(**dict.fromkeys(wrong, 0), progress=0))

    async def rest(self, told: tuple[int, int, int, int], *, busy: int) -> None:
        """The bus stays busy for so many cycles; then the end is told, once."""
        for number in range(busy):
            self.check(await self.cycle(bus_idle=0, progress=number % 2))
        waited = busy + 2
        while True:
            seen = await self.cycle(bus_idle=1)
            waited += 1
            if seen.end:
                break
            self.check(seen)
            assert waited < busy + REST + 5, "the end is not told"
        assert waited >= REST, f"a reset of {waited} cycles"
        self.check(seen, end=1)
        assert (seen.end_code, seen.end_detail, seen.end_desc, seen.end_addr) == told
        for _ in range(3):
            self.check(await self.cycle(**self.quiet), run_n=1)

    async def run(self, fault: Fault, *, busy: int) -> None:
        """A whole run with this end."""
        await self.begin()
        await self.fault(fault.inputs)
        await self.rest(fault.told, busy=busy)


@cocotb.test()
async def control_ends(dut):
    """Each end alone, with the bus at rest at once and much later, one run after the other."""
    bench = Control(dut)
    await bench.start()
    for fault in (GOOD, *FAULTS, GOOD, *TOGETHER, GOOD):
        for busy in (0, 3, REST, 40):
            await bench.run(fault, busy=busy)
    assert {fault.code for fault in FAULTS} | {ErrorCode.timeout} == CODES


@cocotb.test()
async def control_priority(dut):
    """Any two ends in the same cycle: the first in order is told. An end without error is last."""
    bench = Control(dut)
    await bench.start()
    for at, first in enumerate(FAULTS):
        for second in (*FAULTS[at + 1 :], GOOD):
            if first.inputs.keys() & second.inputs.keys():
                continue
            if first.code == second.code != ErrorCode.corrupt_stream:
                continue
            both = Fault(
                inputs=first.inputs | second.inputs, code=first.code, detail=first.detail,
                desc=first.desc, addr=first.addr,
            )  # fmt: skip
            await bench.run(both, busy=0)


@cocotb.test()
async def control_not_yet(dut):
    """Dealt out but not written, or written but not dealt out, is no end; idle, nothing is."""
    bench = Control(dut)
    await bench.start()
    await bench.begin()
    for dealt, written, playing in ((0, 1, 0), (1, 0, 0), (0, 1, 1), (1, 0, 1), (0, 0, 1)):
        for _ in range(5):
            seen = await bench.cycle(all_dealt=dealt, all_written=written, playing=playing)
            bench.check(seen, run_n=1)
    await bench.cycle(playing=0)
    await bench.fault(GOOD.inputs)
    await bench.rest(GOOD.told, busy=0)
    bench.check(await bench.cycle(bus_idle=1), run_n=1)
    for fault in (GOOD, *FAULTS):
        bench.check(await bench.cycle(**fault.inputs), run_n=1)
        bench.check(await bench.cycle(**dict.fromkeys(fault.inputs, 0)), run_n=1)
    await bench.run(GOOD, busy=5)


@cocotb.test()
async def control_starts(dut):
    """A start in a run, or while it ends, does nothing; one in the cycle after the end does."""
    bench = Control(dut)
    await bench.start()
    for _ in range(20):
        await bench.begin()
        bench.check(await bench.cycle(start=1), run_n=1)
        bench.check(await bench.cycle(start=1, **GOOD.inputs), run_n=1)
        for number in range(int(bench.rng.integers(REST, 20))):
            bench.check(await bench.cycle(bus_idle=0, start=number % 2))
        seen = await bench.cycle(bus_idle=1, start=0, all_dealt=0, all_written=0)
        bench.check(seen, end=1)
        assert seen.end_code == 0


@cocotb.test()
async def control_timeout(dut):
    """A run ends when nothing moved for so long, and not a cycle earlier; any move counts."""
    bench = Control(dut)
    await bench.start()
    for _ in range(6):
        await bench.begin()
        for move in ({"progress": 1}, {"bus_idle": 0}):
            bench.check(await bench.cycle(bus_idle=1, progress=0), run_n=1)
            for _ in range(bench.patience - 2):
                bench.check(await bench.cycle(), run_n=1)
            bench.check(await bench.cycle(**move), run_n=1)
        bench.check(await bench.cycle(bus_idle=1, progress=0), run_n=1)
        for _ in range(bench.patience):
            bench.check(await bench.cycle(), run_n=1)
        await bench.garble({})
        desc = DESCRIPTORS["next_desc"]
        await bench.rest((int(ErrorCode.timeout), 0, desc, 0), busy=int(bench.rng.integers(0, 9)))


@cocotb.test()
async def control_timeout_priority(dut):
    """What goes wrong in the cycle of a timeout is told instead of it; a mere end is not."""
    bench = Control(dut)
    await bench.start()
    timeout = (int(ErrorCode.timeout), 0, DESCRIPTORS["next_desc"], 0)
    for fault in (*FAULTS, GOOD):
        await bench.begin()
        await bench.cycle(bus_idle=1, progress=0)
        for _ in range(bench.patience - 1):
            await bench.cycle()
        await bench.fault(fault.inputs)
        await bench.rest(timeout if "all_dealt" in fault.inputs else fault.told, busy=0)


@cocotb.test()
async def control_reset(dut):
    """A reset in a run, and while one ends, leaves the block idle."""
    bench = Control(dut)
    await bench.start()
    for ending in (False, True):
        await bench.begin()
        if ending:
            await bench.fault(FAULTS[1].inputs)
        await reset(dut)
        bench.check(await bench.cycle(**bench.quiet), run_n=1)
        await bench.run(GOOD, busy=0)


@cocotb.test()
async def control_tells_every_bit(dut):
    """Addresses and descriptors of all ones and of all zeros come through."""
    bench = Control(dut)
    await bench.start()
    for ones in (1, 0, 1, 0):
        addr, desc = ones * (2**40 - 1), ones * (2**32 - 1)
        values = {"read_addr": addr, "write_addr": addr, "desc_index": desc, "next_desc": desc}
        bench.quiet = bench.quiet | values
        for inputs in ({"read_error": 1}, {"write_error": 1}, {"bad_desc": 15 if ones else 1}):
            await bench.begin()
            await bench.fault(inputs)
            seen = await bench.cycle(bus_idle=1)
            while not seen.end:
                seen = await bench.cycle(bus_idle=1)
            assert seen.end_desc == desc
            assert seen.end_addr == (0 if "bad_desc" in inputs else addr)
            await bench.cycle(**bench.quiet)
