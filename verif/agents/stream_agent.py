"""The agent of one stream: it hands whole files of beats to a transactor and reads them back.

The transactors in `verif/tb` move the beats; these classes run once a stimulus item or once a
command. The files lie in the simulation's working folder: `NAME.bin` to play, `NAME.mon` seen.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyuvm import uvm_agent, uvm_driver, uvm_monitor, uvm_sequence, uvm_sequencer

from verif.agents.beat_file import BeatTail
from verif.agents.items import StreamItem

__all__ = ["StreamAgent", "StreamConfig", "StreamDriver", "StreamMonitor", "StreamSequence"]


@dataclass(frozen=True, kw_only=True)
class StreamConfig:
    """One stream of a testbench top.

    Attributes:
        name: stem of its files, e.g. `x` or `w3`.
        beat_bytes: bytes of a beat in the monitor's file.
        stall: handle of the signal that sets how often the testbench's end pauses.
    """

    name: str
    beat_bytes: int
    stall: Any


class StreamDriver(uvm_driver):
    """Writes an item's beats where the stream's source looks for them, and sets its pauses.

    The beats move when `TestbenchControl.start` is called.
    """

    cfg: StreamConfig

    def build_phase(self) -> None:
        self.cfg = self.cdb_get("cfg")

    async def run_phase(self) -> None:
        while True:
            item = await self.seq_item_port.get_next_item()
            self.play(item)
            self.seq_item_port.item_done()

    def play(self, item: StreamItem) -> None:
        """Prepare one item for the next start."""
        self.cfg.stall.value = item.stall
        if item.beats is not None:
            Path(f"{self.cfg.name}.bin").write_bytes(item.beats.tobytes())


class StreamMonitor(uvm_monitor):
    """Gives access to the beats that the stream has carried."""

    cfg: StreamConfig
    beats: BeatTail | None = None

    def build_phase(self) -> None:
        self.cfg = self.cdb_get("cfg")

    def restart(self) -> None:
        """Watch what the stream carries from now on; the transactor must have been flushed."""
        self.final_phase()
        self.beats = BeatTail(Path(f"{self.cfg.name}.mon"), self.cfg.beat_bytes)

    def final_phase(self) -> None:
        if self.beats is not None:
            self.beats.close()


class StreamAgent(uvm_agent):
    """Sequencer, driver and passive monitor of one stream; `cfg` comes from the ConfigDB."""

    def build_phase(self) -> None:
        super().build_phase()
        cfg = self.cdb_get("cfg")
        self.monitor = StreamMonitor.create("monitor", self)
        self.cdb_set("cfg", cfg, "monitor")
        if self.active():
            self.sequencer = uvm_sequencer.create("sequencer", self)
            self.driver = StreamDriver.create("driver", self)
            self.cdb_set("cfg", cfg, "driver")

    def connect_phase(self) -> None:
        if self.active():
            self.driver.seq_item_port.connect(self.sequencer.seq_item_export)


class StreamSequence(uvm_sequence):
    """Hands one item to a stream's driver."""

    def __init__(self, item: StreamItem) -> None:
        super().__init__(f"{item.get_name()}_sequence")
        self.item = item

    async def body(self) -> None:
        await self.start_item(self.item)
        await self.finish_item(self.item)
