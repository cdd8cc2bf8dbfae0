"""The simulation build of the core's testbench."""

from models.params import CoreParams
from verif.build_spec import Build

__all__ = ["REDUCED", "core_build"]

REDUCED = CoreParams(num_pea=4, tile_n=16)
"""A core that Icarus simulates in bearable time."""

_FILES = (
    "tb_core.vlt",
    "stall_gen.sv",
    "stream_source.sv",
    "stream_sink.sv",
    "stream_monitor.sv",
    "stall_counter.sv",
    "event_counter.sv",
    "command_log.sv",
    "watchdog.sv",
    "tb_core.sv",
)


def core_build(
    params: CoreParams, *, sim: str = "verilator", kind: str = "speed", waves: bool = False
) -> Build:
    """The build of `tb_core` for a core of the given sizes; see `Build` for the rest."""
    return Build(
        top="tb_core",
        sources=tuple(f"verif/tb/{name}" for name in _FILES),
        includes=("rtl/common",),
        parameters={
            "NumPea": params.num_pea,
            "NumDwo": params.num_dwo,
            "NumSwo": params.num_swo,
            "TileK": params.tile_k,
            "TileN": params.tile_n,
            "GroupDepth": params.group_depth,
        },
        blocks=("pea",),
        sim=sim,
        kind=kind,
        waves=waves,
    )
