"""The simulation build of the Sibia-style core's testbench, and what a launcher tells its tests."""

import json
import os
from dataclasses import asdict, dataclass, field
from typing import Any

from models.baselines.sibia import SibiaParams
from verif.build_spec import Build

__all__ = ["SMALL_SIBIA", "SibiaConfig", "sibia_build"]

SMALL_SIBIA = SibiaParams(num_pea=2, tile_n=16)
"""A core that is quick to build and to simulate."""

_FILES = (
    "tb_sibia.vlt",
    "stall_gen.sv",
    "stream_source.sv",
    "stream_sink.sv",
    "stream_monitor.sv",
    "stall_counter.sv",
    "command_log.sv",
    "watchdog.sv",
    "tb_sibia.sv",
)
_VARIABLE = "PANACEA_TEST"


def sibia_build(params: SibiaParams, *, sim: str = "verilator", kind: str = "speed") -> Build:
    """The build of `tb_sibia` for a core of the given sizes; see `Build` for the rest."""
    return Build(
        top="tb_sibia",
        sources=tuple(f"verif/tb/{name}" for name in _FILES),
        includes=("rtl/common",),
        parameters={
            "NumPea": params.num_pea,
            "TileK": params.tile_k,
            "TileN": params.tile_n,
        },
        blocks=("sibia_pea",),
        sim=sim,
        kind=kind,
    )


@dataclass(frozen=True, kw_only=True)
class SibiaConfig:
    """What a launcher tells a test: the core's sizes as built, and the test's own options."""

    params: SibiaParams = field(default_factory=SibiaParams)
    options: dict[str, Any] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment variable that `load` reads."""
        return {_VARIABLE: json.dumps(asdict(self), separators=(",", ":"))}

    @classmethod
    def load(cls) -> "SibiaConfig":
        """The configuration of the running simulation."""
        data = json.loads(os.environ.get(_VARIABLE, "{}"))
        return cls(params=SibiaParams(**data.get("params", {})), options=data.get("options", {}))
