"""What a PEA's scheduler works with, for the benches of both kinds of scheduler."""

import numpy as np

from verif.unit.harness import Sample, pack
from verif.unit.schedule_check import Walk
from verif.unit.schedule_plan import DEPTH, Group, Plan

__all__ = ["INPUTS", "Surroundings"]

INPUTS = "metas x_masks w_masks wr_ptr load_done load_bank drain_cmd drain_group"
META_W, TILE_K = 27, 64


class Surroundings:
    """Group buffer, WBUF and result drain, at random speeds but true to their rules.

    Args:
        rng: random generator.
        plan: the work.
        walks: what follows each scheduler.
        take_turns: outputs of single tiles use the partial sums of either tile in turn.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        plan: Plan,
        walks: tuple[type[Walk], ...],
        *,
        take_turns: bool = False,
    ) -> None:
        self.rng, self.plan, self.take_turns = rng, plan, take_turns
        self.metas, self.x_masks, self.w_masks = [0] * DEPTH, [0] * DEPTH, [0] * 4
        self.pushed = self.loaded = self.freed = self.drained = 0
        self.done = [0] * len(walks)  # groups whose last K-tile is ready, by scheduler
        self.ends = [group for group in plan.groups if group.last_tile]
        self.load_done, self.released, self.rates = False, [0] * len(walks), (1.0, 1.0, 1.0)
        self.walks = tuple(walk(plan, self.may_start) for walk in walks)

    def may_start(self, group: Group) -> str:
        """Why work of the group may not be issued yet; empty if it may."""
        if group.number >= self.pushed:
            return "the group is not in the buffer"
        if group.k_tile >= self.loaded - self.load_done:
            return "the weights are not loaded"
        return "" if self._psum_free(group) else "partial sums are still in use"

    def _psum_free(self, group: Group) -> bool:
        """The result drain has emptied the group's entry of the output tile before."""
        if not group.first_tile or self.drained == len(self.ends):
            return True
        leaving = self.ends[self.drained]
        ahead = group.output - leaving.output
        other_half = self.take_turns and not group.dtp and not leaving.dtp
        return ahead == 0 or (ahead == 1 and (other_half or group.index < leaving.index))

    def inputs(self) -> dict[str, int]:
        """The scheduler's inputs of the coming cycle."""
        last = self.ends[-1]
        leaving = self.ends[self.drained] if self.drained < len(self.ends) else None
        return {
            "metas": pack(self.metas, META_W),
            "x_masks": pack(self.x_masks, TILE_K),
            "w_masks": pack(self.w_masks, TILE_K),
            "wr_ptr": self.pushed % (2 * DEPTH),
            "load_done": self.load_done,
            "load_bank": (self.loaded - 1) % 2,
            "drain_cmd": (leaving.output if leaving else last.output + 1) % 4,
            "drain_group": leaving.index if leaving else 0,
        } | ({"drain_dtp": bool(leaving and leaving.dtp)} if self.take_turns else {})

    def react(self, seen: Sample) -> None:
        """Follow a cycle and prepare the next one."""
        for side, walk in enumerate(self.walks):
            self.done[side] += walk.follow(seen) is not None
            pointer = getattr(seen, f"{walk.name}_ptr")
            self.released[side] += (pointer - self.released[side]) % (2 * DEPTH)
        self._drain()
        self._load(seen.bank_full)
        self._push()

    def _drain(self) -> None:
        if self.drained < min(self.done) and self.rng.random() < self.rates[0]:
            self.drained += 1

    def _load(self, full: int) -> None:
        """Load K-tiles in order, each once its bank is free."""
        while self.freed < self.loaded - self.load_done and not full >> self.freed % 2 & 1:
            last = self.plan.k_tiles[self.freed].last_group
            assert all(walk.passed(last) for walk in self.walks), "bank released too early"
            bank = self.freed % 2
            # From now on the loader may write there: whoever still reads must not see sense.
            for tile in range(2):
                self.w_masks[2 * bank + tile] = int(self.rng.integers(0, 2**63))
            self.freed += 1
        self.load_done = False
        ready = self.loaded < len(self.plan.k_tiles) and self.loaded - self.freed < 2
        if ready and self.rng.random() < self.rates[1]:
            bank = self.loaded % 2
            self.w_masks[2 * bank : 2 * bank + 2] = self.plan.k_tiles[self.loaded].masks
            self.loaded, self.load_done = self.loaded + 1, True

    def _push(self) -> None:
        room = self.pushed - min(self.released) < DEPTH
        if self.pushed < len(self.plan.groups) and room and self.rng.random() < self.rates[2]:
            old = self.pushed - DEPTH
            assert all(walk.passed(old) for walk in self.walks), "group released too early"
            group = self.plan.groups[self.pushed]
            slot = group.number % DEPTH
            self.metas[slot], self.x_masks[slot] = group.meta, group.mask
            self.pushed += 1
