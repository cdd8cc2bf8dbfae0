"""The whole PPU against its integer model: every format, stalls everywhere, rate and errors."""

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, FallingEdge

from models.params import LayerConfig
from models.ppu import PpuCommand, pack_ppu_command, parameter_writes, post_process
from models.pwl import ACTIVATIONS, PwlTable, fit
from models.streams import pack_result_stream
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import reset, seeded
from verif.unit.lists import beats_to_ints

FORMATS = [(4, 1), (8, 1), (8, 2), (8, 3), (12, 1)]


class Ppu:
    """The PPU with its streams; it knows the parameters in use and the packets to come."""

    def __init__(self, dut, rng: np.random.Generator, *, results: float, out: float) -> None:
        self.dut, self.rng = dut, rng
        self.peas = int(dut.peas.value)
        self.cmd = BeatDriver(dut, "c", dut.clk, rng=rng)
        self.par = BeatDriver(dut, "p", dut.clk, rng=rng, stall=0.1)
        self.y = BeatDriver(dut, "y", dut.clk, rng=rng, stall=results)
        BeatSink(dut, "o", dut.clk, rng=rng, stall=out)
        self.out = BeatMonitor(dut, "o", dut.clk)
        self.expected: list[int] = []
        self.mult = self.shift = self.table = None

    def draw_rows(self) -> tuple[np.ndarray, np.ndarray]:
        """Multipliers and shifts that spread results over all of v, a few beyond it."""
        rows = 8 * self.peas
        mult = self.rng.integers(0, 2**16, rows)
        shift = np.where(
            self.rng.random(rows) < 0.05,
            self.rng.integers(0, 64, rows),
            self.rng.integers(28, 34, rows),
        )
        return mult, shift

    def draw_table(self, x_bits: int, dbs_type: int) -> PwlTable:
        """The table of a random function for the format."""
        step = 1 << (dbs_type - 1)
        zp = int(self.rng.integers(0, 2**x_bits // 2)) // step * step
        cfg = LayerConfig(x_bits=x_bits, dbs_type=dbs_type, zp=zp)
        limit = float(self.rng.choice([2.0, 8.0, 24.0]))
        function = ACTIVATIONS[str(self.rng.choice(list(ACTIVATIONS)))]
        return fit(function, limit / 2**15, limit / 2**x_bits, cfg)

    def draw_command(self, **fields) -> PpuCommand:
        """A random command; `fields` are given."""
        tile = 4 * self.peas
        x_bits, dbs_type = FORMATS[int(self.rng.integers(0, len(FORMATS)))]
        drawn = {
            "groups": int(self.rng.integers(1, 5)),
            "dtp": bool(self.rng.integers(0, 2)),
            "raw": bool(self.rng.random() < 0.2),
            "x_bits": x_bits,
            "dbs_type": dbs_type,
            "r": int(self.rng.integers(0, 16)),
            "new_rows": bool(self.mult is None or self.rng.random() < 0.3),
            "new_pwl": bool(self.table is None or self.rng.random() < 0.5),
        }
        drawn |= fields
        most = tile * (2 if drawn["dtp"] else 1)
        whole = self.rng.random() < 0.4
        rows = most if whole else int(self.rng.integers(1, most + 1))
        return PpuCommand(**{"rows": rows, **drawn})

    async def run(self, cmd: PpuCommand) -> None:
        """Write what the command needs, then give it and queue its results."""
        writes: list[tuple[int, int]] = []
        if cmd.new_rows:
            self.mult, self.shift = self.draw_rows()
            writes += parameter_writes(mult=self.mult, shift=self.shift)
        if cmd.new_pwl:
            self.table = self.draw_table(cmd.x_bits, cmd.dbs_type)
            writes += parameter_writes(table=self.table)
        for place in self.rng.permutation(len(writes)):
            address, data = writes[place]
            self.par.append(address << 48 | data)
        await self.par.drained()
        self.cmd.append(pack_ppu_command(cmd))
        y = self.draw_results(cmd)
        beats = beats_to_ints(pack_result_stream(y))
        for number, beat in enumerate(beats):
            self.y.append(int(number == len(beats) - 1) << 512 | beat)
        rows = len(y)
        for packet in post_process(y, self.mult[:rows], self.shift[:rows], self.table, cmd):
            values = beats_to_ints(packet.beats)
            for number, beat in enumerate(values):
                last = int(number == len(values) - 1)
                self.expected.append((last << 2 | packet.tile << 1 | packet.part) << 256 | beat)
        await self.cmd.drained()

    def draw_results(self, cmd: PpuCommand) -> np.ndarray:
        """Results, some rows nearly constant so that vectors are skipped, some extreme."""
        shape = (4 * self.peas * (2 if cmd.dtp else 1), 4 * cmd.groups)
        y = self.rng.integers(-(2**31), 2**31, shape)
        quiet = self.rng.random((shape[0], 1)) < self.rng.choice([0.0, 0.5, 0.9, 1.0])
        y = np.where(quiet, self.rng.integers(-50, 50, shape), y)
        ends = self.rng.choice([-(2**31), 2**31 - 1, 0], shape)
        return np.where(self.rng.random(shape) < 0.05, ends, y)

    async def finish(self) -> None:
        """Wait until all is through and compare."""
        await self.y.drained()
        while int(self.dut.busy.value):
            await FallingEdge(self.dut.clk)
        await ClockCycles(self.dut.clk, 3)
        got = list(self.out)
        assert len(got) == len(self.expected), f"{len(got)} beats, expected {len(self.expected)}"
        for number, (seen, wanted) in enumerate(zip(got, self.expected, strict=True)):
            assert seen == wanted, f"beat {number}: {seen:#x}, expected {wanted:#x}"


@cocotb.test(timeout_time=400, timeout_unit="us")
@cocotb.parametrize(stalls=[(0.0, 0.0), (0.5, 0.0), (0.0, 0.9), (0.3, 0.3)])
async def ppu_random(dut, stalls):
    """Commands of all formats, quantised and raw in turn, with and without pauses."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=stalls[0], out=stalls[1])
    for _ in range(24):
        await ppu.run(ppu.draw_command())
    await ppu.finish()
    assert int(dut.err.value) == 0


@cocotb.test(timeout_time=400, timeout_unit="us")
async def ppu_valid_rows(dut):
    """Every number of valid rows under DTP; a tile without any sends nothing."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.1)
    tile = 4 * ppu.peas
    for rows in {1, 2, 3, 4, 5, tile - 3, tile - 1, tile, tile + 1, tile + 4, 2 * tile - 2}:
        await ppu.run(ppu.draw_command(rows=rows, groups=2, dtp=True, raw=False))
    await ppu.finish()


@cocotb.test(timeout_time=400, timeout_unit="us")
async def ppu_segments_in_use(dut):
    """New segments are written while blocks that need the old ones are stuck in the pipeline."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.9)
    for number in range(6):
        fields = {"groups": 6, "dtp": True, "rows": 8 * ppu.peas, "new_rows": number == 0}
        await ppu.run(ppu.draw_command(raw=False, new_pwl=True, **fields))
    await ppu.finish()


@cocotb.test(timeout_time=400, timeout_unit="us")
async def ppu_many_groups(dut):
    """The most groups, on few PEAs, and many on more."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.0)
    fields = {"groups": 254 if ppu.peas < 8 else 17, "dtp": False, "rows": 4 * ppu.peas}
    for raw in (False, True):
        await ppu.run(ppu.draw_command(raw=raw, **fields))
    await ppu.finish()


@cocotb.test(timeout_time=400, timeout_unit="us")
@cocotb.parametrize(x_bits=[4, 8, 12])
async def ppu_rate(dut, x_bits: int):
    """A block a cycle, or an output beat a cycle, across groups and commands. Packets of two parts
    overlap less when they have more than 16 blocks."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.0)
    fields = {"groups": 8, "dtp": False, "rows": 4 * ppu.peas, "x_bits": x_bits, "dbs_type": 1}
    for number in range(3):
        new = number == 0
        await ppu.run(ppu.draw_command(raw=False, new_rows=new, new_pwl=new, **fields))
        if number == 0:
            first = int(dut.cycle.value)
    await ppu.y.drained()
    took = int(dut.cycle.value) - first
    least = max(3 * 8 * ppu.peas, len(ppu.expected))
    dut._log.info("%d blocks, %d beats, %d cycles", 24 * ppu.peas, len(ppu.expected), took)
    if x_bits == 12 and ppu.peas > 16:
        least = least * 5 // 4
    assert took <= least + 3, f"{took} cycles, expected {least}"
    await ppu.finish()


@cocotb.test(timeout_time=400, timeout_unit="us")
async def ppu_latency(dut):
    """Low beats come 8 cycles after their last block; then full high beats, the last after 10."""
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.0)
    taken: list[int] = []
    seen: list[int] = []
    BeatMonitor(dut, "y", dut.clk, callback=lambda _: taken.append(int(dut.cycle.value)))
    BeatMonitor(dut, "o", dut.clk, callback=lambda _: seen.append(int(dut.cycle.value)))
    fields = {"groups": 1, "dtp": False, "rows": 4 * ppu.peas, "x_bits": 8, "raw": False}
    await ppu.run(ppu.draw_command(**fields))
    await ppu.finish()
    low = [taken[min(at + 3, ppu.peas - 1)] + 8 for at in range(0, ppu.peas, 4)]
    lists = len(seen) - len(low)
    first = taken[-1] + (9 if lists > 1 else 10)
    assert seen == low + list(range(first, first + lists))


@cocotb.test(timeout_time=400, timeout_unit="us")
async def ppu_errors(dut):
    """Impossible commands and a misplaced last flag are reported, legal ones are not."""
    peas = int(dut.peas.value)
    good = PpuCommand(groups=1, rows=4 * peas)
    base = pack_ppu_command(good)
    cases = [
        (base, 0),
        (base & ~(0xFF << 12), 2),  # no group
        (base & ~(0xFF << 20), 2),  # no row
        (base + (1 << 20), 2),  # more rows than one tile has
        (base & ~(3 << 6), 2),  # DBS type 0
        (base & ~(3 << 4), 2),  # no slice
        (pack_ppu_command(PpuCommand(groups=1, rows=1, x_bits=12)) | 3 << 6, 2),
        (base & ~(0xFF << 4) | 8, 0),  # raw: formats do not matter
    ]
    for word, expected in cases:
        await reset(dut)
        cmd = BeatDriver(dut, "c", dut.clk, rng=seeded())
        await cmd.send(word)
        await ClockCycles(dut.clk, 2)
        assert int(dut.err.value) == expected, f"command {word:#x}: err {int(dut.err.value)}"
    await reset(dut)
    ppu = Ppu(dut, seeded(), results=0.0, out=0.0)
    ppu.cmd.append(base)
    for _ in range(peas):
        ppu.y.append(0)
    await ppu.y.drained()
    await ClockCycles(dut.clk, 2)
    assert int(dut.err.value) == 1
    await reset(dut)
    assert int(dut.err.value) == 0
