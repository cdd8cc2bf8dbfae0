"""Follows what the scheduler issues, against the plan of work."""

from collections import deque
from collections.abc import Callable, Iterable

from verif.unit.harness import Sample
from verif.unit.schedule_plan import Destination, Group, Plan

__all__ = ["DynamicWalk", "PooledWalk", "StaticWalk", "Walk"]

KINDS = {(1, 1): "HH", (1, 0): "HL", (0, 1): "LH", (0, 0): "LL"}


class Walk:
    """One scheduler's way through its destinations, as S-ACC sees it.

    Work marked next belongs to the destination after the current one if the current one ends in
    the same cycle, and to the current one otherwise.
    """

    name = ""
    flush_fields: tuple[str, ...] = ()

    def __init__(self, plan: Plan, may_start: Callable[[Group], str]) -> None:
        self._may_start = may_start
        self._left = deque(
            dest for group in plan.groups for dest in group.destinations if self._todo(dest)
        )
        self._finals = deque(group for group in plan.groups if group.last_tile)

    def _todo(self, dest: Destination) -> set:
        raise NotImplementedError

    def _work(self, seen: Sample) -> Iterable[tuple[bool, tuple[int, int, int], object]]:
        """What is issued: (next, place, what)."""
        raise NotImplementedError

    def passed(self, group: int) -> bool:
        """All work of the groups up to number `group` has been issued and ended."""
        return not self._left or self._left[0].group.number > group

    @property
    def current(self) -> Destination | None:
        """The destination being summed up."""
        return self._left[0] if self._left else None

    @property
    def finished(self) -> bool:
        """Nothing is left, and every group's end has been announced."""
        return not self._left and not self._finals

    def follow(self, seen: Sample) -> Group | None:
        """Account for one cycle; returns the group whose last K-tile ends in it."""
        flush = bool(getattr(seen, f"{self.name}_flush"))
        work = list(self._work(seen))
        for is_next, place, what in work:
            if not (is_next and flush):
                self._take(place, what)
        if flush:
            assert self._left, f"{self.name}: flush of nothing"
            done = self._left.popleft()
            end = {f: getattr(seen, f"{self.name}_flush_{f}") for f in self.flush_fields}
            expected = {f: done.flush[f] for f in self.flush_fields}
            assert end == expected, f"{self.name}: flush {end}, expected {expected}"
            assert not self._todo(done), f"{self.name}: flush before {self._todo(done)}"
            for is_next, place, what in work:
                if is_next:
                    self._take(place, what)
        if not getattr(seen, f"{self.name}_final"):
            return None
        assert self._finals, f"{self.name}: final of nothing"
        group = self._finals.popleft()
        assert self.passed(group.number), f"{self.name}: final of unfinished group {group.number}"
        return group

    def _take(self, place: tuple[int, int, int], what: object) -> None:
        assert self._left, f"{self.name}: {what} at {place} is nobody's work"
        dest = self._left[0]
        assert place == dest.place, f"{self.name}: {what} is taken from (slot, bank, tile) {place}"
        assert what in self._todo(dest), f"{self.name}: {what} is no work, or was done before"
        problem = self._may_start(dest.group)
        assert not problem, f"{self.name}: {what} issued, but {problem}"
        self._todo(dest).remove(what)


class DynamicWalk(Walk):
    """The DWOs' products; a destination without any has no flush."""

    name = "dyn"
    flush_fields = ("tile", "group", "shift", "wgt_up")

    def _todo(self, dest: Destination) -> set:
        return dest.products

    def _work(self, seen: Sample) -> Iterable[tuple[bool, tuple[int, int, int], object]]:
        fields = [
            seen.lanes(f"dyn_{field}", width)
            for field, width in (
                ("valid", 1), ("next", 1), ("w_high", 1), ("x_high", 1), ("k", 6),
                ("slot", 2), ("bank", 1), ("tile", 1),
            )
        ]  # fmt: skip
        for valid, is_next, w_high, x_high, k, slot, bank, tile in zip(*fields, strict=True):
            if valid:
                yield bool(is_next), (slot, bank, tile), (KINDS[w_high, x_high], k)


class StaticWalk(Walk):
    """The LL quads."""

    name = "sta"
    flush_fields = ("tile", "group", "shift")

    def _todo(self, dest: Destination) -> set:
        return dest.quads

    def _work(self, seen: Sample) -> Iterable[tuple[bool, tuple[int, int, int], object]]:
        fields = [
            seen.lanes(f"sta_{field}", width)
            for field, width in (
                ("valid", 1), ("next", 1), ("quad", 4), ("slot", 2), ("bank", 1), ("tile", 1)
            )
        ]  # fmt: skip
        for valid, is_next, quad, slot, bank, tile in zip(*fields, strict=True):
            if valid:
                yield bool(is_next), (slot, bank, tile), quad


class PooledWalk(Walk):
    """All products, read through a window of quads."""

    name = "pool"
    flush_fields = ("tile", "group", "shift", "wgt_up")

    def __init__(self, plan: Plan, may_start: Callable[[Group], str]) -> None:
        for dest in (dest for group in plan.groups for dest in group.destinations):
            dest.products |= {("LL", 4 * quad + k) for quad in dest.quads for k in range(4)}
            if not dest.group.dtp:  # single tiles take turns in the partial sums
                dest.flush["tile"] = dest.group.output % 2
        super().__init__(plan, may_start)
        self._sizes = {id(dest): len(dest.products) for dest in self._left}

    @property
    def begun(self) -> bool:
        """Some but not all work of the current destination has been issued."""
        dest = self.current
        return dest is not None and 0 < len(dest.products) < self._sizes[id(dest)]

    def _todo(self, dest: Destination) -> set:
        return dest.products

    def _work(self, seen: Sample) -> Iterable[tuple[bool, tuple[int, int, int], object]]:
        quads, slots, banks, tiles = (
            seen.lanes(f"pool_{field}", width)
            for field, width in (("quad", 4), ("slot", 2), ("bank", 1), ("tile", 1))
        )
        fields = [
            seen.lanes(f"pool_{field}", width)
            for field, width in (
                ("valid", 1), ("next", 1), ("w_high", 1), ("x_high", 1), ("at", 4)
            )
        ]  # fmt: skip
        for valid, is_next, w_high, x_high, at in zip(*fields, strict=True):
            if valid:
                q, k = divmod(at, 4)
                what = (KINDS[w_high, x_high], 4 * quads[q] + k)
                yield bool(is_next), (slots[q], banks[q], tiles[q]), what
