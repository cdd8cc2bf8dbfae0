"""A netlist in the place of its module: the same benches, now on gates."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.params import CoreParams
from verif.build_spec import Build
from verif.core_build import core_build
from verif.layer_files import Case, load_results, save_cases
from verif.netlist.mapping import Netlist
from verif.planted.planting import with_copy
from verif.runner import RunResult, SimulationError, run
from verif.tests_core.base import TestConfig
from verif.tests_core.layers import RESULT_FILE

__all__ = ["ONE_PEA", "gate_build", "run_bench", "run_layers"]

ONE_PEA = CoreParams(num_pea=1)
"""A core around the one PEA that is mapped."""

WAVES = "activity.vcd"

_HEADER = re.compile(r"^module (\w+).*?^\);$", re.M | re.S)
_PORT = re.compile(r"^\s*(?:input|output)\s.*?(\w+),?\s*(?://.*)?$", re.M)

_LINT = """\
`verilator_config
// Generated code: an instance for each gate, and cells with pins that nothing uses.
lint_off -file "*/{folder}/*"
"""


def gate_build(build: Build, netlist: Netlist) -> Build:
    """The build with a netlist in the place of the module that it was mapped from.

    The module becomes a shell with the ports of old, which is refused in a size other than the
    netlist's.
    """
    folder = netlist.folder
    shell, lint = folder / f"{netlist.design.top}.sv", folder / "netlist.vlt"
    shell.write_text(_shell(netlist), encoding="utf-8")
    lint.write_text(_LINT.format(folder=folder.name), encoding="utf-8")
    gates = with_copy(build, netlist.design.source, shell)
    return replace(gates, sources=(lint, *netlist.sources(), *gates.sources), blocks=())


def _shell(netlist: Netlist) -> str:
    """The module's own header around an instance of the netlist."""
    text = netlist.design.source.read_text(encoding="utf-8")
    header = _HEADER.search(text)
    ports = ",\n".join(f"    .{port} ({port})" for port in _PORT.findall(header[0]))
    checks = "".join(
        f'  initial if ({name} != {value}) $fatal(1, "%m: mapped with {name} = {value}");\n'
        for name, value in netlist.design.parameters.items()
    )
    return (
        f"`default_nettype none\n\n{header[0]}\n\n  {netlist.name} i_netlist (\n{ports}\n  );\n"
        f"{checks}"
        f'  initial if ($test$plusargs("activity")) begin\n'
        f'    $dumpfile("{WAVES}");\n    $dumpvars(1, i_netlist);\n  end\n'
        f"\nendmodule\n\n`default_nettype wire\n"
    )


def run_bench(
    netlist: Netlist, sim: str, module: str, options: dict, *, seed: int, timeout: float = 900.0
) -> RunResult:
    """Run a test of the core with the netlist of a PEA in it; see `verif.runner.run`.

    Args:
        netlist: a mapped PEA.
        sim: `verilator` or `icarus`.
        module: of `verif.tests_core`.
        options: of the test.
        seed, timeout: of the run.
    """
    return run(
        gate_build(core_build(ONE_PEA, sim=sim), netlist),
        test_module=f"verif.tests_core.{module}",
        seed=seed,
        env=TestConfig(params=ONE_PEA, options=options).environment(),
        timeout=timeout,
    )


def run_layers(netlist: Netlist, cases: Sequence[Case], *, timeout: float = 900.0) -> Path:
    """Run layers on a netlist of a PEA, without pauses, and return the waves of its nets.

    Raises:
        SimulationError: a result is wrong, or the run failed.
    """
    workdir = netlist.folder / "layers"
    workdir.mkdir(exist_ok=True)
    save_cases(workdir / "cases.npz", cases)
    options = {"cases": str(workdir / "cases.npz"), "dtp": 0, "stall": 0.0}
    run(
        gate_build(core_build(ONE_PEA, sim="icarus"), netlist),
        test_module="verif.tests_core.layers",
        seed=1,
        # The simulator takes the last of its options for waves: VCD in place of none.
        plusargs=("+activity", "-vcd"),
        env=TestConfig(params=ONE_PEA, options=options).environment(),
        workdir=workdir,
        timeout=timeout,
    ).check()
    results = load_results(workdir / RESULT_FILE)
    if len(results) != len(cases) or any(result.mismatches for result in results):
        raise SimulationError(f"{workdir}: wrong results")
    return workdir / WAVES
