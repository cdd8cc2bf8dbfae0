"""Bugs that only cost cycles, to plant into the chip: results stay right, the cycle model differs.

No bench of a single block sees them: the block still does what it should.
"""

from verif.planted.planting import CHIP_FREE, PlantedBug

__all__ = ["TIMING_BUGS"]


def _bug(file: str, old: str, new: str, counter: str = "CYCLES") -> PlantedBug:
    symptom = f"counter {counter} is"
    return PlantedBug(file=file, old=old, new=new, check=CHIP_FREE, symptom=symptom)


TIMING_BUGS = {
    "raw blocks with a gap between them": _bug(
        "ppu/raw_serialiser.sv", "!valid_o || (half_q && ready_i)", "!valid_o"
    ),
    "descriptors fetched one at a time": _bug(
        "dma/descriptor_dma.sv", "open_q != 2'd2", "open_q == 2'd0"
    ),
    "weights not asked for while some arrive": _bug(
        "dma/weight_dma.sv",
        "left_q != '0 && full == '0",
        "left_q != '0 && full == '0 && !take",
        "DMA_READ_BUSY",
    ),
    "PPU's output with one place": _bug(
        "ppu/ppu.sv",
        "stream_fifo #(.Width(BeatW + 3), .Depth(2)) i_out_fifo",
        "stream_fifo #(.Width(BeatW + 3), .Depth(1)) i_out_fifo",
    ),
    "PPU idle with its last beat": _bug(
        "ppu/ppu.sv", "packets_q != '0 || out_valid_o", "packets_q != '0", "PPU_BUSY"
    ),
}
