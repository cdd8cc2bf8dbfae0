"""The runner works on both simulators, and everything that can go wrong in a run is a failure."""

import shlex
import subprocess
import threading
from pathlib import Path

import pytest

from models.errors import PanaceaError
from verif import builder
from verif.build_spec import ROOT, Build, read_filelist
from verif.runner import BuildError, RunResult, SimulationError, ToolError, build, run
from verif.simulators import build_environment

DATA = "verif/tests/data"
MODULE = "verif.tests.data.cocotb_counter"
BOTH = pytest.mark.parametrize("sim", ["verilator", "icarus"])


def counter(sim: str, **changes) -> Build:
    sources = (f"{DATA}/counter.vlt", f"{DATA}/counter.sv")
    return Build(**{"top": "counter", "sources": sources, "rtl": False, "sim": sim} | changes)


def run_counter(sim: str, testcase: str | None = "counts", **options) -> RunResult:
    options = {"test_module": MODULE, "seed": 7, "timeout": 60.0} | options
    return run(counter(sim), testcase=testcase, **options)


@BOTH
def test_passing_run(sim, tmp_path):
    result = run_counter(sim, workdir=tmp_path)
    assert result.passed and result.reason == "" and result.check() is result
    assert [case.name for case in result.cases] == [f"{MODULE}.counts"]
    assert result.cases[0].sim_time_ns == 165
    assert result.results_xml == tmp_path / "results.xml"
    assert "seed: 7\n" in result.log.read_text()


@BOTH
def test_drawn_seed_is_reported_and_differs(sim):
    first, second = run_counter(sim, seed=None), run_counter(sim, seed=None)
    assert first.passed and second.passed and first.seed != second.seed
    assert f"--seed {first.seed}" in first.command
    assert first.workdir != second.workdir


