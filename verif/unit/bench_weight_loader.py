"""The weight loader with the WBUF: a stream of words in, whole banks out, without placeholders."""

from collections import deque
from dataclasses import dataclass, field, replace

import cocotb
import numpy as np

from models.streams import pack_weight_stream
from verif.agents.beat_stream import BeatDriver
from verif.unit.harness import Block, pack, seeded, unpack
from verif.unit.lists import TILE_K, Lists, beats_to_ints, draw_k, draw_lists

INPUTS = "full mask_bank mask_tile vec_bank vec_tile vec_high vec_k quad_bank quad_tile quad_at"
OUTPUTS = "done bank error mask vec quad_lo quad_ho"
LAST_FLAG = 1 << 62


@dataclass(kw_only=True)
class Loaded:
    """What one bank must hold after a K-tile: lists of one or two sub-tiles."""

    tiles: list[Lists]
    reads: deque = field(default_factory=deque)

    def plan_reads(self, rng: np.random.Generator) -> None:
        """Every position of every tile once, in random order, as (tile, high, positions)."""
        for tile, lists in enumerate(self.tiles):
            order = rng.permutation(lists.low.shape[1]).tolist()
            self.reads += [(tile, order[i : i + 4]) for i in range(0, len(order), 4)]


class Reader:
    """Reads a loaded bank back through the WBUF's ports."""

    def __init__(self, block: Block, rng: np.random.Generator) -> None:
        self.block, self.rng = block, rng

    async def step(self, loaded: Loaded | None, bank: int, full: int):
        """One cycle with one read of `loaded`, checked; returns the cycle's outputs."""
        if loaded is None or not loaded.reads:
            return await self.block.cycle(full=full)
        tile, ks = loaded.reads.popleft()
        lists = loaded.tiles[tile]
        ks = (ks * 4)[:4]
        high = [bool(lists.stored[0, k] and self.rng.random() < 0.7) for k in ks]
        quads = [k // 4 for k in ks[:3]]
        seen = await self.block.cycle(
            full=full, mask_bank=bank, mask_tile=tile,
            vec_bank=15 * bank, vec_tile=15 * tile, vec_high=pack(high, 1), vec_k=pack(ks, 6),
            quad_bank=7 * bank, quad_tile=7 * tile, quad_at=pack(quads, 4),
        )  # fmt: skip
        assert seen.mask == pack(lists.stored[0], 1), f"mask of tile {tile}"
        vectors = [
            int((lists.high if h else lists.low)[0, k]) for k, h in zip(ks, high, strict=True)
        ]
        assert unpack(seen.vec, 16, 4) == vectors, f"tile {tile}, positions {ks}, high {high}"
        padded = np.zeros(TILE_K, np.int64)
        padded[: lists.low.shape[1]] = lists.low[0]
        for quad, value in zip(quads, unpack(seen.quad_lo, 64, 3), strict=True):
            assert value == pack(padded[4 * quad : 4 * quad + 4], 16), f"tile {tile}, quad {quad}"
        vectors = seen.lanes("quad_ho", 16)  # those that are not stored may be unknown
        for quad, k in enumerate(ks[:3]):
            if lists.stored[0, k]:
                assert vectors[4 * quad + k % 4] == lists.high[0, k], f"HO quad of {k}"
        return seen


def queue_command(rng, cmd: BeatDriver, words: BeatDriver) -> list[Loaded]:
    """Queue one random command; returns what each of its K-tiles must leave in its bank."""
    dtp, dense, k_len = bool(rng.integers(0, 2)), bool(rng.integers(0, 2)), draw_k(rng)
    lists = draw_lists(rng, 1 + dtp, k_len)
    if dense:
        lists = replace(lists, stored=np.ones_like(lists.stored))
    low, high, stored = (a[:, None, :] for a in (lists.low, lists.high, lists.stored))
    cmd.append(dense << 17 | k_len << 1 | dtp)
    for word in beats_to_ints(pack_weight_stream(low, high, stored, TILE_K, dense)[0]):
        words.append(word)
    return [
        Loaded(tiles=[
            Lists(**{name: part[t : t + 1, k : k + TILE_K] for name, part in
                     (("low", lists.low), ("high", lists.high), ("stored", lists.kept()))})
            for t in range(1 + dtp)
        ])
        for k in range(0, k_len, TILE_K)
    ]  # fmt: skip


@cocotb.test(timeout_time=500, timeout_unit="us")
@cocotb.parametrize(stall=[0.0, 0.4])
async def weights_random(dut, stall: float):
    """Every K-tile fills its bank while the bank before is read; a full bank stays as it is."""
    rng, block = seeded(), Block(dut, "wbuf", INPUTS, OUTPUTS)
    await block.start()
    cmd = BeatDriver(dut, "wc", dut.clk, rng=rng)
    words = BeatDriver(dut, "w", dut.clk, rng=rng, stall=stall)
    expected = [k_tile for _ in range(14) for k_tile in queue_command(rng, cmd, words)]
    reader, banks, full, loaded, hold = Reader(block, rng), deque(), 0, 0, 0
    for _ in range(40000):
        front = expected[banks[0]] if banks else None
        seen = await reader.step(front, banks[0] % 2 if banks else 0, full)
        assert not seen.error
        if front is not None and not front.reads:
            hold -= 1
            if hold < 0:
                full &= ~(1 << banks.popleft() % 2)
        if seen.done:
            assert seen.bank == loaded % 2 and not full >> seen.bank & 1, "bank filled twice"
            expected[loaded].plan_reads(rng)
            banks.append(loaded)
            full |= 1 << seen.bank
            loaded, hold = loaded + 1, int(rng.choice([0, 3, 150]))
        if loaded == len(expected) and not banks:
            break
    assert (loaded, len(banks)) == (len(expected), 0), f"stuck after {loaded} K-tiles"
    await cmd.drained()
    await words.drained()


@cocotb.test(timeout_time=500, timeout_unit="us")
async def weights_overrun(dut):
    """A list past its K-tile is reported; the rest of the bank and the next tile are right."""
    rng, block = seeded(), Block(dut, "wbuf", INPUTS, OUTPUTS)
    await block.start()
    cmd = BeatDriver(dut, "wc", dut.clk, rng=rng)
    words = BeatDriver(dut, "w", dut.clk, rng=rng)
    kt, empty = 20, np.zeros((1, 20), np.uint16)
    cmd.append(kt << 1)
    cmd.append(kt << 1)
    low = rng.integers(0, 2**16, 20).tolist()
    for word in range(5):
        words.append(pack(low[4 * word : 4 * word + 4], 16))
    entries = (0 << 16 | 0x1234, 15 << 16 | 0x5678, 15 << 16 | 0x9ABC)  # positions 0, 16, 32
    words.append(pack(entries, 20) | 3 << 60)
    words.append(0xFFFF | 1 << 60 | LAST_FLAG)
    stored, high = np.zeros((1, 20), bool), empty.copy()
    stored[0, [0, 16]], high[0, [0, 16]] = True, [0x1234, 0x5678]
    bad = Loaded(tiles=[Lists(low=np.array([low], np.uint16), high=high, stored=stored)])
    good_lists = draw_lists(rng, 1, kt)
    fields = (a[:, None, :] for a in (good_lists.low, good_lists.high, good_lists.stored))
    for word in beats_to_ints(pack_weight_stream(*fields, TILE_K)[0]):
        words.append(word)
    good_lists = replace(good_lists, stored=good_lists.kept())
    reader, errors, loaded = Reader(block, rng), 0, 0
    while loaded < 2:
        seen = await block.cycle()
        errors += seen.error
        loaded += seen.done
    assert errors == 2
    for bank, contents in enumerate((bad, Loaded(tiles=[good_lists]))):
        contents.plan_reads(rng)
        while contents.reads:
            await reader.step(contents, bank, 3)
