"""The bus behind a loading DMA: takes its requests, sends their beats in order, with pauses."""

from collections import deque
from collections.abc import Callable, Mapping
from enum import IntEnum

from verif.unit.chip_structs import split
from verif.unit.harness import Sample

__all__ = ["ReadBus", "Tag"]


class Tag(IntEnum):
    """Whose data a request brings, as chip_pkg numbers them."""

    DESCRIPTOR = 0
    PARAMETERS = 1
    TABLE = 2
    ACTIVATIONS = 3
    LAST_ACTIVATIONS = 4
    WEIGHTS = 5


class ReadBus:
    """A memory that answers requests one beat a cycle, at the earliest in the next cycle.

    Args:
        contents: 256-bit data by line.
        check: called with each request in every cycle in which it is offered.

    Attributes:
        requests: (tag, line, beats) of every request taken.
    """

    def __init__(
        self, contents: Mapping[int, int], check: Callable[[int, int, int], None] | None = None
    ) -> None:
        self.contents, self._check = contents, check
        self.requests: list[tuple[int, int, int]] = []
        self._beats: deque[tuple[int, int]] = deque()

    @property
    def under_way(self) -> int:
        """Beats asked for that have not been taken."""
        return len(self._beats)

    def under_way_for(self, *tags: int) -> int:
        """The same of the requests with one of these tags."""
        return sum(tag in tags for tag, _ in self._beats)

    def front(self) -> tuple[int, int] | None:
        """Tag and data of the next beat, if one is due."""
        if not self._beats:
            return None
        tag, line = self._beats[0]
        return tag, self.contents[line]

    def after(self, seen: Sample, *, req_ready: bool, taken: bool) -> None:
        """What happened in a cycle: a request, and the front beat taken."""
        if taken:
            self._beats.popleft()
        if not seen.req_valid:
            return
        request = split("read_req", seen.req)
        tag, line, beats = request["tag"], request["line"], request["beats"]
        assert beats > 0, "a request for nothing"
        if self._check is not None:
            self._check(tag, line, beats)
        if not req_ready:
            return
        self.requests.append((tag, line, beats))
        self._beats.extend((tag, (line + beat) % 2**35) for beat in range(beats))
