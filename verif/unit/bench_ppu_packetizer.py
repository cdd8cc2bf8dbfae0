"""The packetizer with its run-length encoder: packets against the stream's packing and decoder."""

import cocotb
import numpy as np

from models.rle import decode_positions, stored_mask
from models.streams import pack_activation_stream
from verif.agents.beat_stream import BeatDriver, BeatMonitor, BeatSink
from verif.unit.harness import pack, reset, seeded
from verif.unit.lists import beats_to_ints

TILE = 64
EMPTY = 1 << 244


def pack_block(packet: dict, block: int) -> int:
    """Four rows of a packet as the packetizer's input."""
    rows = slice(4 * block, 4 * block + 4)
    kt = packet["kt"]
    valid = [int(4 * block + i < kt) for i in range(4)]
    last = int(4 * block + 4 >= kt)
    meta = last << 14 | pack(valid, 1) << 10 | packet["tile"] << 9 | packet["slices"]
    value = pack(packet["lo0"][rows], 16)
    for field, width in (("lo", 64), ("ho", 64)):
        value = value << width | pack(packet[field][rows], 16)
    return (value << 4 | pack(packet["skip"][rows], 1)) << 15 | meta


def draw_packet(rng: np.random.Generator, **fields) -> dict:
    """Random vectors; what lies beyond kt is random too and must not matter."""
    ho, lo, lo0 = rng.integers(0, 2**16, (3, TILE), dtype=np.uint16)
    kt = TILE if rng.random() < 0.4 else int(rng.integers(1, TILE + 1))
    density = rng.choice([0.0, 0.05, 0.5, 1.0])
    return {
        "ho": ho, "lo": lo, "lo0": lo0, "kt": kt, "skip": rng.random(TILE) >= density,
        "tile": int(rng.integers(0, 2)), "slices": int(rng.integers(1, 4)), **fields,
    }  # fmt: skip


def expected_beats(packet: dict) -> list[int]:
    """Output beats with their flags {end, last, tile, part}."""
    kt, slices = packet["kt"], packet["slices"]
    stored = stored_mask(packet["skip"][None, :kt], TILE)
    nothing = np.zeros_like(stored)
    parts = [(packet["lo"], stored if slices > 1 else nothing)]
    parts += [(packet["lo0"], nothing)] if slices == 3 else []
    result = []
    for part, (low, mask) in enumerate(parts):
        high = np.where(mask, packet["ho"][None, :kt], 0)
        beats = beats_to_ints(pack_activation_stream(low[None, :kt], high, mask, TILE))
        for number, beat in enumerate(beats):
            last = number == len(beats) - 1
            end = last and part == len(parts) - 1
            flags = end << 3 | last << 2 | packet["tile"] << 1 | part
            result.append(flags << 256 | beat)
    return result


def stored_positions(beats: list[int], kt: int) -> list[int]:
    """Positions in the HO list of one packet's beats, by the models' decoder."""
    entries = []
    for beat in beats[-(-kt // 16) :]:
        count = beat >> 240 & 15
        entries += [beat >> (20 * e + 16) & 15 for e in range(count)]
    return decode_positions(entries, len(entries), kt)


async def run(dut, packets: list[dict], stalls: tuple[float, float]) -> list[list[int]]:
    """Send packets, compare every beat, and return the beats by packet."""
    rng = seeded()
    await reset(dut)
    source = BeatDriver(dut, "k", dut.clk, rng=rng, stall=stalls[0])
    BeatSink(dut, "q", dut.clk, rng=rng, stall=stalls[1])
    out = BeatMonitor(dut, "q", dut.clk)
    for packet in packets:
        for block in range(-(-packet["kt"] // 4)):
            source.append(pack_block(packet, block))
    await source.drained()
    await out.quiet()
    got, by_packet = list(out), []
    for number, packet in enumerate(packets):
        wanted = expected_beats(packet)
        seen, got = got[: len(wanted)], got[len(wanted) :]
        assert seen == wanted, f"packet {number}: {packet['kt']=} {packet['slices']=}"
        by_packet.append([beat & (1 << 256) - 1 for beat in seen])
    assert not got, f"{len(got)} beats too many"
    return by_packet


@cocotb.test(timeout_time=200, timeout_unit="us")
@cocotb.parametrize(stalls=[(0.0, 0.0), (0.5, 0.0), (0.0, 0.6), (0.3, 0.9), (0.4, 0.4)])
async def packetizer_random(dut, stalls):
    """Packets of all lengths, tiles and numbers of slices."""
    rng = seeded()
    await run(dut, [draw_packet(rng) for _ in range(40)], stalls)


@cocotb.test(timeout_time=200, timeout_unit="us")
async def packetizer_full_lists(dut):
    """Nothing skipped and everything skipped, for every length, three slices in between."""
    rng, packets = seeded(), []
    for kt in range(1, TILE + 1):
        for skip in (False, True):
            slices = 3 if kt % 5 == 0 else 2
            packets.append(draw_packet(rng, kt=kt, skip=np.full(TILE, skip), slices=slices))
    for packet, beats in zip(packets, await run(dut, packets, (0.0, 0.1)), strict=True):
        if packet["slices"] == 2:
            kt = packet["kt"]
            every = list(range(15, kt, 16)) if packet["skip"][0] else list(range(kt))
            assert stored_positions(beats, kt) == every


@cocotb.test(timeout_time=200, timeout_unit="us")
async def packetizer_entry_counts(dut):
    """Lists of 0 to 64 stored vectors at random places: full beats, multiples of twelve."""
    rng, packets = seeded(), []
    for count in [*range(TILE + 1), 12, 24, 36, 48, 60]:
        skip = np.ones(TILE, bool)
        skip[rng.permutation(TILE)[:count]] = False
        packets.append(draw_packet(rng, kt=TILE, skip=skip, slices=2))
    for packet, beats in zip(packets, await run(dut, packets, (0.0, 0.0)), strict=True):
        positions = stored_positions(beats, TILE)
        assert set(np.flatnonzero(~packet["skip"]).tolist()) <= set(positions)
        assert len(beats) == 4 + max(1, -(-len(positions) // 12))
        assert beats[-1] & EMPTY and not any(beat & EMPTY for beat in beats[4:-1])


@cocotb.test(timeout_time=200, timeout_unit="us")
async def packetizer_runs(dut):
    """As many vectors skipped before every stored one, for each number that an index can have."""
    rng, packets = seeded(), []
    for run_length in range(16):
        skip = np.ones(TILE, bool)
        skip[run_length :: run_length + 1] = False
        packets.append(draw_packet(rng, kt=TILE, skip=skip, slices=2))
    for packet, beats in zip(packets, await run(dut, packets, (0.2, 0.2)), strict=True):
        assert stored_positions(beats, TILE) == np.flatnonzero(~packet["skip"]).tolist()
