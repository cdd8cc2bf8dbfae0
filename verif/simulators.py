"""Command lines of the two simulators: how a design is built and how a build is run.

All build commands run inside the build's own folder, so that they do not depend on its name.
"""

import os
from pathlib import Path

from cocotb_tools import config

from verif.build_spec import COVERAGE_KINDS, Build
from verif.toolchain.tools import compiler_version, find_tool, iverilog_version
from verif.toolchain.verilator import coverage_header, find_verilator

__all__ = [
    "TIMESCALE",
    "build_commands",
    "build_environment",
    "generated_files",
    "run_command",
    "tool_versions",
]

TIMESCALE = "1ns/1ps"
MAKE_JOBS = 2

_TWO_STATE_FAST = ("--x-assign", "fast", "--x-initial", "fast")
_COVERAGE = (*_TWO_STATE_FAST, "--coverage-line", "--coverage-expr", "--coverage-user")
# By default Verilator leaves out signals of more than 256 bits.
_TOGGLE = ("--coverage-toggle", "--coverage-max-width", "4096")
# With coverage it watches arrays as a whole, so that chains through their elements look like loops.
_ARRAYS = ("-Wno-UNOPTFLAT",)
_KIND_FLAGS = {
    "speed": _TWO_STATE_FAST,
    "coverage": (*_COVERAGE, *_ARRAYS),
    # Toggle coverage alone makes a simulation many times slower: it has a kind of its own.
    "toggle": (*_COVERAGE, *_TOGGLE, *_ARRAYS),
    "random_x": ("--x-assign", "unique", "--x-initial", "unique"),
}

# Verilator does not connect a compiled block that has parameters unless a parameter file is named,
# be it empty (verilator/verilator issue 7009); and it takes paths through a block for loops.
_BLOCKS_FILE, _PARAMETERS_FILE = "blocks.vlt", "parameters.sv"
_BLOCK_FLAGS = ("--hierarchical", _BLOCKS_FILE, "--hierarchical-params-file", _PARAMETERS_FILE)
_BLOCK_FLAGS += ("-Wno-UNOPTFLAT",)

