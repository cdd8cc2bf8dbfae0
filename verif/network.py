"""Runs a real network on the simulated chip, every layer checked.

Example:
    .venv/bin/python -m verif.network --net minilm --tokens 32

`minilm`: three sentences through all fully connected layers of the encoder; their similarities
beside float32's. `smollm2`: a text through the decoder; the next token. The texts run side by
side. What does not run on the chip, the integer model computes: of SmolLM2 all blocks but two, if
nothing else is asked for. Icarus simulates a small chip and a corner of each layer of one block.
"""

import argparse
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from models.chip.params import ChipParams
from models.errors import PanaceaError
from verif.build_spec import SIMULATORS
from verif.builder import BuildError, build
from verif.chip_build import SMALL_CHIP, chip_build
from verif.network_record import LayerRecord, read_records
from verif.network_tasks import NETWORKS, TaskOptions, make_tasks, verdict_lines
from verif.runner import RunResult, SimulationError, run
from verif.simulate import new_run_folder
from verif.tests_chip.base import ChipTestConfig
from verif.tests_chip.networks import RECORDS_FILE, RESULT_FILE
from verif.toolchain.tools import ToolError

__all__ = ["main"]

PROCESSES = 2
TIMEOUT = 7200.0
CORNER = (16, 4)  # rows and columns of every layer on Icarus
CORNER_BLOCKS = "1"
FEW_BLOCKS = 2  # are simulated before a chip that simulates quicker is built

HEADER = (
    f"{'layer':<26} {'M x K x N':>13}  w  x DBS  r {'x skip':>6} {'w skip':>6} DTP "
    f"{'cycles':>8} {'core':>8} {'bus':>8} {'/bound':>6} {'read':>9} {'written':>8} wrong"
)


def _row(r: LayerRecord) -> str:
    size = f"{r.m}x{r.k}x{r.n}"
    return (
        f"{r.name:<26} {size:>13} {r.w_bits:>2} {r.x_bits:>2}  {r.dbs_type}  {r.r:>2} "
        f"{r.x_skipped:>6.1%} {r.w_skipped:>6.1%} {'on ' if r.dtp else 'off'} {r.cycles:>8} "
        f"{r.compute_cycles:>8.0f} {r.memory_cycles:>8.0f} {r.cycles / r.bound:>6.3f} "
        f"{r.bytes_read:>9} {r.bytes_written:>8} {r.wrong:>5}"
    )


def _summary(records: list[LayerRecord]) -> str:
    cycles = sum(r.cycles for r in records)
    bound = sum(r.bound for r in records)
    skipped = np.mean([r.x_skipped for r in records])
    return (
        f"{len(records)} layers: {cycles} cycles, {cycles / bound:.3f} of the bound "
        f"(larger of core and bus, layer by layer); mean activation vectors skipped {skipped:.1%}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verif.network", description="Run a real network on the simulated chip."
    )
    add = parser.add_argument
    # An empty make variable leaves an option without a value: it means the default.
    empty = {"nargs": "?", "const": "", "default": ""}
    add("--net", **empty, help=f"{' or '.join(NETWORKS)}; default {NETWORKS[0]}")
    add("--tokens", **empty, help="tokens of each text; default: the network's own example")
    add(
        "--layers",
        **empty,
        help="blocks on the chip, N or FIRST-LAST; default: all, of smollm2 two",
    )
    add("--sim", **empty, help="verilator (default) or icarus (small chip, corners of layers)")
    add("--seed", **empty, help="draws texts and pauses, default 1")
    add("--stall", **empty, help="probability of a pause in each memory channel, 0 to <1")
    add("--waves", action="store_true", help="record waves.fst")
    return parser


def _integer(name: str, text: str) -> int | None:
    """An option's value, None if it is empty."""
    if text and not text.isdecimal():
        raise PanaceaError(f"{name} = {text!r} is not a whole number")
    return int(text) if text else None


