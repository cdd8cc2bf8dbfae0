"""The simulation build of the dense baselines' testbench."""

from models.baselines.dense_params import DenseParams
from verif.build_spec import Build

__all__ = ["SMALL", "dense_build"]

SMALL = {"rows": 12, "word_bytes": 16}
"""A core of 192 multipliers, in the proportions of the full one and with as many memory words."""

_FILES = (
    "tb_dense.vlt",
    "stall_gen.sv",
    "stream_source.sv",
    "stream_sink.sv",
    "stream_monitor.sv",
    "stall_counter.sv",
    "command_log.sv",
    "watchdog.sv",
    "tb_dense.sv",
)


def dense_build(params: DenseParams, *, sim: str = "verilator") -> Build:
    """The build of `tb_dense` for a core of the given dataflow and sizes."""
    return Build(
        top="tb_dense",
        sources=tuple(f"verif/tb/{name}" for name in _FILES),
        parameters={
            "Dataflow": int(params.dataflow),
            "Rows": params.rows,
            "WordBytes": params.word_bytes,
        },
        sim=sim,
    )
