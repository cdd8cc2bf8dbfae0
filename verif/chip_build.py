"""The simulation build of the chip's testbench."""

from models.chip.params import ChipParams
from models.params import CoreParams
from verif.build_spec import Build

__all__ = [
    "CHIP_SOURCES",
    "ICARUS_CHIP",
    "SMALL_CHIP",
    "chip_build",
    "chip_parameters",
    "memory_lines",
    "protocol_build",
]

SMALL_CHIP = ChipParams(
    core=CoreParams(num_pea=4, tile_k=16, tile_n=16), wmem_beats=64, amem_beats=128, omem_beats=64
)
"""A chip for many programs: quick to build and to simulate; its results chain (TileK = 4 PEAs)."""

ICARUS_CHIP = ChipParams(
    core=CoreParams(num_pea=2, tile_k=8, tile_n=8), wmem_beats=64, amem_beats=128, omem_beats=64
)
"""A chip that Icarus simulates in bearable time."""

LINES = {16: 2**18}
SMALL_LINES = 2**15
"""Beats of external memory: 8 MB for the full chip, 1 MB for others."""

CHIP_SOURCES = tuple(
    f"verif/tb/{name}"
    for name in (
        "tb_chip.vlt",
        "stall_gen.sv",
        "axi_memory.sv",
        "axi_checker.sv",
        "axi_monitor.sv",
        "axil_driver.sv",
        "axil_monitor.sv",
        "event_counter.sv",
        "refusal_counter.sv",
        "watchdog.sv",
        "tb_chip.sv",
    )
)


def chip_parameters(params: ChipParams) -> dict[str, int]:
    """The parameters of `panacea_top` for a chip of the given sizes."""
    core = params.core
    return {
        "NumPea": core.num_pea,
        "NumDwo": core.num_dwo,
        "NumSwo": core.num_swo,
        "TileK": core.tile_k,
        "TileN": core.tile_n,
        "GroupDepth": core.group_depth,
        "WmemBeats": params.wmem_beats,
        "AmemBeats": params.amem_beats,
        "OmemBeats": params.omem_beats,
    }


def memory_lines(params: ChipParams) -> int:
    """Beats of external memory in the testbench of a chip."""
    return LINES.get(params.core.num_pea, SMALL_LINES)


def chip_build(
    params: ChipParams,
    *,
    sim: str = "verilator",
    kind: str = "speed",
    waves: bool = False,
    flat: bool = False,
) -> Build:
    """The build of `tb_chip` for a chip of the given sizes; see `Build` for the rest.

    Args:
        flat: compile every PEA apart, for long runs: a fifth quicker to simulate, three times
            slower to build.
    """
    return Build(
        top="tb_chip",
        sources=CHIP_SOURCES,
        includes=("rtl/common",),
        parameters=chip_parameters(params) | {"Lines": memory_lines(params)},
        blocks=() if flat else ("pea",),
        sim=sim,
        kind=kind,
        waves=waves,
    )


def protocol_build(params: ChipParams, *, sim: str = "verilator") -> Build:
    """The build of `tb_protocol`: cocotbext-axi's models instead of the testbench's own."""
    return Build(
        top="tb_protocol",
        sources=(
            "verif/tb/tb_protocol.vlt",
            *(name for name in CHIP_SOURCES if "tb_chip.sv" not in name),
            "verif/tb/tb_protocol.sv",
        ),
        includes=("rtl/common",),
        parameters=chip_parameters(params),
        blocks=("pea",),
        sim=sim,
    )
