"""Run one cocotb module once: the command that a failing run prints to be repeated.

Example:
    .venv/bin/python -m verif.run_test --top tb_pea --source verif/tb/tb_pea.sv \\
        --module verif.unit.cocotb_pea --seed 1 --waves
"""

import argparse
import sys

from models.errors import PanaceaError
from verif.build_spec import KINDS, SIMULATORS, Build
from verif.runner import BuildError, run
from verif.toolchain.tools import ToolError

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="verif.run_test", description="Run one cocotb module.")
    add = parser.add_argument
    add("--sim", choices=SIMULATORS, default="verilator")
    add("--top", required=True, help="top module")
    add("--source", action="append", default=[], metavar="FILE", help="testbench file")
    add("--no-rtl", action="store_true", help="leave out the files of rtl/rtl.f")
    add("--include", action="append", default=[], metavar="FOLDER")
    add("--block", action="append", default=[], metavar="MODULE", help="compile it once only")
    add("--parameter", action="append", type=_pair, default=[], metavar="NAME=VALUE")
    add("--define", action="append", type=_pair, default=[], metavar="NAME=VALUE")
    add("--kind", choices=KINDS, default="speed", help="kind of build")
    add("--waves", action="store_true", help="record waves.fst in the run's folder")
    add("--module", required=True, help="Python module with the cocotb tests")
    add("--testcase", help="run this test of the module only")
    add("--seed", type=int, help="seed of all randomness (default: drawn)")
    add("--plusarg", action="append", default=[], metavar="+NAME[=VALUE]")
    add("--env", action="append", type=_pair, default=[], metavar="NAME=VALUE")
    add("--timeout", type=float, default=900.0, metavar="SECONDS")
    add("--memory", type=int, metavar="MIB", help="limit on memory (default: none)")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 when the run passed, 1 when not, 2 when it could not run."""
    options = _parser().parse_args(arguments)
    try:
        spec = Build(
            top=options.top,
            sources=tuple(options.source),
            rtl=not options.no_rtl,
            includes=tuple(options.include),
            parameters=dict(options.parameter),
            blocks=tuple(options.block),
            defines=dict(options.define),
            sim=options.sim,
            kind=options.kind,
            waves=options.waves,
        )
        result = run(
            spec,
            test_module=options.module,
            testcase=options.testcase,
            seed=options.seed,
            plusargs=tuple(options.plusarg),
            env=dict(options.env),
            timeout=options.timeout,
            memory_mb=options.memory,
        )
    except (BuildError, PanaceaError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if result.passed:
        print(result.report())
    return 0 if result.passed else 1


if __name__ == "__main__":
    sys.exit(main())
