"""What surrounds the memory manager, side by side: each drives its pins and looks at the answers,
after the bus has.

The names of sides in the pace are those of their handshakes: `desc`, `weight_job`, `x`, ...
"""

from collections import deque
from collections.abc import Sequence

import numpy as np

from verif.unit.activation_load import Load
from verif.unit.beat_bus import BeatBus
from verif.unit.chip_structs import LAYOUTS, join
from verif.unit.harness import Sample, pack, unpack
from verif.unit.output_job import Output
from verif.unit.pace import Pace
from verif.unit.parameter_block import ParameterBlock
from verif.unit.weight_block import WeightBlock, draw_block

__all__ = ["Activations", "Jobs", "Parameters", "Plays", "Program", "Results", "Weights"]

WORD_W, WORDS = 64, 4
ONES = (1 << 256) - 1


class Jobs:
    """Jobs for one DMA; one that is offered stays. Without one the pins are all ones."""

    def __init__(self, name: str) -> None:
        self._name, self._queue, self._offered = name, deque(), False
        self._idle = (1 << sum(LAYOUTS[f"{name}_job"].values())) - 1

    def __bool__(self) -> bool:
        return bool(self._queue)

    def add(self, job: int) -> None:
        """One more."""
        self._queue.append(job)

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._offered = bool(self._queue) and (self._offered or go(f"{self._name}_job"))
        job = self._queue[0] if self._offered else self._idle
        return {f"{self._name}_valid": self._offered, f"{self._name}_job": job}

    def look(self, seen: Sample) -> None:
        """Whether the job was taken."""
        if self._offered and getattr(seen, f"{self._name}_ready"):
            self._queue.popleft()
            self._offered = False


class Plays:
    """Plays of the blocks of a memory, in order, each with what comes of it."""

    def __init__(self, name: str) -> None:
        self._name, self._queue, self._asked = name, deque(), False

    def __bool__(self) -> bool:
        return bool(self._queue)

    def add(self, block: object, times: int) -> None:
        """Play a block so often; it is kept but for the last time."""
        self._queue.extend((block, at < times - 1) for at in range(times))

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._asked = bool(self._queue) and go(f"{self._name}_play")
        keep = self._queue[0][1] if self._asked else True
        return {f"{self._name}_play_valid": self._asked, f"{self._name}_play_keep": keep}

    def look(self, seen: Sample) -> object | None:
        """The block of the play that was taken, if one was."""
        if self._asked and getattr(seen, f"{self._name}_play_ready"):
            return self._queue.popleft()[0]
        return None


