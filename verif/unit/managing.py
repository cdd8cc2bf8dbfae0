"""The memory manager in its unit top, with everything that surrounds it."""

from collections import Counter
from dataclasses import replace
from typing import Any

from verif.unit.activation_load import Load
from verif.unit.beat_bus import BeatBus
from verif.unit.harness import Block, Sample, seeded
from verif.unit.manager_sides import Activations, Parameters, Program, Results, Weights
from verif.unit.output_job import BEAT, draw_output
from verif.unit.pace import Pace
from verif.unit.parameter_block import draw_parameters

__all__ = ["ERRORS", "Managing", "Places"]

INPUTS = (
    "run_n abort start prog_line prog_count desc_ready weight_valid weight_job act_valid act_job "
    "param_valid param_job output_valid output_job w_play_valid w_play_keep x_play_valid "
    "x_play_keep w_ready w_tile_end w_cmd_end x_ready x_cmd_end b_ready par_ready ppu_cmd_ready "
    "y_valid y_data y_last y_tile y_part arready rvalid rdata rresp rlast awready wready bvalid "
    "bresp"
)
OUTPUTS = (
    "idle reading writing desc_valid desc_data weight_ready act_ready param_ready output_ready "
    "w_play_ready x_play_ready w_valid w_data x_valid x_data b_valid b_data par_valid par_addr "
    "par_data ppu_cmd_valid ppu_cmd y_ready written next_desc playing read_error read_error_addr "
    "write_error write_error_addr chunk_error table_error w_end_error x_end_error w_large x_large "
    "wmem_wr wmem_rd amem_wr amem_rd omem_wr omem_rd arvalid araddr arlen rready awvalid awaddr "
    "awlen wvalid wdata wstrb wlast bready"
)
ERRORS = (
    "read_error", "write_error", "chunk_error", "table_error", "w_end_error", "x_end_error",
    "w_large", "x_large",
)  # fmt: skip
"""All errors that the manager tells."""

PACED = ("desc", "weight_job", "act_job", "param_job", "output_job", "w_play", "x_play", "b", "par",
         "cmd", "x", "y", "ar", "r", "aw", "wd", "resp")  # fmt: skip


class Places:
    """Lines all over the memory, apart from each other: each second one is the first's complement,
    so that between two of them all bits of an address rise or fall."""

    SLOT = 27
    MARGIN = 2**20

    def __init__(self, rng: Any) -> None:
        self._rng, self._pairs, self._next = rng, rng.permutation(128).tolist(), None

    def line(self) -> int:
        """The next one; at least 2^20 lines from any other."""
        if self._next is not None:
            line, self._next = self._next, None
            return line
        low = int(self._rng.integers(self.MARGIN, 2**self.SLOT - self.MARGIN))
        line = self._pairs.pop() << self.SLOT | low
        self._next = 2**35 - 1 - line
        return line


