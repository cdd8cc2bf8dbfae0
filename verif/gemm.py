"""Multiplies the matrices of a file on the simulated core.

Example:
    .venv/bin/python -m verif.gemm --in case.npz --out result.npz --stall 0.2

IN holds integer arrays `w` (M, K), `x` (K, N), optionally `bias` (M,), and the optional integer
scalars `w_bits` (7; or 4, 10), `x_bits` (8; or 4, 12), `zp` (0; as the layer uses it: r = zp >> l)
and `dbs_type` (1; or 2, 3 for 8-bit x: l = 3 + dbs_type). OUT gets `y` int32 (M, N), read from the
core; `cycles`; `bound_cycles`, the physical limit of the same work; `outer_products` issued by the
core (HH, HL, LH, LL; padding to whole tiles included); `stored_w` and `stored_x`, the fractions of
high-order vectors stored.
Icarus simulates a reduced core of 4 PEAs: same y, other cycles.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from models.aqs_gemm import gemm_exact
from models.bound import layer_bound
from models.errors import PanaceaError
from models.params import CoreParams
from models.slicing import effective_activation
from models.tiling import dtp_auto
from verif.build_spec import SIMULATORS
from verif.builder import BuildError
from verif.core_build import REDUCED
from verif.env.outcome import PRODUCTS
from verif.gemm_file import read_case, write_result
from verif.runner import SimulationError
from verif.simulate import new_run_folder, simulate_layers
from verif.toolchain.tools import ToolError

__all__ = ["main"]

SLOWEST_CYCLES_PER_SECOND = 300  # of any simulation; decides when one is given up


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verif.gemm", description="Multiply the matrices of a file on the simulated core."
    )
    add = parser.add_argument
    # An empty make variable leaves an option without a value: it means the default.
    empty = {"nargs": "?", "const": "", "default": ""}
    add("--in", dest="source", required=True, metavar="FILE", help="npz: w, x, bias, w_bits, ...")
    add("--out", required=True, metavar="FILE", help="npz to write: y, cycles, ...")
    add("--sim", **empty, help="verilator (default) or icarus (reduced core)")
    add("--dtp", **empty, help="double tile processing: 0, 1 or auto (default)")
    add("--seed", **empty, help="seed of the pauses, default 1")
    add("--stall", **empty, help="probability of a pause in each stream, 0 (default) to <1")
    add("--waves", action="store_true", help="record waves.fst")
    return parser


def _number(name: str, text: str, kind: type, default: float) -> float:
    """An option's value; an empty one (an unset make variable) means the default."""
    try:
        return kind(text) if text else default
    except ValueError:
        raise PanaceaError(f"{name} = {text!r} is not a number") from None


def _run(options: argparse.Namespace) -> None:
    sim = options.sim or "verilator"
    if sim not in SIMULATORS:
        raise PanaceaError(f"sim = {sim!r} is not one of {', '.join(SIMULATORS)}")
    if options.dtp not in ("", "0", "1", "auto"):
        raise PanaceaError(f"dtp = {options.dtp!r} is not 0, 1 or auto")
    seed = int(_number("seed", options.seed, int, 1))
    stall = float(_number("stall", options.stall, float, 0.0))
    if not 0.0 <= stall < 1.0:
        raise PanaceaError(f"stall = {stall} is outside 0 <= stall < 1")
    out = Path(options.out)
    if not out.parent.is_dir():
        raise PanaceaError(f"out = {out}: folder {out.parent} does not exist")
    if out.is_dir():
        raise PanaceaError(f"out = {out} is a folder")
    case = read_case(Path(options.source))
    params = CoreParams() if sim == "verilator" else REDUCED
    if options.dtp in ("0", "1"):
        dtp = options.dtp == "1"
    else:
        dtp = dtp_auto(case.w, case.config, params, dense=None)
    bound = layer_bound(case.w, case.x, case.config, params, dtp)
    workdir = new_run_folder("gemm")
    (result,) = simulate_layers(
        [case],
        params=params,
        sim=sim,
        dtp=int(dtp),
        stall=stall,
        seed=seed,
        waves=options.waves,
        workdir=workdir,
        timeout=900 + bound.cycles / (1.0 - stall) ** 2 / SLOWEST_CYCLES_PER_SECOND,
    )
    expected = gemm_exact(case.w, effective_activation(case.x, case.config), case.bias)
    wrong = np.argwhere(result.y != expected)
    if len(wrong) or result.mismatches:
        at = tuple(wrong[0].tolist()) if len(wrong) else ()
        first = f"y{list(at)} = {result.y[at]}, model {expected[at]}; " if at else ""
        raise SimulationError(f"{len(wrong)} elements of y are wrong: {first}log {workdir}/sim.log")
    write_result(
        out,
        y=result.y,
        cycles=np.int64(result.cycles),
        bound_cycles=np.float64(bound.cycles),
        outer_products=np.array([result.outer_products[kind] for kind in PRODUCTS], np.int64),
        stored_w=np.float64(bound.stored_w),
        stored_x=np.float64(bound.stored_x),
    )
    m, k, n = *case.w.shape, case.x.shape[1]
    print(
        f"{m}x{k}x{n} on {params.num_pea} PEAs, DTP {'on' if dtp else 'off'}: y equals the model, "
        f"{result.cycles} cycles, {result.cycles / bound.cycles:.3f} of the bound; wrote {out}"
    )
    if options.waves:
        print(f"waves: {workdir / 'waves.fst'} (open with: gtkwave {workdir / 'waves.fst'})")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if OUT was written, 1 for wrong results, 2 for bad input."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (BuildError, SimulationError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
