"""An AXI4 memory of one master, beat by beat, that looks at every rule a burst has to obey."""

from collections import deque
from collections.abc import Sequence

from verif.unit.harness import Sample
from verif.unit.pace import Pace

__all__ = ["BURST", "BeatBus"]

BEAT, PAGE = 32, 4096
"""Bytes of a beat, and what a burst may not cross."""

BURST = 16
"""Most beats of a burst."""

ONES = (1 << 256) - 1


class BeatBus:
    """The slave on the pins of `tb_manager`; the first beat comes a cycle after its address.

    Channels pause as the pace says (`ar`, `r`, `aw`, `wd`, `resp`). Beats are read from an image,
    each once, and no other may be asked for; bytes are written once too. Errors are told in the
    cycle of their handshake, with their address; they change no data.

    Attributes:
        image: beats by line.
        bad_reads: answers (2 or 3) of lines that are read with an error.
        bad_writes: the same of write bursts, by their number.
        memory: the bytes written, by address.
        taken: line of the beat that was read in the last cycle, if one was.
        moved: beats read.
        answered: beats of write bursts that are answered.
        begun: write bursts.
        late: bursts begun since the abort that is going on.
        aborting: whether one is.
        waits: cycles in which a beat was not taken.
    """

    def __init__(self) -> None:
        self.image: dict[int, int] = {}
        self.bad_reads: dict[int, int] = {}
        self.bad_writes: dict[int, int] = {}
        self.memory: dict[int, int] = {}
        self.moved, self.answered, self.late, self.waits, self.begun = 0, 0, 0, 0, 0
        self.aborting, self.taken = False, None
        self._asked: set[int] = set()
        self._reads: deque[tuple[int, bool]] = deque()  # line, last of its burst
        self._bursts: deque[list[int]] = deque()  # number, line, beats, beats to come
        self._data: deque[tuple[int, int, bool]] = deque()  # data, strobes, last
        self._answers: deque[tuple[int, int, int]] = deque()  # number, line, beats
        self._r_stays, self._b_stays = False, False

    @property
    def reading(self) -> bool:
        """Beats are due."""
        return bool(self._reads)

    @property
    def due_bursts(self) -> int:
        """Bursts of which beats are due."""
        return sum(last for _, last in self._reads)

    @property
    def writing(self) -> bool:
        """Bursts are not answered."""
        return bool(self._bursts or self._answers)

    def fill(self, line: int, beats: Sequence[int]) -> None:
        """Put beats into the image."""
        self.image.update(enumerate(beats, line))

    def forget(self) -> None:
        """Begin with an empty memory; nothing may be under way."""
        assert not (self._reads or self._bursts or self._data or self._answers)
        self.__init__()

    def drive(self, go: Pace) -> dict[str, int]:
        """The slave's pins; what it offers stays until it is taken."""
        self._r_stays = bool(self._reads) and (self._r_stays or go("r"))
        self._b_stays = bool(self._answers) and (self._b_stays or go("resp"))
        pins = {"arready": go("ar"), "awready": go("aw"), "wready": go("wd")}
        pins |= {"rvalid": self._r_stays, "rdata": ONES, "rresp": 3, "rlast": 1}
        if self._r_stays:
            line, last = self._reads[0]
            pins["rresp"] = self.bad_reads.get(line, 0)
            pins["rdata"] = self.image[line]
            pins["rlast"] = last
        answer = self.bad_writes.get(self._answers[0][0], 0) if self._b_stays else 3
        self._pins = pins | {"bvalid": self._b_stays, "bresp": answer}
        return self._pins

    def look(self, seen: Sample) -> None:
        """What a cycle brought."""
        self._look_read(seen)
        self._look_write(seen)

    def _look_read(self, seen: Sample) -> None:
        taken = self._r_stays and seen.rready
        told = bool(taken) and self._pins["rresp"] >= 2 and not self.aborting
        assert seen.read_error == told, f"read error = {seen.read_error}"
        if told:
            assert seen.read_error_addr == self._reads[0][0] * BEAT, "address of a read error"
        self.waits += bool(self._r_stays and not taken)
        self.taken = self._reads.popleft()[0] if taken else None
        if taken:
            self._r_stays, self.moved = False, self.moved + 1
        if seen.arvalid and self._pins["arready"]:
            line, beats = self._burst(seen.araddr, seen.arlen)
            for at in range(line, line + beats):
                assert at in self.image, f"line {at:#x} is nobody's"
                assert at not in self._asked, f"line {at:#x} is read twice"
                self._asked.add(at)
                self._reads.append((at, at == line + beats - 1))

    def _look_write(self, seen: Sample) -> None:
        answered = self._b_stays and seen.bready
        told = bool(answered) and self._pins["bresp"] >= 2 and not self.aborting
        assert seen.write_error == told, f"write error = {seen.write_error}"
        if answered:
            _, line, beats = self._answers.popleft()
            assert not told or seen.write_error_addr == line * BEAT, "address of a write error"
            self._b_stays, self.answered = False, self.answered + beats
        if seen.awvalid and self._pins["awready"]:
            line, beats = self._burst(seen.awaddr, seen.awlen)
            self._bursts.append([self.begun, line, beats, beats])
            self.begun += 1
        if seen.wvalid and self._pins["wready"]:
            self._data.append((seen.wdata, seen.wstrb, bool(seen.wlast)))
        while self._data and self._bursts:
            self._write(*self._data.popleft())

    def _burst(self, address: int, length: int) -> tuple[int, int]:
        beats = length + 1
        assert address % BEAT == 0 and beats <= BURST
        assert address // PAGE == (address + BEAT * beats - 1) // PAGE, "a burst crosses 4 KB"
        self.late += self.aborting
        return address // BEAT, beats

    def _write(self, data: int, strobes: int, last: bool) -> None:
        number, line, beats, left = front = self._bursts[0]
        assert last == (left == 1), "WLAST at the wrong beat"
        assert strobes or self.aborting, "a beat that writes nothing"
        start = (line + beats - left) * BEAT
        for byte in range(BEAT):
            if strobes >> byte & 1:
                assert start + byte not in self.memory, f"{start + byte:#x} is written twice"
                self.memory[start + byte] = data >> 8 * byte & 0xFF
        front[3] -= 1
        if last:
            self._bursts.popleft()
            self._answers.append((number, line, beats))
