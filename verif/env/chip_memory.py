"""External memory as the monitors saw it: what the chip was given, and what it wrote."""

from dataclasses import dataclass, field

import numpy as np

from verif.agents.bus_traffic import BEAT, BusTraffic, Kind

__all__ = ["SeenMemory", "rebuild"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenMemory:
    """Memory from an address on, put together from one run's traffic. Arrays are by byte.

    Attributes:
        given: uint8, what the chip read before it wrote there; 0 where it read nothing.
        written: uint8, what the chip wrote.
        count: how often it wrote.
        problems: accesses outside, reads that contradict each other or what was written, and
            reads of results whose write was not answered yet.
    """

    given: np.ndarray = field(repr=False)
    written: np.ndarray = field(repr=False)
    count: np.ndarray = field(repr=False)
    problems: tuple[str, ...]


def rebuild(traffic: BusTraffic, base: int, size: int) -> SeenMemory:
    """Put the memory together.

    Args:
        traffic: of one run, from its start.
        base: first address, a multiple of 32.
        size: bytes; rounded up to whole beats.
    """
    lines = -(-size // BEAT)
    problems: list[str] = []
    reads, seen_reads = _inside(traffic.read_addresses, base, lines, "read", problems)
    writes, seen_writes = _inside(traffic.write_addresses, base, lines, "written", problems)
    strobes, data = traffic.write_strobes[seen_writes], traffic.write_data[seen_writes]
    at = (writes[:, None] * BEAT + np.arange(BEAT))[strobes]
    count = np.bincount(at, minlength=lines * BEAT)
    written = np.zeros(lines * BEAT, np.uint8)
    written[at] = data[strobes]

    # A line's reads before its first write show what was there; later ones partly results.
    order = traffic.where(Kind.W)[seen_writes]
    first = np.full(lines, len(traffic.records))
    np.minimum.at(first, writes, order)
    when = traffic.where(Kind.R)[seen_reads]
    fresh = when < first[reads]
    given = np.zeros((lines, BEAT), np.uint8)
    given[reads[fresh]] = traffic.read_data[seen_reads][fresh]
    differing = (traffic.read_data[seen_reads][fresh] != given[reads[fresh]]).any(axis=1)
    for line in np.unique(reads[fresh][differing])[:4].tolist():
        problems.append(f"beats read at {base + line * BEAT:#x} differ from each other")
    known = np.zeros(lines, bool)
    known[reads[fresh]] = True
    answered = traffic.answered[seen_writes]
    requested = traffic.requested[seen_reads]
    for i in np.flatnonzero(~fresh).tolist():
        line = int(reads[i])
        earlier = (writes == line) & (order < when[i])
        if (answered[earlier] > requested[i]).any():
            problems.append(f"{base + line * BEAT:#x} is read before its write is answered")
        mask = strobes[earlier].any(axis=0)
        got = traffic.read_data[seen_reads[i]]
        if (got[mask] != written[line * BEAT : (line + 1) * BEAT][mask]).any():
            problems.append(f"{base + line * BEAT:#x}: another value is read than was written")
        if not known[line]:
            given[line][~mask] = got[~mask]
    return SeenMemory(given=given.ravel(), written=written, count=count, problems=tuple(problems))


def _inside(
    addresses: np.ndarray, base: int, lines: int, what: str, problems: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Lines of the beats that lie inside, and their numbers; a problem if some do not."""
    line = (addresses - base) // BEAT
    inside = (addresses >= base) & (line < lines)
    if not inside.all():
        outside = addresses[~inside]
        problems.append(f"{len(outside)} beats are {what} outside, first {int(outside[0]):#x}")
    return line[inside], np.flatnonzero(inside)
