"""The increments of the performance counters against sums over random events."""

import cocotb
import numpy as np

from verif.csr.names import COUNTERS
from verif.unit.chip_structs import LAYOUTS, join
from verif.unit.harness import Block, pack, seeded, unpack

FLAGS = {
    "PPU_BUSY": "ppu_busy", "DMA_READ_BUSY": "reading", "DMA_WRITE_BUSY": "writing",
    "AMEM_WRITES": "amem_wr", "AMEM_READS": "amem_rd", "OMEM_WRITES": "omem_wr",
    "OMEM_READS": "omem_rd", "STALL_WEIGHTS": "weights_wait", "STALL_ACTIVATIONS": "acts_wait",
    "STALL_RESULTS": "results_wait", "STALL_DESCRIPTOR": "desc_wait", "STALL_BUS": "bus_wait",
}  # fmt: skip
"""Counters of cycles in which one input is high."""
INPUTS = f"event wmem_wr wmem_rd r_take w_take w_strb run_n {' '.join(FLAGS.values())}"
EVENT = tuple(LAYOUTS["event"])
EVENT_W = sum(LAYOUTS["event"].values())
NAMES = sorted(COUNTERS, key=COUNTERS.__getitem__)
"""Counters in the order of the register map."""
OPERATORS = 12
ALL_BYTES = (1 << 32) - 1


def draw_event(rng: np.random.Generator, density: float) -> dict[str, int]:
    """What a PEA with at most 12 operators does in a cycle; SWOs run LL quads, which take four."""
    if rng.random() >= density:
        return dict.fromkeys(EVENT, 0)
    dwo = int(rng.integers(0, OPERATORS + 1))
    ll_dwo = int(rng.integers(0, dwo + 1))
    cuts = np.sort(rng.integers(0, dwo - ll_dwo + 1, 2)).tolist()
    swo = int(rng.integers(0, (OPERATORS - dwo) // 4 + 1))
    counts = (cuts[0], cuts[1] - cuts[0], dwo - ll_dwo - cuts[1], swo, ll_dwo)
    marks = rng.integers(0, 2, 3).tolist()
    return dict(zip(EVENT, (*counts, *marks), strict=True))


def expected(events: list[dict[str, int]], wires: dict[str, int]) -> dict[str, int]:
    """What each counter adds for one cycle."""
    total = {name: sum(event[name] for event in events) for name in EVENT}
    hh, hl, lh = total["hh"], total["hl"], total["lh"]
    dwo_ll, swo_ll = total["ll_dwo"], 4 * total["ll_swo"]
    written = 0
    if wires["w_take"]:
        written = wires["w_strb"].bit_count()
    return {
        "CYCLES": 1,
        "DWO_BUSY": hh + hl + lh + dwo_ll,
        "SWO_BUSY": swo_ll,
        "CS_BUSY": sum(event["hh"] + event["lh"] > 0 for event in events),
        "PRODUCTS_HH": hh, "PRODUCTS_HL": hl, "PRODUCTS_LH": lh, "PRODUCTS_LL": dwo_ll + swo_ll,
        "BYTES_READ": 32 * wires["r_take"],
        "BYTES_WRITTEN": written,
        "WMEM_WRITES": wires["wmem_wr"].bit_count(), "WMEM_READS": wires["wmem_rd"].bit_count(),
        **{name: wires[wire] for name, wire in FLAGS.items()},
    }  # fmt: skip


@cocotb.test()
async def counters_random(dut):
    """Random events in every cycle, idle phases, the most a cycle can hold, and resets."""
    block, rng = Block(dut, "c", INPUTS, "inc"), seeded()
    await block.start()
    num_pea, width = int(dut.num_pea.value), int(dut.inc_w.value)
    assert [COUNTERS[name] for name in NAMES] == list(range(0x100, 0x1C0, 8)), "a hole"
    strobes = [ALL_BYTES, 0, *(3 << 2 * entry for entry in range(16))]
    before, sums, density = None, dict.fromkeys(NAMES, 0), 1.0
    for cycle in range(3000):
        if cycle % 100 == 0:
            density = float(rng.choice([0.0, 0.3, 1.0, 1.0]))
        events = [draw_event(rng, density) for _ in range(num_pea)]
        if cycle % 50 == 0:
            fullest = (
                {"ll_swo": 3},
                {"ll_dwo": 12},
                {"hh": 4, "hl": 4, "lh": 4},
                {"hh": 12},
                {"hl": 12},
                {"lh": 12},
            )
            most = fullest[cycle // 50 % len(fullest)]
            events = [dict.fromkeys(EVENT, 0) | most] * num_pea
        wires = {wire: int(rng.random() < density) for wire in (*FLAGS.values(), "r_take")}
        wires |= {name: int(rng.integers(0, 1 << num_pea)) for name in ("wmem_wr", "wmem_rd")}
        wires |= {"w_take": int(rng.integers(0, 2)), "w_strb": int(rng.choice(strobes))}
        running = cycle % 97 != 0
        event = pack([join("event", one) for one in events], EVENT_W)
        seen = await block.cycle(event=event, run_n=running, **wires)
        if before is not None:
            got = dict(zip(NAMES, unpack(seen.inc, width, len(NAMES)), strict=True))
            assert got == before, {n: (got[n], before[n]) for n in NAMES if got[n] != before[n]}
            sums = {name: sums[name] + value for name, value in got.items()}
        before = expected(events, wires) if running else dict.fromkeys(NAMES, 0)
    assert min(sums.values()) > 100, sums