class Program:
    """The run control and the dispatcher: a program is asked for, its beats come in order."""

    def __init__(self, bus: BeatBus) -> None:
        self._bus, self._start, self._due = bus, None, deque()

    def add(self, line: int, beats: list[int]) -> None:
        """The program; four beats are a descriptor."""
        self._bus.fill(line, beats)
        self._start = (line, len(beats) // 4)
        self._due.extend(beats)

    @property
    def busy(self) -> bool:
        """Beats are to come."""
        return bool(self._due)

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._go = go("desc")
        line, count = self._start or ((1 << 35) - 1, (1 << 32) - 1)
        start, self._start = self._start is not None, None
        return {"start": start, "prog_line": line, "prog_count": count, "desc_ready": self._go}

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        if seen.desc_valid:
            assert self._due and seen.desc_data == self._due[0], "descriptors"
            if self._go:
                self._due.popleft()


class Parameters:
    """The core's bias and the PPU's banks and command."""

    def __init__(self, bus: BeatBus) -> None:
        self._bus, self.jobs, self._due = bus, Jobs("param"), deque()

    def add(self, block: ParameterBlock) -> None:
        """One more block."""
        self._bus.fill(block.line, block.beats)
        self.jobs.add(block.packed())
        self._due.extend((kind, value) for kind, value, _ in block.parts)

    @property
    def busy(self) -> bool:
        """Something is to come."""
        return bool(self._due)

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._go = {kind: go(kind) for kind in ("b", "par", "cmd")}
        pins = {"b_ready": self._go["b"], "par_ready": self._go["par"]}
        return self.jobs.drive(go) | pins | {"ppu_cmd_ready": self._go["cmd"]}

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        shown = []
        if seen.b_valid:
            shown.append(("b", seen.b_data))
        if seen.par_valid:
            shown.append(("par", seen.par_addr << 48 | seen.par_data))
        if seen.ppu_cmd_valid:
            shown.append(("cmd", seen.ppu_cmd))
        assert len(shown) <= 1, shown
        for kind, value in shown:
            assert self._due and self._due[0] == (kind, value), f"parameters: {kind} {value:#x}"
            if self._go[kind]:
                self._due.popleft()
        self.jobs.look(seen)


class Activations:
    """The dispatcher's and the core's side of AMEM.

    Attributes:
        ends: whether commands end where blocks do.
        written: beats that AMEM has taken.
    """

    def __init__(self, bus: BeatBus, rng: np.random.Generator) -> None:
        self._bus, self._rng = bus, rng
        self.jobs, self.plays = Jobs("act"), Plays("x")
        self.due: deque[tuple[int, bool]] = deque()
        self.ends, self.written, self._lines = True, 0, set()

    def add(self, load: Load, *, plays: int = 1) -> None:
        """One more block, to be played so often; contents are random."""
        for line, data in load.table_beats(self._rng).items():
            self._bus.fill(line, [data])
        block = []
        for _, line, beats in load.requests:
            data = [int.from_bytes(self._rng.bytes(32), "little") for _ in range(beats)]
            self._bus.fill(line, data)
            self._lines.update(range(line, line + beats))
            block += data
        self.jobs.add(load.packed())
        self.plays.add([(data, at == len(block) - 1) for at, data in enumerate(block)], plays)

    @property
    def busy(self) -> bool:
        """Something is to come."""
        return bool(self.jobs or self.plays or self.due or self.written < len(self._lines))

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._go = go("x")
        pins = {"x_ready": self._go, "x_cmd_end": bool(self.due) and self.due[0][1] and self.ends}
        return self.jobs.drive(go) | self.plays.drive(go) | pins

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        moves = bool(seen.x_valid) and self._go
        if seen.x_valid:
            assert self.due and seen.x_data == self.due[0][0], "activations"
        assert seen.amem_rd == moves, "AMEM beats read"
        ends = moves and self.due[0][1] and not self.ends
        assert seen.x_end_error == ends, "end of the activations"
        comes = self._bus.taken in self._lines and not seen.x_large
        assert seen.amem_wr == comes, "AMEM beats written"
        self.written += comes
        if moves:
            self.due.popleft()
        self.due.extend(self.plays.look(seen) or ())
        self.jobs.look(seen)


class Weights:
    """The dispatcher's and the PEAs' side of WMEM; side `w0` takes PEA 0's words, and so on.

    Attributes:
        ends: for each PEA, whether its commands end where its blocks do.
        written: beats that each bank has taken.
    """

    def __init__(self, bus: BeatBus, rng: np.random.Generator, num_pea: int) -> None:
        self._bus, self._rng, self._num_pea = bus, rng, num_pea
        self.jobs, self.plays = Jobs("weight"), Plays("w")
        self.due: list[deque[tuple[int, bool, bool, bool]]] = [deque() for _ in range(num_pea)]
        self.ends, self.written = [True] * num_pea, [0] * num_pea
        self._banks: dict[int, int] = {}  # of beats, by line

    def add(
        self,
        line: int,
        counts: Sequence[Sequence[int]],
        *,
        plays: int = 1,
        words: int | None = None,
    ) -> None:
        """One more block, to be played so often.

        Args:
            line: where it lies.
            counts: beats of every PEA, by chunk.
            plays: how often it is played.
            words: words of a beat that are no padding; None: any number.
        """
        block = draw_block(self._rng, counts)
        self._bus.fill(line, block.beats)
        self.jobs.add(join("weight_job", {"line": line, "beats": len(block.beats)}))
        self.plays.add([self._stream(block, pea, words) for pea in range(self._num_pea)], plays)
        lines = [line + at for at in range(len(block.beats)) if at not in set(block.headers)]
        self._banks |= zip(lines, (pea for pea, _, _ in block.dealt), strict=True)

    def _stream(
        self, block: WeightBlock, pea: int, words: int | None
    ) -> list[tuple[int, bool, bool, bool]]:
        """(word, ends a K-tile, the command, a memory word) of all words of a PEA."""
        stream = []
        for _, data, last in (beat for beat in block.dealt if beat[0] == pea):
            size = words or int(self._rng.choice([1, 2, 3, 4, 4, 4]))
            for at, word in enumerate(unpack(data, WORD_W, size)):
                pops = at == size - 1
                ends = pops and (last or size < WORDS)
                stream.append((word, ends, pops and last, pops))
        return stream

    @property
    def busy(self) -> bool:
        """Something is to come."""
        written = sum(self.written) == len(self._banks)
        return bool(self.jobs or self.plays or any(self.due) or not written)

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._go = [go(f"w{pea}") for pea in range(self._num_pea)]
        front = [due[0] if due else (0, True, True, True) for due in self.due]
        ends = [word[2] and end for word, end in zip(front, self.ends, strict=True)]
        pins = {"w_ready": pack(self._go, 1), "w_tile_end": pack([word[1] for word in front], 1)}
        return self.jobs.drive(go) | self.plays.drive(go) | pins | {"w_cmd_end": pack(ends, 1)}

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        valid = seen.w_valid
        words = seen.lanes("w_data", WORD_W) if valid else []
        popped, error = 0, False
        for pea in range(self._num_pea):
            if not valid >> pea & 1:
                continue
            due = self.due[pea]
            assert due and words[pea] == due[0][0], f"weights of PEA {pea}"
            if self._go[pea]:
                _, _, end, pops = due.popleft()
                popped |= pops << pea
                error |= end and not self.ends[pea]
        assert seen.wmem_rd == popped, "WMEM beats read"
        assert seen.w_end_error == error, "end of the weights"
        bank = self._banks.get(self._bus.taken)
        assert seen.wmem_wr == (0 if bank is None else 1 << bank), "WMEM beats written"
        if bank is not None:
            self.written[bank] += 1
        streams = self.plays.look(seen)
        if streams:
            for due, stream in zip(self.due, streams, strict=True):
                due.extend(stream)
        self.jobs.look(seen)


class Results:
    """The PPU's side of OMEM, and what must be in memory in the end."""

    def __init__(self, bus: BeatBus) -> None:
        self._bus, self.jobs = bus, Jobs("output")
        self._beats: deque[tuple[int, int, int, int]] = deque()
        self._expected: dict[int, int] = {}
        self._ends: deque[tuple[int, int]] = deque()  # beats up to an output's end, its descriptor
        self._total, self._written, self._next_desc, self._read = 0, 0, 0, 0
        self.taken, self.wanted = 0, 0

    def add(self, output: Output) -> None:
        """One more output."""
        self.jobs.add(output.packed())
        beats = list(output.beats())
        self._beats.extend(beats)
        self.wanted += len(beats)
        self._expected |= output.memory()
        self._total += len(beats) + (0 if output.raw else len(output.segments))
        self._ends.append((self._total, output.desc))

    @property
    def busy(self) -> bool:
        """Something is to come."""
        return bool(self._ends)

    def drive(self, go: Pace) -> dict[str, int]:
        """The pins of this cycle."""
        self._give, self._answered = bool(self._beats) and go("y"), self._bus.answered
        data, last, tile, part = self._beats[0] if self._give else (ONES, 1, 1, 1)
        pins = {"y_valid": self._give, "y_data": data, "y_last": last, "y_tile": tile}
        return self.jobs.drive(go) | pins | {"y_part": part}

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        while self._ends and self._ends[0][0] <= self._answered:
            _, desc = self._ends.popleft()
            self._written, self._next_desc = self._written + 1, desc + 1
        assert (seen.written, seen.next_desc) == (self._written, self._next_desc), "outputs written"
        moves = self._give and bool(seen.y_ready)
        assert seen.omem_wr == moves, "OMEM beats written"
        self._read += seen.omem_rd
        if moves:
            self._beats.popleft()
            self.taken += 1
        self.jobs.look(seen)

    def check(self) -> None:
        """Compare memory with what the outputs leave there."""
        assert self._bus.memory.keys() == self._expected.keys(), "other bytes are written"
        assert self._bus.memory == self._expected, "results"
        assert self._read == self.taken == self.wanted, "OMEM beats read"