# Variables of an enclosing make or of the user's shell that would change a build unseen.
_UNWANTED = ("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "CXXFLAGS", "CPPFLAGS", "LDFLAGS", "LDLIBS")


def tool_versions(build: Build) -> list[str]:
    """Return the versions of everything that makes a build what it is."""
    if build.sim == "verilator":
        return [find_verilator().version, compiler_version()]
    return [iverilog_version()]


def generated_files(build: Build) -> dict[str, str]:
    """Return name and text of the files that a build needs besides its sources."""
    if build.sim == "verilator":
        if build.kind == "toggle":
            return {"verilated_cov.h": coverage_header(find_verilator().root)}
        if not _has_blocks(build):
            return {}
        blocks = "".join(f'hier_block -module "{name}"\n' for name in build.blocks)
        return {_BLOCKS_FILE: f"`verilator_config\n{blocks}", _PARAMETERS_FILE: "// none\n"}
    files = {"timescale.f": f"+timescale+{TIMESCALE}\n"}
    if build.waves:
        files["dump.sv"] = (
            f'module panacea_dump;\n  initial begin\n    $dumpfile("waves.fst");\n'
            f"    $dumpvars(0, {build.top});\n  end\nendmodule\n"
        )
    return files


def build_commands(build: Build) -> list[list[str]]:
    """Return the commands that build ``build`` in the current folder."""
    return _verilator_build(build) if build.sim == "verilator" else _icarus_build(build)


def build_environment(build: Build, *, cache: Path) -> dict[str, str]:
    """Return the environment of the build commands; ``cache`` is the compiler cache's folder."""
    env = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    if build.sim == "verilator":
        env["VERILATOR_ROOT"] = str(find_verilator().root)
        env.setdefault("CCACHE_DIR", str(cache))
        # A header in the build's folder hides Verilator's, which ccache would not notice.
        env["CCACHE_EXTRAFILES"] = ":".join(
            name for name in generated_files(build) if name.endswith(".h")
        )
        # The makefile that Verilator writes for blocks would call its Perl wrapper.
        binary = str(find_verilator().binary).replace(" ", "\\ ")
        env["MAKEFLAGS"] = f" -- VM_HIER_VERILATOR={binary}"
    return env


def run_command(
    build: Build, *, directory: Path, seed: int, plusargs: tuple[str, ...]
) -> list[str]:
    """Return the command that runs the build in ``directory`` once with ``seed``."""
    plusargs = (f"+seed={seed}", *plusargs)
    if build.sim == "icarus":
        return [
            str(find_tool("vvp")),
            "-m",
            str(config.lib_name_path("vpi", "icarus")),
            str(directory / "sim.vvp"),
            "-fst" if build.waves else "-none",
            *plusargs,
        ]
    command = [str(directory / "sim"), *plusargs]
    if build.waves:
        command += ["--trace", "--trace-file", "waves.fst"]
    if build.kind in COVERAGE_KINDS:
        command += ["--coverage-per-instance", "+verilator+coverage+file+coverage.dat"]
    if build.kind == "random_x":
        command += ["+verilator+rand+reset+2", f"+verilator+seed+{seed}"]
    return command


def _has_blocks(build: Build) -> bool:
    """Tell whether blocks are compiled once each: points of all instances would look alike."""
    return bool(build.blocks) and build.kind not in COVERAGE_KINDS


def _verilator_build(build: Build) -> list[list[str]]:
    tool = find_verilator()
    verilate = [str(tool.binary), "--cc", "--exe", "--assert"]
    verilate += ["-Mdir", ".", "--prefix", "Vtop", "--top-module", build.top, "-o", "sim"]
    verilate += ["--timescale", TIMESCALE, "-O3", *_KIND_FLAGS[build.kind]]
    # Several files compile in parallel; more of them would each read the same headers again.
    verilate += ["--output-split", "16000"]
    verilate += _BLOCK_FLAGS if _has_blocks(build) else ()
    verilate += ["--trace-fst", "--trace-structs"] if build.waves else []
    verilate += [f"-G{name}={value}" for name, value in build.parameters.items()]
    verilate += [f"-D{name}={value}" for name, value in build.defines.items()]
    verilate += [f"-I{path}" for path in build.include_dirs()]
    if not any(path.suffix == ".cpp" for path in build.files()):  # else it has its own main
        verilate += [
            "--vpi",
            "--timing",
            "-LDFLAGS",
            f"-Wl,-rpath,{config.libs_dir} -L{config.libs_dir} -lcocotbvpi_verilator",
            str(config.share_dir / "lib" / "verilator" / "verilator.cpp"),
        ]
    verilate += [str(path) for path in build.files()]
    makefile = "Vtop_hier.mk" if _has_blocks(build) else "Vtop.mk"
    make = [str(find_tool("make")), "-f", makefile, "-j", str(MAKE_JOBS), *tool.make_variables()]
    # -O3 here runs the core 4 % faster than -O1 and compiles for twice as long.
    make += ["OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O2"]
    return [verilate, make]


def _icarus_build(build: Build) -> list[list[str]]:
    command = [str(find_tool("iverilog")), "-g2012", "-o", "sim.vvp", "-s", build.top]
    command += ["-s", "panacea_dump"] if build.waves else []
    command += [f"-P{build.top}.{name}={value}" for name, value in build.parameters.items()]
    command += [f"-D{name}={value}" for name, value in build.defines.items()]
    command += [f"-I{path}" for path in build.include_dirs()]
    command += ["-f", "timescale.f"]
    command += [str(path) for path in build.files() if path.suffix != ".vlt"]
    command += ["dump.sv"] if build.waves else []
    return [command]
