"""Puts the beats of all streams together to commands, once a command."""

from collections import deque
from pathlib import Path
from typing import TextIO

import numpy as np
from cocotb.triggers import Event
from pyuvm import uvm_analysis_port, uvm_monitor

from models.params import ACTIVATION_LO_VECTORS, WEIGHT_LO_VECTORS, CoreParams
from verif.agents.control import TestbenchControl
from verif.agents.items import COUNTERS, CommandItem
from verif.agents.list_walker import beats_of_lists
from verif.agents.stream_agent import StreamMonitor

__all__ = ["CommandCollector"]

MORE, STEP, LAST_STEP, DENSE = 1 << 31, 1 << 34, 1 << 37, 1 << 43  # bits of a command


class CommandCollector(uvm_monitor):
    """Passive: wakes when a command's last result leaves the core, writes a CommandItem to `ap`.

    Takes `control` and `params` from the ConfigDB; the env sets the stream monitors.
    """

    command: StreamMonitor
    weights: list[StreamMonitor]
    activations: StreamMonitor
    bias: StreamMonitor
    results: StreamMonitor
    counters = COUNTERS

    def build_phase(self) -> None:
        self.control: TestbenchControl = self.cdb_get("control")
        self.params: CoreParams = self.cdb_get("params")
        self.ap = uvm_analysis_port("ap", self)
        self.seen = 0
        self.progress = Event()
        self._started = Event()
        self._log: TextIO | None = None

    def restart(self) -> None:
        """After a reset: watch what the streams carry from now on; nothing before counts."""
        self._close()
        self._log = Path("commands.log").open(encoding="ascii")
        self._log.seek(0, 2)
        self._partial = ""
        self._accepted: deque[int] = deque()
        self._last = (0,) * (1 + len(self.counters))
        for monitor in self.monitors:
            monitor.restart()
        self._started.set()

    async def run_phase(self) -> None:
        await self._started.wait()
        while True:
            await self.control.wake()
            self.collect()
            self.progress.set()

    async def wait_commands(self, count: int) -> None:
        """Return when `count` commands are done in this test, or the core reports an error."""
        while self.seen < count and not self.control.error:
            self.progress.clear()
            await self.progress.wait()

    def collect(self) -> None:
        """Write out every command that is done."""
        for kind, *fields in self._records():
            if kind == "A":
                self._accepted.append(int(fields[0]))
            else:
                self.publish(self._item([int(field) for field in fields]))

    def publish(self, item: CommandItem) -> None:
        """Pass a finished command on."""
        self.ap.write(item)

    def leftovers(self) -> list[str]:
        """What the streams carried beyond the finished commands; flush the monitors before."""
        self.collect()
        left = [(m.cfg.name, len(m.beats.pull())) for m in self.monitors]
        found = [f"stream {name}: {count} beats" for name, count in left if count]
        return found + [f"command taken in cycle {c}: no result" for c in self._accepted]

    @property
    def monitors(self) -> list[StreamMonitor]:
        """The monitors of all streams."""
        return [self.command, *self.weights, self.activations, self.bias, self.results]

    def final_phase(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._log is not None:
            self._log.close()

    def _records(self) -> list[list[str]]:
        """New whole lines of the log, split; the last line may still lack its end."""
        *lines, self._partial = (self._partial + self._log.read()).split("\n")
        return [line.split() for line in lines]

    def _gains(self, fields: list[int]) -> tuple[int, int, int, dict[str, int]]:
        """First and last cycle of a D record, result beats and counters since the one before."""
        first, last, *totals = fields
        beats, *gained = (now - old for now, old in zip(totals, self._last, strict=True))
        self._last = tuple(totals)
        return first, last, beats, dict(zip(self.counters, gained, strict=True))

    def _item(self, fields: list[int]) -> CommandItem:
        """Build an item from a D record: first, last, result beats and counters since reset."""
        first, last, beats, gained = self._gains(fields)
        for monitor in (self.command, self.activations, self.bias, self.results):
            monitor.beats.pull()
        words = _words(self.command.beats.pull())
        words = words[: 1 + next(n for n, word in enumerate(words) if _gives(word))]
        command = self.command.beats.take(len(words))
        sub_tiles = 1 + (words[0] & 1)
        w_lists, x_lists = [], []
        for word in words:
            k_len, groups = word >> 15 & 0xFFFF, word >> 7 & 0xFF
            w_lists += self._lists(k_len, sub_tiles, WEIGHT_LO_VECTORS, bool(word & DENSE))
            x_lists += self._lists(k_len, groups, ACTIVATION_LO_VECTORS, False)
        weights = tuple(_take(monitor, w_lists, (0, 0x40)) for monitor in self.weights)
        activations = _take(self.activations, x_lists, (1, 0x10))
        accepted = [self._accepted.popleft() for _ in words]
        number, self.seen = self.seen, self.seen + 1
        return CommandItem(
            number=number,
            command=command,
            weights=weights,
            activations=activations,
            bias=self.bias.beats.take(
                sum(not word & MORE for word in words) * sub_tiles * self.params.num_pea
            ),
            results=self.results.beats.take(beats),
            accepted=accepted[0],
            first=first,
            last=last,
            counters=gained,
        )

    def _lists(self, k_len: int, lists: int, per_beat: int, dense: bool) -> list[tuple[int, bool]]:
        """Dense beats of every list of a command, `lists` to a k-tile, and whether others follow.

        Low-order vectors are dense, and so are the high-order ones behind them if `dense`.
        """
        tile_k = self.params.tile_k
        return [
            ((1 + dense) * -(-min(tile_k, k_len - k) // per_beat), not dense)
            for k in range(0, k_len, tile_k)
            for _ in range(lists)
        ]


def _words(beats: np.ndarray) -> list[int]:
    """Commands as unsigned numbers."""
    return [int.from_bytes(beat.tobytes(), "big") for beat in beats]


def _gives(word: int) -> bool:
    """The command has results: no pass and no step for the same outputs follows."""
    return not word & MORE and (not word & STEP or bool(word & LAST_STEP))


def _take(
    monitor: StreamMonitor, lists: list[tuple[int, bool]], flag: tuple[int, int]
) -> np.ndarray:
    """The beats of the next lists of a stream; `flag` is byte and mask of end-of-list."""
    byte, mask = flag
    last = (monitor.beats.pull()[:, byte] & mask) != 0
    return monitor.beats.take(beats_of_lists(np.asarray(last), lists, monitor.cfg.name))
