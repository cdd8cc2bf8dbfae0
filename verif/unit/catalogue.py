"""Which unit benches there are and which testbench top each needs."""

from dataclasses import dataclass

from verif.build_spec import Build

__all__ = ["BENCHES", "Bench"]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One unit bench.

    Attributes:
        top: its testbench top, in `verif/unit/tb`; several benches share one, to build less.
        module: its cocotb module.
    """

    top: str
    module: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Testbench files, relative to the repository's root."""
        return (f"verif/unit/tb/{self.top}.sv", "verif/unit/tb/unit.vlt")

    def build(self, sim: str) -> Build:
        """The build of the bench on the RTL as it is."""
        return Build(top=self.top, sources=self.sources, sim=sim)


_TOPS = {
    "tb_arith": ("opc", "s_acc", "psum_buffer"),
    "tb_lists": ("idxd", "stream_fifo", "result_drain"),
    "tb_buffers": ("weight_loader", "group_buffer"),
    "tb_schedule": ("workload_scheduler",),
    "tb_streams": ("global_activation_buffer", "result_merge"),
}

BENCHES = {
    block: Bench(top=top, module=f"verif.unit.bench_{block}")
    for top, blocks in _TOPS.items()
    for block in blocks
}
"""By block; related leaves share a bench."""