class Managing:
    """One test's bench: the sides of the manager, and a cycle of all of them.

    Attributes:
        told: how often each error was told since the last start.
        allowed: errors that may be told.
        may_wait: whether read data may have to wait.
    """

    def __init__(self, dut: Any) -> None:
        self.block = Block(dut, "m", INPUTS, OUTPUTS)
        self.dut, self.rng, self.cycles = dut, seeded(), 0
        self.pace, self.bus = Pace(self.rng), BeatBus()

    async def start(self) -> None:
        """Reset the top and look at its size."""
        await self.block.start()
        sizes = ("num_pea", "wmem_beats", "amem_beats", "omem_beats")
        self.num_pea, self.wmem, self.amem, self.omem = (
            int(getattr(self.dut, name).value) for name in sizes
        )
        self.begin()

    def begin(self) -> None:
        """Have nothing to do, with an empty memory and nobody who pauses."""
        self.bus.forget()
        self.pace.free()
        self.places = Places(self.rng)
        self.program, self.parameters = Program(self.bus), Parameters(self.bus)
        self.acts = Activations(self.bus, self.rng)
        self.weights = Weights(self.bus, self.rng, self.num_pea)
        self.results = Results(self.bus)
        self.sides = (self.program, self.parameters, self.acts, self.weights, self.results)
        self.told, self.allowed, self.may_wait = Counter(), set(), False

    @property
    def busy(self) -> bool:
        """Whether a side has something to come."""
        return any(side.busy for side in self.sides)

    async def step(self) -> Sample:
        """One cycle."""
        pins = {"run_n": not self.bus.aborting, "abort": self.bus.aborting}
        for side in (*self.sides, self.bus):
            pins |= side.drive(self.pace)
        playing = bool(self.acts.due) or any(self.weights.due)
        busy = self.bus.reading, self.bus.writing
        seen = await self.block.cycle(**pins)
        self.cycles += 1
        assert seen.idle == (not seen.reading and not seen.writing)
        assert seen.reading >= busy[0] and seen.writing >= busy[1], "at rest with beats under way"
        self.bus.look(seen)
        if not self.bus.aborting:
            assert seen.playing == playing, f"playing = {seen.playing}"
            for side in self.sides:
                side.look(seen)
            for error in ERRORS:
                if getattr(seen, error):
                    assert error in self.allowed, f"{error} is told"
                    self.told[error] += 1
        assert self.may_wait or not self.bus.waits, "read data waits"
        return seen

    async def play(self, limit: int = 12_000, *, paced: bool = False) -> None:
        """Do everything there is to do, with pauses that change now and then if `paced`."""
        limit += self.cycles
        names = (*PACED, *(f"w{pea}" for pea in range(self.num_pea)))
        while self.busy:
            if paced and self.cycles % 64 == 0:
                self.pace.draw(names)
            await self.step()
            stuck = [type(side).__name__ for side in self.sides if side.busy]
            assert self.cycles < limit, f"stuck with {stuck}"
        self.pace.free()
        for _ in range(3):
            seen = await self.step()
        assert seen.idle and not seen.playing
        assert self.bus.moved == len(self.bus.image), "not all of the image is read"
        self.results.check()

    async def until(self, condition: Any, limit: int = 5000) -> None:
        """Cycles until something holds."""
        for _ in range(limit):
            if condition():
                return
            await self.step()
        raise AssertionError(f"still waiting after {limit} cycles")

    async def rest(self) -> None:
        """Abort what is under way; then all is as after a reset."""
        self.bus.aborting, self.may_wait, self.bus.late = True, True, 0
        self.pace.free()
        for _ in range(400):
            seen = await self.step()
            if seen.idle:
                break
        assert seen.idle and not self.bus.reading and not self.bus.writing, "the abort goes on"
        assert self.bus.late <= 4, f"{self.bus.late} bursts are begun after the abort"
        for _ in range(3):
            await self.step()
        self.begin()

    def draw(self, jobs: int, *, outputs: int) -> None:
        """Random work for all sides: so many jobs of each DMA that loads, and outputs."""
        rng, places = self.rng, self.places
        beats = [int.from_bytes(rng.bytes(32), "little") for _ in range(4 * jobs)]
        self.program.add(places.line(), beats)
        for number in range(jobs):
            chunks = int(rng.integers(1, 4))
            counts = rng.integers(1, 7, (chunks, self.num_pea)).tolist()
            self.weights.add(places.line(), counts, plays=int(rng.integers(1, 4)))
            self.acts.add(self.load(rng.integers(1, 8, number % 5 + 1).tolist()),
                          plays=int(rng.integers(1, 4)))  # fmt: skip
            flags = {name: bool(number >> at & 1)
                     for at, name in enumerate(("dtp", "new_rows", "new_pwl"))}  # fmt: skip
            self.parameters.add(draw_parameters(rng, self.num_pea, places.line(), **flags))
        for number in range(outputs):
            self.output(kind=number % 6)

    def load(self, lengths: list[int], **fields: Any) -> Load:
        """A job for activations of these lengths, somewhere."""
        places, stride = self.places, int(self.rng.integers(max(lengths), 2**14))
        return Load(
            lengths=lengths, table=places.line(), line=places.line(), stride=stride, **fields
        )

    def output(self, **fields: Any) -> None:
        """One more output, somewhere; see `draw_output`."""
        one = draw_output(self.rng, 0, **fields)
        lines = [self.places.line() * BEAT for _ in range(4)]
        one = replace(
            one, addr=lines[0], addr_low=lines[1], table=lines[2] + one.table % BEAT,
            table_low=lines[3] + one.table_low % BEAT, stride=2**12 * BEAT,
        )  # fmt: skip
        self.results.add(one)
