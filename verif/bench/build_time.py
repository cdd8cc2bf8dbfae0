"""Time to build the chip's simulation, from clean and after an edit of one file."""

import os
import shutil
import time
from dataclasses import replace
from pathlib import Path

from models.chip.params import ChipParams
from verif.build_spec import LINT_WAIVERS, ROOT, RTL_LIST, Build, read_filelist
from verif.builder import build
from verif.chip_build import chip_build

__all__ = ["EDITED", "measure_builds"]

EDITED = (
    "top/run_control.sv",
    "mem/memory_manager.sv",
    "ppu/ppu_control.sv",
    "core/aqs_gemm_core.sv",
    "pea/pea.sv",
    "pea/dynamic_scheduler.sv",
    "common/stream_fifo.sv",
)
"""Files edited in turn: of one instance, of one a PEA, and one that is everywhere."""

PROBE = """
  logic [7:0] edited_q;
  always_ff @(posedge clk_i) edited_q <= !rst_ni ? '0 : edited_q + 8'd1;
  always_ff @(posedge clk_i) if (edited_q == 8'd255 && !rst_ni) $display("edited");
endmodule"""


def _chip_of(rtl: Path) -> Build:
    """The chip's build on a copy of `rtl/`."""
    spec = chip_build(ChipParams())
    files = (LINT_WAIVERS, *read_filelist()[0])
    copies = (rtl / file.relative_to(RTL_LIST.parent) for file in files)
    return replace(
        spec,
        rtl=False,
        sources=(*copies, *(ROOT / source for source in spec.sources)),
        includes=(rtl / "common",),
    )


def _seconds(rtl: Path) -> float:
    start = time.perf_counter()
    folder = build(_chip_of(rtl))
    took = time.perf_counter() - start
    shutil.rmtree(folder)
    return took


def measure_builds(workdir: Path) -> tuple[float, dict[str, float]]:
    """Build the 16-PEA chip with an empty compiler cache, then once after each edit.

    Returns:
        seconds from clean; seconds by edited file.

    Raises:
        BuildError: a build failed.
        ToolError: a tool is missing.
    """
    shutil.rmtree(workdir, ignore_errors=True)
    rtl = workdir / "rtl"
    shutil.copytree(RTL_LIST.parent, rtl)
    os.environ["CCACHE_DIR"] = str(workdir / "cache")
    clean = _seconds(rtl)
    edits = {}
    for name in EDITED:
        file = rtl / name
        text = file.read_text(encoding="utf-8")
        head, _, tail = text.rpartition("endmodule")
        file.write_text(head + PROBE + tail, encoding="utf-8")
        edits[name] = _seconds(rtl)
        file.write_text(text, encoding="utf-8")
    del os.environ["CCACHE_DIR"]
    return clean, edits
