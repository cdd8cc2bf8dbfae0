"""The functional coverage of the chip's AXI bus: which DMA moved what, in which bursts and order,
where it failed, and who paused meanwhile."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.chip.descriptor import DESCRIPTOR_BYTES, Descriptor
from verif.agents.bus_traffic import BEAT, BusTraffic, Kind
from verif.agents.chip_items import RunItem
from verif.coverage.groups import CoverGroup
from verif.env.chip_outcome import CheckedRun

__all__ = [
    "BUS",
    "CHANNELS",
    "READS",
    "WRITES",
    "Channels",
    "beat_places",
    "bus_view",
    "open_bursts",
]

READS = ("descriptors", "weights", "lengths", "segments", "parameters")
WRITES = ("results", "lowest slices", "new lengths")
CHANNELS = (*READS, *WRITES)
"""What the DMAs read and write; `lengths`: the tables of segment lengths."""

STALLS = ("ar", "r", "aw", "w", "b", "registers", "burst")
_POSITIONS = ("first", "middle", "last")
_RESPONSES = {2: "slverr", 3: "decerr"}
_PLACES = ("begins a page", "ends a page", "inside")
_MOST = 16  # beats of a burst; read bursts under way
_LENGTHS = ("1", "2 to 15", "16")
_OPEN = ("1", "2 to 7", "8", "9 to 15", "16")

_ONE_BEAT = "lengths are read and written a beat at a time"

BUS = CoverGroup(
    scope="chip.bus",
    points={
        "channel": CHANNELS,
        "read_burst": _LENGTHS,
        "write_burst": _LENGTHS,
        "read_page": _PLACES,
        "write_page": _PLACES,
        "reads_open": _OPEN,
        "writes_open": _OPEN[:3],
        "strobes": ("all", "some"),
        "order": (
            "data before its address",
            "address before its data",
            "answer while reading",
            "read data while writing",
            "next address before the answer",
        ),
        "bad_read_of": READS,
        "bad_write_of": WRITES,
        "bad_at": _POSITIONS,
        "bad_resp": tuple(_RESPONSES.values()),
        "stall": STALLS,
        "no_stall": STALLS,
        "latency": ("1", "up to 20", "more"),
    },
    crosses={
        "bad_read": ("bad_read_of", "bad_at", "bad_resp"),
        "bad_write": ("bad_write_of", "bad_at", "bad_resp"),
        "stall_x_channel": ("stall", "channel"),
        "stall_x_order": ("stall", "order"),
        "latency_x_channel": ("latency", "channel"),
    },
    ignored={
        "bad_read": {_ONE_BEAT: [("lengths", "middle", None)]},
        "bad_write": {_ONE_BEAT: [("new lengths", "middle", None)]},
    },
)
"""`read_page`: where a burst lies in its 4 KB; `reads_open`: most bursts under way in the run;
`bad_at`: place of the refused beat in its burst; `stall`: channels that pause."""


@dataclass(frozen=True, eq=False)
class Channels:
    """Which DMA every record of a run's traffic belongs to: regions of memory follow each other,
    so it is the one whose region begins last before the address."""

    run: RunItem

    @cached_property
    def descriptors(self) -> list[Descriptor]:
        """Descriptors as they were read, in order; only whole ones."""
        traffic, start = self.run.traffic, self.run.prog_addr
        wanted = range(start, start + self.run.prog_count * DESCRIPTOR_BYTES, BEAT)
        first: dict[int, bytes] = {}
        for address, data in zip(traffic.read_addresses.tolist(), traffic.read_data, strict=True):
            first.setdefault(address, data.tobytes())
        beats: list[bytes] = []
        for address in wanted:
            if address not in first:
                break
            beats.append(first[address])
        per = DESCRIPTOR_BYTES // BEAT
        return [
            Descriptor.unpack(b"".join(beats[at : at + per]))
            for at in range(0, len(beats) - len(beats) % per, per)
        ]

    def of(self, addresses: np.ndarray, *, write: bool) -> list[str]:
        """The channel of every address."""
        bases = self._writes if write else self._reads
        starts = np.array([base for base, _ in bases])
        at = np.searchsorted(starts, addresses, side="right") - 1
        return [bases[max(i, 0)][1] for i in at.tolist()]

    @cached_property
    def _reads(self) -> list[tuple[int, str]]:
        found = {(self.run.prog_addr, "descriptors")}
        for d in self.descriptors:
            found |= {(d.w_addr, "weights")} if d.w_load else set()
            found |= {(d.x_addr, "segments"), (d.x_table & -BEAT, "lengths")} if d.x_load else set()
            found |= set() if d.more else {(d.par_addr, "parameters")}
        return sorted(found)

    @cached_property
    def _writes(self) -> list[tuple[int, str]]:
        found = {(0, "results")}
        for d in self.descriptors:
            if not d.gives:
                continue
            found.add((d.y_addr, "results"))
            if not d.raw:
                found.add((d.y_table & -BEAT, "new lengths"))
            if not d.raw and d.y_slices == 3:
                found |= {(d.y_addr_low, "lowest slices"), (d.y_table_low & -BEAT, "new lengths")}
        return sorted(found)


def bus_view(run: CheckedRun, channels: Channels) -> dict[str, set]:
    """Values of all points of `BUS` that a run showed."""
    traffic, bus = run.item.traffic, run.program.bus
    stalls = {name for name in STALLS if getattr(bus, name)}
    latency = 20 if bus.latency is None else bus.latency
    view: dict[str, set] = {
        "channel": {
            *channels.of(traffic.read_addresses, write=False),
            *channels.of(traffic.write_addresses, write=True),
        },
        "strobes": {("some", "all")[bool(one)] for one in traffic.write_strobes.all(axis=1)},
        "order": _orders(traffic),
        "stall": stalls,
        "no_stall": set(STALLS) - stalls,
        "latency": {"1" if latency == 1 else "up to 20" if latency <= 20 else "more"},
    }
    for name, kind in (("read", Kind.AR), ("write", Kind.AW)):
        starts, lengths = _bursts(traffic, kind)
        view[f"{name}_burst"] = {
            "1" if n == 1 else "2 to 15" if n < _MOST else "16" for n in lengths.tolist()
        }
        ends = (starts + BEAT * lengths) % 4096 == 0
        view[f"{name}_page"] = {
            *({_PLACES[0]} if (starts % 4096 == 0).any() else ()),
            *({_PLACES[1]} if ends.any() else ()),
            *({_PLACES[2]} if ((starts % 4096 != 0) & ~ends).any() else ()),
        }
        most = int(open_bursts(traffic, kind).max(initial=0))
        view[f"{name}s_open"] = {_depth(most)} if most else set()
    return view | _failures(run, channels)


def _bursts(traffic: BusTraffic, kind: Kind) -> tuple[np.ndarray, np.ndarray]:
    """Start address and beats of every burst of a direction, int64."""
    records = traffic.records[traffic.where(kind)]
    info = records["info"].astype(np.int64)
    return records["address"] | (info & 0xFF) << 32, (info >> 8 & 0xFF) + 1


def open_bursts(traffic: BusTraffic, kind: Kind) -> np.ndarray:
    """Bursts of a direction under way after every record."""
    kinds = traffic.kinds
    if kind == Kind.AR:
        ended = (kinds == Kind.R) & (traffic.records["info"] >> 18 & 1 == 1)
    else:
        ended = kinds == Kind.B
    return np.cumsum((kinds == kind).astype(int) - ended)


def _depth(most: int) -> str:
    if most in (1, 8, _MOST):
        return str(most)
    return "2 to 7" if most < 8 else "9 to 15"


def _orders(traffic: BusTraffic) -> set[str]:
    """In which orders the channels passed each other."""
    kinds = traffic.kinds
    reading, writing = open_bursts(traffic, Kind.AR) > 0, open_bursts(traffic, Kind.AW) > 0
    given = np.cumsum(kinds == Kind.W)
    asked = np.zeros(len(kinds), np.int64)
    where = traffic.where(Kind.AW)
    asked[where] = _bursts(traffic, Kind.AW)[1]
    asked = np.cumsum(asked)
    found = {
        "data before its address": (kinds == Kind.W) & (given > asked),
        "address before its data": (kinds == Kind.AW) & (asked > given),
        "answer while reading": (kinds == Kind.B) & reading,
        "read data while writing": (kinds == Kind.R) & writing,
        "next address before the answer": (kinds == Kind.AW) & (open_bursts(traffic, Kind.AW) > 1),
    }
    return {name for name, places in found.items() if places.any()}


def _failures(run: CheckedRun, channels: Channels) -> dict[str, set]:
    """Where the first error answer came; its place in a write burst is the injected one."""
    traffic = run.item.traffic
    answers = traffic.resp * ((traffic.kinds == Kind.R) | (traffic.kinds == Kind.B))
    bad = np.flatnonzero(answers)
    if not len(bad):
        return {}
    at = int(bad[0])
    write = bool(traffic.kinds[at] == Kind.B)
    if write:
        starts, lengths = _bursts(traffic, Kind.AW)
        burst = int((traffic.kinds[:at] == Kind.B).sum())
        injected, address = run.program.bus.bad, int(starts[burst])
        beat = int(lengths[:burst].sum())
        if injected is not None:
            beat += (injected.address - address) // BEAT
        addresses = traffic.write_addresses
    else:
        beat, addresses = int((traffic.kinds[:at] == Kind.R).sum()), traffic.read_addresses
    return {
        "bad_write_of" if write else "bad_read_of": {
            *channels.of(addresses[beat : beat + 1], write=write)
        },
        "bad_at": beat_places(traffic, write=write)[beat],
        "bad_resp": {_RESPONSES[int(answers[at])]},
    }


def beat_places(traffic: BusTraffic, *, write: bool) -> list[set[str]]:
    """Of every beat of a direction, whether it is the first or last of its burst, or neither."""
    places: list[set[str]] = []
    for length in _bursts(traffic, Kind.AW if write else Kind.AR)[1].tolist():
        places += [
            {name for name, hit in zip(_POSITIONS, (n == 0, 0 < n < length - 1, n == length - 1),
                                       strict=True) if hit}
            for n in range(length)
        ]  # fmt: skip
    return places
