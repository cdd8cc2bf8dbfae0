"""What is mapped: a module of the RTL with parameters, and how its area is told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT, read_filelist
from verif.formal.sources import needed_files

__all__ = ["CHIP", "CORE", "DESIGNS", "PEA", "PPU", "Design"]


@dataclass(frozen=True, kw_only=True)
class Design:
    """One netlist.

    Attributes:
        top: the module; also the netlist's name.
        parameters: of the top, those that are not the default.
        zero: inputs of the top that are always 0.
        without: modules below it that are left out, since they are designs of their own.
        fast: modules below it that limit the clock, mapped for few levels at the cost of area.
        products: modules below it with wide multipliers, in which no equal nets are searched: the
            proofs take more than minutes there.
        blocks: label and pattern of a block. A module belongs to the first block whose pattern is
            found in its name, `MODULE$INSTANCE.INSTANCE`; what fits none is the rest.
    """

    top: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    zero: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    fast: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    blocks: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> Path:
        """File of the top.

        Raises:
            PanaceaError: it is not in the source list.
        """
        for file in read_filelist()[0]:
            if file.stem == self.top:
                return file
        raise PanaceaError(f"top: {self.top} is not in the source list")

    def files(self) -> tuple[list[str], list[str]]:
        """Sources in compile order and include folders, relative to the repository's root."""
        below, includes = needed_files(self.source)
        files = (*below, self.source)
        return [str(f.relative_to(ROOT)) for f in files], [
            str(f.relative_to(ROOT)) for f in includes
        ]


PEA = Design(
    top="pea",
    fast=("dynamic_scheduler",),
    blocks={
        "multipliers (OPC)": r"^opc\$",
        "compensator": r"i_compensator",
        "CSBUF": r"i_csbuf",
        "S-ACC": r"^s_acc\$",
        "DWO and SWO, sums of products": r"^(dwo|swo|operator_array)\$",
        "partial-sum buffer": r"i_psum_buffer",
        "scheduler": r"_scheduler\$",
        "index decoder, weight loader": r"^(idxd|weight_loader)\$",
        "WBUF": r"^wbuf\$",
        "group buffer": r"^group_buffer\$",
    },
)
"""A processing element array of default size."""

CORE = Design(
    top="aqs_gemm_core",
    without=("pea",),
    blocks={
        "APSQ engine": r"i_apsq",
        "result merge": r"i_result_merge",
        "index decoder": r"^idxd\$",
        "global activation buffer": r"i_global_activation_buffer",
    },
)
"""The core's shared blocks."""

PPU = Design(
    top="ppu",
    products=("requantiser", "pwl"),
    blocks={
        "requantiser": r"^requantiser\$",
        "PWL function": r"^pwl\$",
        "grid rounding, slicer": r"^(grid_round|act_slicer)\$",
        "RLE, packets": r"^(rle_encoder|entry_packer|packetizer|raw_serialiser)\$",
    },
)
"""The post-processing unit."""

CHIP = Design(
    top="panacea_top",
    without=("aqs_gemm_core", "ppu"),
    blocks={
        "DMAs, AXI masters": r"_dma\$|^axi_|arbiter|burst_splitter|payload",
        "memory manager": r"i_memory_manager|i_wmem|replay",
        "registers, counters": r"csr|counters|axil",
        "controller": r"dispatcher|descriptor|run_control",
    },
)
"""What the chip has around core and PPU."""

DESIGNS = {design.top: design for design in (PEA, CORE, PPU, CHIP)}
"""By name of the top. Together they are the chip: 16 times the first, once the others."""