@BOTH
def test_failing_test_prints_the_command_that_repeats_it(sim, capsys):
    result = run_counter(sim, "miscounts")
    assert not result.passed
    assert "1 of 1 tests failed" in result.reason and "wrong on purpose" in result.reason
    assert f"reproduce: {result.command}\n" in capsys.readouterr().out
    with pytest.raises(SimulationError, match="wrong on purpose"):
        result.check()

    repeated = subprocess.run(
        shlex.split(result.command), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert repeated.returncode == 1
    assert f"FAIL: {result.reason}\n  seed: 7\n" in repeated.stdout


@BOTH
@pytest.mark.parametrize(
    ("plusarg", "module", "testcase", "reason"),
    [
        ("+fatal", MODULE, "counts", "error in the HDL: .*counter.sv:.*count 10"),
        ("+error", MODULE, "counts", "error in the HDL: .*counter.sv:.*count 10"),
        ("+none", MODULE, "nonesuch", "no test ran"),
        ("+none", "verif.tests.data.cocotb_empty", None, "no test ran .*No tests were discovered"),
        ("+none", "verif.tests.data.nonesuch", None, "no test ran .*No module named"),
        ("+none", MODULE, "aborts", "killed by signal 6"),
    ],
)
def test_failures(sim, plusarg, module, testcase, reason):
    result = run_counter(sim, testcase, test_module=module, plusargs=(plusarg,))
    assert not result.passed
    with pytest.raises(SimulationError, match=reason):
        result.check()


@BOTH
def test_timeout(sim):
    result = run_counter(sim, "never_ends", timeout=2.0)
    assert result.reason == "timeout: the simulation was stopped after 2 s"


def test_memory_limit():
    result = run_counter("icarus", "never_ends", memory_mb=1)
    assert result.reason == "memory: the simulation was stopped at its limit of 1 MiB"
    assert result.peak_mb > 1 and "--memory 1 " in result.command


@BOTH
def test_compile_error_names_the_line_and_the_log(sim, tmp_path, monkeypatch):
    monkeypatch.setattr(builder, "SIM_BUILD", tmp_path)
    spec = counter(sim, top="broken", sources=(f"{DATA}/broken.sv",))
    for _ in range(2):  # a half-done build is not taken for a build the second time either
        with pytest.raises(BuildError, match=r"(?s)broken\.sv:8.*whole log: .*build\.log"):
            build(spec)


def test_build_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setattr(builder, "SIM_BUILD", tmp_path)
    commands = []
    logged = builder._logged

    def counted(command, **options):
        commands.append(command)
        logged(command, **options)

    monkeypatch.setattr(builder, "_logged", counted)
    threads = [threading.Thread(target=build, args=(counter("icarus"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(commands) == 1
    first = build(counter("icarus"))
    assert len(commands) == 1
    assert build(counter("icarus", parameters={"Modulus": 5})) != first
    assert build(counter("icarus", waves=True)) != first
    assert len(commands) == 3


def test_changed_source_is_built_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(builder, "SIM_BUILD", tmp_path / "builds")
    source = tmp_path / "counter.sv"
    text = (ROOT / DATA / "counter.sv").read_text()
    source.write_text(text)
    spec = counter("icarus", sources=(source,))
    first = build(spec)
    source.write_text(text.replace("32'd10", "32'd11"))
    assert build(spec) != first


@BOTH
def test_parameters_reach_the_top(sim):
    spec = counter(sim, parameters={"Modulus": 5})
    assert run(spec, test_module=MODULE, testcase="counts", env={"MODULUS": "5"}).passed


@BOTH
def test_waves(sim):
    result = run(counter(sim, waves=True), test_module=MODULE, testcase="counts")
    assert result.passed and (result.workdir / "waves.fst").stat().st_size > 0


@pytest.mark.parametrize(("kind", "left"), [("coverage", "coverage.dat"), ("random_x", "sim.log")])
def test_kinds_of_build(kind, left):
    result = run(counter("verilator", kind=kind), test_module=MODULE, testcase="counts")
    assert result.passed and (result.workdir / left).stat().st_size > 0


@pytest.mark.parametrize(("sim", "tool"), [("icarus", "iverilog"), ("verilator", "make")])
def test_missing_tool(sim, tool, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=f"{tool}: not found on PATH; run 'make setup'"):
        build(counter(sim))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sim", "vcs"),
        ("kind", "slow"),
        ("kind", "coverage"),  # Icarus has none
        ("sources", ("verif/nonesuch.sv",)),
    ],
)
def test_build_fields_are_checked(field, value):
    with pytest.raises(PanaceaError, match=field):
        counter(**{"sim": "icarus"} | {field: value})


@pytest.mark.parametrize("seed", [0, -1, 2**31])
def test_seed_range(seed):
    with pytest.raises(PanaceaError, match=f"seed: {seed} is outside"):
        run_counter("icarus", seed=seed)


def test_filelist(tmp_path):
    path = tmp_path / "rtl.f"
    path.write_text(f"# comment\n\n{DATA}/counter.sv // the counter\n")
    (tmp_path / "macros.svh").touch()
    assert read_filelist(path) == ((ROOT / DATA / "counter.sv",), (tmp_path,))
    path.write_text("rtl/nonesuch.sv\n")
    with pytest.raises(PanaceaError, match=r"nonesuch\.sv does not exist"):
        read_filelist(path)
    with pytest.raises(PanaceaError, match="does not exist"):
        read_filelist(Path(tmp_path / "other.f"))


def test_the_compiler_cache_notices_a_header_that_hides_verilators(tmp_path):
    """Alone it would not: what it finds the second time was compiled with the hidden one."""
    theirs, ours = tmp_path / "include", tmp_path / "build"
    for folder, value in ((theirs, 1), (ours, 2)):
        folder.mkdir()
        (folder / "verilated_cov.h").write_text(f"int value = {value};\n", encoding="utf-8")
    (ours / "main.cpp").write_text('#include "verilated_cov.h"\n', encoding="utf-8")
    env = build_environment(counter("verilator", kind="toggle"), cache=tmp_path / "cache")
    command = ["ccache", "g++", "-I.", f"-I{theirs}", "-S", "main.cpp", "-o", "main.s"]

    def compiled() -> str:
        subprocess.run(command, cwd=ours, env=env, check=True)
        return (ours / "main.s").read_text(encoding="utf-8")

    header = (ours / "verilated_cov.h").rename(tmp_path / "kept")
    hidden = compiled()
    header.rename(ours / "verilated_cov.h")
    assert ".long\t1" in hidden and ".long\t2" in compiled()
