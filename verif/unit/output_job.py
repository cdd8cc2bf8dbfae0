"""Jobs of the result DMA with the PPU's packets and what they leave in memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from verif.unit.chip_structs import join

__all__ = ["BEAT", "Output", "draw_output"]

BEAT = 32
"""Bytes of a beat."""

SLOTS = 2**20
KINDS = ((False, False, False), (True, False, False), (False, True, False), (True, True, False),
         (False, False, True), (True, False, True))  # fmt: skip
"""(two tiles, two parts, raw)."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """One job; addresses in bytes.

    Attributes:
        packets: (tile, part, beats) in the PPU's order: column group, tile, part.
    """

    desc: int
    addr: int
    addr_low: int
    stride: int
    table: int
    table_low: int
    groups: int
    two_tiles: bool
    wide: bool
    raw: bool
    packets: list[tuple[int, int, list[int]]]

    def packed(self) -> int:
        """The job as the DMA takes it."""
        return join("output_job", {
            "desc": self.desc, "line_low": self.addr_low // BEAT, "line": self.addr // BEAT,
            "stride": self.stride // BEAT, "table_low": self.table_low // 2,
            "table_addr": self.table // 2, "groups": self.groups, "two_tiles": self.two_tiles,
            "wide": self.wide, "raw": self.raw,
        })  # fmt: skip

    def beats(self) -> Iterator[tuple[int, int, int, int]]:
        """(data, last, tile, part) of every beat."""
        for tile, part, packet in self.packets:
            for at, data in enumerate(packet):
                yield data, at == len(packet) - 1, tile, part

    @property
    def segments(self) -> list[tuple[int, int]]:
        """(tile, part) of every segment."""
        tiles, parts = range(1 + self.two_tiles), range(1 + self.wide)
        return [(tile, part) for part in parts for tile in tiles]

    @property
    def requests(self) -> int:
        """A request for each packet, and one for each length."""
        return len(self.packets) + (0 if self.raw else len(self.segments))

    def memory(self) -> dict[int, int]:
        """All bytes that are written, by address (docs/programs.md, Results)."""
        written: dict[int, int] = {}
        for tile, part in self.segments:
            at = (self.addr_low if part else self.addr) + tile * self.stride
            data = [d for t, p, packet in self.packets if (t, p) == (tile, part) for d in packet]
            for beat, value in enumerate(data):
                for byte, content in enumerate(value.to_bytes(BEAT, "little")):
                    written[at + beat * BEAT + byte] = content
            if not self.raw:
                entry = (self.table_low if part else self.table) + 2 * tile
                low, high = len(data).to_bytes(2, "little")
                written |= {entry: low, entry + 1: high}
        return written


def draw_output(
    rng: np.random.Generator,
    slot: int,
    *,
    kind: int,
    groups: int | None = None,
    most: int = 10,
    length: int | None = None,
) -> Output:
    """A job of a kind of `KINDS` with packets of up to `most` beats, or all of one length.

    Its places in memory are anywhere, and overlap with those of no other slot.
    """
    two_tiles, wide, raw = KINDS[kind]
    groups = int(rng.integers(1, 17)) if groups is None else groups
    packets = []
    raw_beats = int(rng.integers(1, most + 1))
    for _ in range(groups):
        for tile in range(1 + two_tiles):
            for part in range(1 + wide):
                beats = length or (raw_beats if raw else int(rng.integers(1, most + 1)))
                packet = [int.from_bytes(rng.bytes(BEAT), "little") for _ in range(beats)]
                packets.append((tile, part, packet))
    # A quarter of the address space for each kind of segment, and one for the tables.
    place = slot * 0x9E3779B1 % SLOTS
    table = 3 * 2**38 + place * 256
    at = rng.integers(0, 2**11, 2).tolist()
    entries = (2 * rng.integers(0, 63, 2)).tolist()
    return Output(
        desc=int(rng.integers(0, 2**32 - 1)), addr=place * 2**18 + at[0] * BEAT,
        addr_low=2**38 + place * 2**18 + at[1] * BEAT,
        stride=int(rng.integers(2**11, 2**12)) * BEAT, table=table + entries[0],
        table_low=table + 128 + entries[1], groups=groups, two_tiles=two_tiles, wide=wide,
        raw=raw, packets=packets,
    )  # fmt: skip