def _watch(futures: list[Future], workdirs: list[Path]) -> None:
    """Print a line for every finished layer until all simulations have ended."""
    shown, start = [0] * len(workdirs), time.monotonic()
    running = True
    while running:
        running = not all(future.done() for future in futures)
        for i, workdir in enumerate(workdirs):
            for record in read_records(workdir / RECORDS_FILE)[shown[i] :]:
                shown[i] += 1
                elapsed = time.monotonic() - start
                print(f"[text {i + 1}] {elapsed:5.1f} s  {record.name}", flush=True)
        if running:
            time.sleep(0.2)


def _run(arguments: argparse.Namespace) -> bool:
    sim = arguments.sim or SIMULATORS[0]
    if sim not in SIMULATORS:
        raise PanaceaError(f"sim = {sim!r} is not one of {', '.join(SIMULATORS)}")
    try:
        stall = float(arguments.stall or 0.0)
    except ValueError:
        raise PanaceaError(f"stall = {arguments.stall!r} is not a number") from None
    if not 0.0 <= stall < 1.0:
        raise PanaceaError(f"stall = {stall} is outside 0 <= stall < 1")
    seed = _integer("seed", arguments.seed)
    reduced = sim == "icarus"
    task_options = TaskOptions(
        net=arguments.net or NETWORKS[0],
        tokens=_integer("tokens", arguments.tokens),
        layers=arguments.layers or (CORNER_BLOCKS if reduced else ""),
        seed=1 if seed is None else seed,
    )
    print(f"{task_options.net}: weights, calibrated formats", flush=True)
    tasks = make_tasks(task_options)[: 1 if reduced else None]
    params = SMALL_CHIP if reduced else ChipParams()
    flat = len(tasks[0].blocks) > FEW_BLOCKS
    spec = chip_build(params, sim=sim, waves=arguments.waves, flat=flat)
    print(f"building the chip for {sim}, {params.core.num_pea} PEAs (minutes, once)", flush=True)
    build(spec)

    workdirs = [new_run_folder("network") for _ in tasks]
    start = time.monotonic()
    with ThreadPoolExecutor(PROCESSES) as pool:
        futures: list[Future[RunResult]] = []
        for number, workdir in enumerate(workdirs):
            options = {
                "task": asdict(task_options),
                "number": number,
                "stall": stall,
                "corner": CORNER if reduced else None,
            }
            futures.append(
                pool.submit(
                    run,
                    spec,
                    test_module="verif.tests_chip.networks",
                    seed=task_options.seed,
                    env=ChipTestConfig(params=params, options=options).environment(),
                    workdir=workdir,
                    timeout=TIMEOUT,
                )
            )
        _watch(futures, workdirs)
        results = [future.result() for future in futures]
    elapsed = time.monotonic() - start

    wrong = 0
    for task, workdir in zip(tasks, workdirs, strict=True):
        records = read_records(workdir / RECORDS_FILE)
        print(f"\n{task.name}, {len(task.ids)} tokens\n{HEADER}")
        print("\n".join(_row(record) for record in records))
        print(_summary(records))
        wrong += sum(record.wrong for record in records)
    print()
    for result in results:
        if not result.passed:
            raise SimulationError(result.report())
    got = [np.load(workdir / RESULT_FILE) for workdir in workdirs]
    print("\n".join(verdict_lines(task_options, tasks, got)))
    print(f"simulated in {elapsed:.1f} s with {PROCESSES} processes")
    if arguments.waves:
        for workdir in workdirs:
            print(f"waves: open with: gtkwave {workdir / 'waves.fst'}")
    print(f"{'FAIL' if wrong else 'PASS'}: every result of every layer compared, {wrong} wrong")
    return not wrong


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 if all results are right, 1 if not, 2 if it could not run."""
    options = _parser().parse_args(arguments)
    try:
        good = _run(options)
    except PanaceaError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (BuildError, SimulationError, ToolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
