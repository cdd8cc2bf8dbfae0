"""The simulation build of the dense baselines' testbench."""

from models.baselines.dense_params import DenseParams
from verif.build_spec import Build

__all__ = ["SMALL", "dense_build"]

SMALL = {"rows": 8, "word_bytes": 16}
"""Sizes of a core of 128 multipliers; its memories hold as many words as those of the full one."""

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
