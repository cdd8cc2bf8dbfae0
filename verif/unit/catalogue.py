"""Which unit benches there are and which testbench top each needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from verif.build_spec import Build

__all__ = ["BENCHES", "Bench"]


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One unit bench.

    Attributes:
        top: its testbench top, in `verif/unit/tb`; several benches share one, to build less.
        module: its cocotb module.
        parameters: of the top.
        support: more testbench files, in `verif/tb`.
    """

    top: str
    module: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    support: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Testbench files, relative to the repository's root."""
        support = (f"verif/tb/{name}" for name in self.support)
        return (*support, f"verif/unit/tb/{self.top}.sv", "verif/unit/tb/unit.vlt")

    def build(self, sim: str) -> Build:
        """The build of the bench on the RTL as it is."""
        return Build(top=self.top, sources=self.sources, parameters=self.parameters, sim=sim)


BUS_FILES = (
    "stall_gen.sv",
    "axi_memory.sv",
    "axi_checker.sv",
    "axi_monitor.sv",
    "axil_driver.sv",
    "axil_monitor.sv",
)
"""The testbench's own bus blocks."""

_TOPS = {
    "tb_arith": ("opc", "s_acc", "psum_buffer"),
    "tb_lists": ("idxd", "stream_fifo", "result_drain"),
    "tb_buffers": ("weight_loader", "group_buffer"),
    "tb_schedule": ("workload_scheduler",),
    "tb_pooled": ("pooled_scheduler",),
    "tb_streams": ("global_activation_buffer", "result_merge"),
    "tb_apsq": ("apsq",),
    "tb_mem": ("replay_fifo",),
    "tb_ppu": ("ppu",),
    "tb_ppu_blocks": ("ppu_requantiser", "ppu_pwl", "ppu_packetizer"),
    "tb_axi": ("axi_reader", "axi_writer"),
    "tb_csr": ("csr", "csr_map"),
    "tb_dma": (
        "read_arbiter",
        "descriptor_dma",
        "activation_dma",
        "parameter_dma",
        "result_dma",
    ),
    "tb_weights": ("weight_dma",),
    "tb_control": ("descriptor_check", "dispatcher", "run_control", "chip_counters"),
}

BENCHES = {
    block: Bench(top=top, module=f"verif.unit.bench_{block}")
    for top, blocks in _TOPS.items()
    for block in blocks
}
"""By block; related leaves share a bench."""

BENCHES["workload_scheduler_8_4"] = Bench(
    top="tb_schedule",
    module="verif.unit.bench_workload_scheduler",
    parameters={"NumDwo": 8, "NumSwo": 4},
)

for _block in ("axi_reader", "axi_writer"):
    BENCHES[f"{_block}_32"] = Bench(
        top="tb_axi",
        module=f"verif.unit.bench_{_block}",
        parameters={"MaxBurst": 32, "Outstanding": 3},
    )

for _block in ("axi_memory", "axil_driver"):
    BENCHES[_block] = Bench(
        top="tb_bus", module=f"verif.unit.bench_{_block}", support=("tb_chip.vlt", *BUS_FILES)
    )

for _num_pea in (1, 3, 31):
    BENCHES[f"ppu_{_num_pea}"] = Bench(
        top="tb_ppu", module="verif.unit.bench_ppu", parameters={"NumPea": _num_pea}
    )

for _block in ("descriptor_check", "dispatcher", "chip_counters"):
    BENCHES[f"{_block}_3"] = Bench(
        top="tb_control",
        module=f"verif.unit.bench_{_block}",
        parameters={"NumPea": 3, "TileN": 16},
    )

for _block in ("descriptor_check", "dispatcher", "chip_counters"):
    BENCHES[f"{_block}_31"] = Bench(
        top="tb_control",
        module=f"verif.unit.bench_{_block}",
        parameters={"NumPea": 31, "TileN": 1016},
    )

for _num_pea in (1, 3, 31):
    BENCHES[f"parameter_dma_{_num_pea}"] = Bench(
        top="tb_dma", module="verif.unit.bench_parameter_dma", parameters={"NumPea": _num_pea}
    )

BENCHES["wmem"] = Bench(top="tb_weights", module="verif.unit.bench_wmem", parameters={"NumPea": 4})
BENCHES["wmem_20"] = replace(BENCHES["wmem"], parameters={"NumPea": 20})

for _num_pea in (1, 4, 20):
    BENCHES[f"weight_dma_{_num_pea}"] = Bench(
        top="tb_weights", module="verif.unit.bench_weight_dma", parameters={"NumPea": _num_pea}
    )

BENCHES["memory_manager"] = Bench(top="tb_manager", module="verif.unit.bench_memory_manager")
BENCHES["memory_manager_17"] = replace(
    BENCHES["memory_manager"], parameters={"NumPea": 17, "AmemBeats": 1024}
)
