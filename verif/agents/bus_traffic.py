"""From the bus monitor's records to reads and writes with their addresses."""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path

import numpy as np

from models.errors import PanaceaError

__all__ = ["BEAT", "RECORD", "BusTraffic", "Kind", "RecordTail"]

BEAT = 32
"""Bytes of a beat."""

RECORD = np.dtype(
    [
        ("data", "u1", BEAT),
        ("strobes", "<u4"),
        ("address", "<u4"),
        ("info", "<u4"),
        ("cycle", "<u4"),
    ]
)
"""One record of axi.mon; `info`: {kind[2:0], 10'b0, last, resp[1:0], len[7:0], address[39:32]}."""


class Kind(IntEnum):
    """What a record stands for."""

    AR = 0
    R = 1
    AW = 2
    W = 3
    B = 4
    RESET = 5


class RecordTail:
    """Records that the bus monitor appends to its file, in order, from now on.

    The monitor must have been flushed: its file may end inside a record otherwise.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._file.seek(0, 2)
        self._rest = b""

    def pull(self) -> np.ndarray:
        """All whole records that are new, RECORD (records,)."""
        data = self._rest + self._file.read()
        whole = len(data) // RECORD.itemsize * RECORD.itemsize
        self._rest = data[whole:]
        return np.frombuffer(data[:whole], RECORD)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True, eq=False)
class BusTraffic:
    """The AXI traffic of one run, in the order of `records` (RECORD (records,)).

    Order numbers are positions in `records`. Bursts of each direction are answered in order, as
    one ID demands.
    """

    records: np.ndarray = field(repr=False)

    @cached_property
    def kinds(self) -> np.ndarray:
        """Kind of every record, uint32."""
        return self.records["info"] >> 29

    def where(self, kind: Kind) -> np.ndarray:
        """Order numbers of all records of a kind."""
        return np.flatnonzero(self.kinds == kind)

    @cached_property
    def resp(self) -> np.ndarray:
        """Response field of every record."""
        return self.records["info"] >> 16 & 3

    @cached_property
    def _reads(self) -> tuple[np.ndarray, np.ndarray]:
        return self._beats(Kind.AR, Kind.R)

    @cached_property
    def _writes(self) -> tuple[np.ndarray, np.ndarray]:
        return self._beats(Kind.AW, Kind.W)

    @property
    def read_addresses(self) -> np.ndarray:
        """Byte address of every read beat, int64, in order."""
        return self._reads[0]

    @property
    def write_addresses(self) -> np.ndarray:
        """Byte address of every write beat, int64, in order."""
        return self._writes[0]

    @cached_property
    def read_data(self) -> np.ndarray:
        """Data of every read beat, uint8 (beats, 32), lowest byte first."""
        return self.records["data"][self.where(Kind.R)]

    @cached_property
    def write_data(self) -> np.ndarray:
        """Data of every write beat."""
        return self.records["data"][self.where(Kind.W)]

    @cached_property
    def write_strobes(self) -> np.ndarray:
        """Bytes written by every write beat, bool (beats, 32)."""
        strobes = self.records["strobes"][self.where(Kind.W)]
        return (strobes[:, None] >> np.arange(BEAT, dtype=np.uint32) & 1).astype(bool)

    @cached_property
    def requested(self) -> np.ndarray:
        """Order number of the address of every read beat."""
        return self.where(Kind.AR)[self._reads[1]]

    @cached_property
    def answered(self) -> np.ndarray:
        """Order number of the answer to every write beat's burst; past all for none."""
        answers = self.where(Kind.B)
        burst = self._writes[1]
        late = np.full(len(burst), len(self.records))
        known = burst < len(answers)
        late[known] = answers[burst[known]]
        return late

    @cached_property
    def open_bursts(self) -> int:
        """Bursts that are not answered at the end."""
        counts = np.bincount(self.kinds, minlength=len(Kind))
        ended = int((self.records["info"][self.where(Kind.R)] >> 18 & 1).sum())
        return int(counts[Kind.AR] - ended + counts[Kind.AW] - counts[Kind.B])

    def _beats(self, addresses: Kind, beats: Kind) -> tuple[np.ndarray, np.ndarray]:
        """Address and burst number of every beat of one direction."""
        bursts = self.records[self.where(addresses)]
        start = bursts["address"].astype(np.int64) | (bursts["info"].astype(np.int64) & 0xFF) << 32
        length = (bursts["info"] >> 8 & 0xFF).astype(np.int64) + 1
        number = np.repeat(np.arange(len(bursts)), length)
        inside = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        seen = len(self.where(beats))
        if seen > len(number):
            raise PanaceaError(f"{seen} {beats.name} beats, but {len(number)} asked for")
        return (start[number] + BEAT * inside)[:seen], number[:seen]
