"""The dispatcher: every receiver gets its part of every descriptor, in order, up to a bad one."""

from collections import deque
from dataclasses import replace

import cocotb
import numpy as np

from models.chip.descriptor import RULES, Descriptor, legality
from models.chip.params import ChipParams
from models.params import VECTOR, CoreParams
from verif.unit.chip_structs import LAYOUTS, break_rule, draw_legal, join
from verif.unit.harness import Block, reset, seeded

RECEIVERS = ("cmd", "weight", "act", "param", "output")
INPUTS = "start count valid data " + " ".join(f"{name}_ready" for name in RECEIVERS)
OUTPUTS = "ready done outputs index bad " + " ".join(f"{n}_valid {n}" for n in RECEIVERS)
BEATS, BEAT_W, QUEUE = 4, 256, 4


def jobs(d: Descriptor, index: int, outputs: int, num_pea: int) -> dict[str, int]:
    """What each receiver gets of descriptor `index`, with `outputs` results before it."""
    play, cmd = (
        join(name, {field: getattr(d, field) for field in LAYOUTS[name]})
        for name in ("play", "cmd")
    )
    part = {"cmd": play << sum(LAYOUTS["cmd"].values()) | cmd}
    if d.w_load:
        part["weight"] = join("weight_job", {"line": d.w_addr // 32, "beats": d.w_beats})
    if d.x_load:
        part["act"] = join("act_job", {
            "table_line": d.x_table // 32, "line": d.x_addr // 32, "stride": d.x_stride // 32,
            "segments": d.x_segments, "fence": d.fence, "seq": outputs,
        })  # fmt: skip
    if d.more:
        return part
    ppu = join("ppu_cmd", {
        "rows": d.rows, "groups": d.groups, "r": d.y_r, "dbs": d.y_dbs, "slices": d.y_slices,
        "raw": d.raw, "dtp": d.dtp, "new_pwl": d.new_pwl, "new_rows": d.new_rows,
    })  # fmt: skip
    part["param"] = join("param_job", {
        "line": d.par_addr // 32, "dtp": d.dtp, "new_rows": d.new_rows and d.gives,
        "new_pwl": d.new_pwl and d.gives, "gives": d.gives, "ppu_cmd": ppu,
    })  # fmt: skip
    if not d.gives:
        return part
    # A tile without valid rows writes nothing; raw results are written with their padding.
    two = d.dtp and (d.raw or d.rows > VECTOR * num_pea)
    part["output"] = join("output_job", {
        "desc": index, "line_low": d.y_addr_low // 32, "line": d.y_addr // 32,
        "stride": d.y_stride // 32, "table_low": d.y_table_low // 2, "table_addr": d.y_table // 2,
        "groups": d.groups, "two_tiles": two, "wide": not d.raw and d.y_slices == 3, "raw": d.raw,
    })  # fmt: skip
    return part


class Dispatch:
    """Feeds a program, takes jobs, and checks all outputs in every cycle."""

    def __init__(self, dut) -> None:
        self.block = Block(dut, "d", INPUTS, OUTPUTS)
        self.dut, self.rng = dut, seeded()

    async def start(self) -> None:
        """Reset the top and look at its sizes."""
        await self.block.start()
        core = CoreParams(num_pea=int(self.dut.num_pea.value), tile_n=int(self.dut.tile_n.value))
        self.params = ChipParams(core=core)

    def draw(self, count: int) -> list[Descriptor]:
        """A legal program."""
        program: list[Descriptor] = []
        for number in range(count):
            previous = program[-1] if program else None
            last = number == count - 1
            program.append(draw_legal(self.rng, self.params, previous, last=last))
        return program

    async def load(self, program: list[Descriptor]) -> None:
        """Start a program whose descriptors are all still to be fed."""
        self.program, self.dealt, self.beat, self.cycles = program, 0, 0, 0
        self.waiting = {name: deque() for name in RECEIVERS}
        self.taken = dict.fromkeys(RECEIVERS, 0)
        stream = [int.from_bytes(d.pack(), "little") for d in program]
        mask = (1 << BEAT_W) - 1
        self.beats = deque(v >> BEAT_W * i & mask for v in stream for i in range(BEATS))
        await self.block.cycle(start=1, count=len(program), valid=0)
        await self.block.cycle(start=0, count=int(self.rng.integers(0, 100)))

    def outputs(self) -> int:
        """Results of the descriptors dealt out so far."""
        return sum(d.gives for d in self.program[: self.dealt])

    async def step(self, offer: bool, take: dict[str, bool]) -> None:
        """One cycle; `offer` a beat if there is one, `take` jobs."""
        offer = offer and bool(self.beats)
        seen = await self.block.cycle(
            valid=offer, data=self.beats[0] if offer else (1 << BEAT_W) - 1,
            **{f"{name}_ready": take[name] for name in RECEIVERS},
        )  # fmt: skip
        self.cycles += 1
        self.last_seen = seen
        verdict = 0
        if offer and self.beat == BEATS - 1:
            previous = self.program[self.dealt - 1] if self.dealt else None
            last = self.dealt == len(self.program) - 1
            verdict = legality(self.program[self.dealt], previous, self.params, last=last)
        assert seen.bad == verdict, f"bad = {seen.bad}, not {verdict}"
        assert (seen.done, seen.index) == (self.dealt == len(self.program), self.dealt)
        assert seen.outputs == self.outputs()
        for name, queue in self.waiting.items():
            assert getattr(seen, f"{name}_valid") == bool(queue), f"{name}: valid"
            assert len(queue) <= QUEUE, f"{name}: more jobs than places"
            if queue:
                assert getattr(seen, name) == queue[0], f"{name} job {self.taken[name]}"
                if take[name]:
                    queue.popleft()
                    self.taken[name] += 1
        if offer and seen.ready:
            assert not verdict, "a bad descriptor is taken"
            self.beats.popleft()
            self.beat = (self.beat + 1) % BEATS
            if self.beat == 0:
                self._deal()

    def _deal(self) -> None:
        d, num_pea = self.program[self.dealt], self.params.core.num_pea
        for name, job in jobs(d, self.dealt, self.outputs(), num_pea).items():
            self.waiting[name].append(job)
        self.dealt += 1

    async def play(self) -> None:
        """Feed and take everything, each side with fast and slow phases of its own."""
        limit = 2000 + 120 * len(self.program)
        rates = np.ones(6)
        while self.beats or any(self.waiting.values()):
            if self.cycles % 64 == 0:
                rates = self.rng.choice([0.05, 0.5, 1.0], 6, p=[0.2, 0.4, 0.4])
            moves = (self.rng.random(6) < rates).tolist()
            await self.step(moves[0], dict(zip(RECEIVERS, moves[1:], strict=True)))
            assert self.cycles < limit, f"stuck after {self.dealt} descriptors"
        await self.step(False, dict.fromkeys(RECEIVERS, True))


@cocotb.test()
async def dispatch_random(dut):
    """A long program with pauses on all sides."""
    bench = Dispatch(dut)
    await bench.start()
    await bench.load(bench.draw(480))
    await bench.play()
    assert min(bench.taken.values()) > 100


@cocotb.test()
async def dispatch_rate(dut):
    """With nobody pausing, a descriptor every four cycles."""
    bench = Dispatch(dut)
    await bench.start()
    await bench.load(bench.draw(40))
    for _ in range(40 * BEATS):
        await bench.step(True, dict.fromkeys(RECEIVERS, True))
    assert bench.dealt == 40


@cocotb.test()
@cocotb.parametrize(blocked=RECEIVERS)
async def dispatch_blocked(dut, blocked: str):
    """One receiver that takes nothing stops all, once its queue is full; nothing is lost."""
    bench = Dispatch(dut)
    await bench.start()
    program = bench.draw(24)
    everything = {
        "more": False,
        "apsq": 0,
        "w_load": True,
        "w_play": True,
        "w_beats": 1,
        "x_load": True,
        "x_play": True,
        "x_segments": 1,
    }
    form = {"rows": 1, "y_slices": 1, "y_dbs": 1}
    program = [replace(d, **everything, **form) for d in program]
    await bench.load(program)
    for _ in range(80):
        await bench.step(True, {name: name != blocked for name in RECEIVERS})
    assert bench.dealt == QUEUE and bench.taken[blocked] == 0
    assert all(bench.taken[name] == QUEUE for name in RECEIVERS if name != blocked)
    await bench.play()


@cocotb.test()
@cocotb.parametrize(rule=list(RULES))
async def dispatch_bad(dut, rule: int):
    """A bad descriptor is told, with its index, and neither it nor what follows is dealt out."""
    bench = Dispatch(dut)
    await bench.start()
    program = bench.draw(7)
    at = 6 if rule == 10 else int(bench.rng.integers(1, 6))
    if rule == 9:
        program[at - 1] = replace(program[at - 1], more=True)  # so that something is open
    program[at] = draw_legal(bench.rng, bench.params, program[at - 1], last=True)
    program[at] = break_rule(bench.rng, rule, program[at], bench.params)
    await bench.load(program)
    for _ in range(100):
        await bench.step(True, dict.fromkeys(RECEIVERS, bool(bench.rng.integers(0, 4))))
    assert bench.dealt == at and bench.last_seen.bad == rule and not bench.last_seen.done
    assert not any(bench.waiting.values())


@cocotb.test()
async def dispatch_again(dut):
    """An empty program is done at once; a reset in mid-program leaves no trace of it."""
    bench = Dispatch(dut)
    await bench.start()
    await bench.load([])
    await bench.play()
    for beats in (2, 9, 40):
        program = [replace(d, more=True, dtp=False, groups=1, apsq=1) for d in bench.draw(9)]
        for again, steps in ((program, beats), (bench.draw(9), 0)):
            await bench.block.cycle(valid=0)
            await reset(dut)
            await bench.load(again)
            for _ in range(steps):
                await bench.step(True, dict.fromkeys(RECEIVERS, False))
        await bench.play()


@cocotb.test()
async def dispatch_any_bits(dut):
    """Descriptors of all ones and of all zeros are refused, whatever the program's length."""
    bench = Dispatch(dut)
    await bench.start()
    for ones in (True, False, True):
        await bench.block.cycle(valid=0)
        await reset(dut)
        await bench.block.cycle(start=1, count=(1 << 32) - 1 if ones else 1)
        await bench.block.cycle(start=0)
        for beat in range(BEATS + 3):
            seen = await bench.block.cycle(valid=1, data=(1 << BEAT_W) - 1 if ones else 0)
            refused = seen.bad == 1
            assert refused == (beat >= BEATS - 1) and not seen.done and seen.index == 0
