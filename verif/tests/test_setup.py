"""The set-up says what is missing, does nothing twice, and the Makefile refuses nonsense.

``setup.sh`` is copied into a folder of its own, with a PATH made of chosen programs.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from verif.build_spec import ROOT
from verif.toolchain import __main__ as check
from verif.toolchain.tools import ToolError
from verif.toolchain.verilator import VERILATOR_VERSION, coverage_header

INPUTS = ("requirements.txt", "requirements-workloads.txt", "verif/toolchain/setup.sh")
BASE = "bash cat dirname env flock head mktemp rm sed sha256sum sort tail".split()
TOOLS = "ar berkeley-abc ccache chromium-headless-shell g++ genhtml iverilog make".split()


def without(*names: str) -> list[str]:
    """TOOLS but these."""
    return [name for name in TOOLS if name not in names]


class Sandbox:
    """A copy of what the set-up reads, and a PATH with stand-ins for system programs."""

    def __init__(self, folder: Path, *, tools: list[str], user: int = 1000) -> None:
        self.repo, self.bin = folder / "repo", folder / "bin"
        self.bin.mkdir()
        for name in INPUTS:
            (self.repo / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.repo / name)
        for name in BASE + tools:
            (self.bin / name).symlink_to(shutil.which(name))
        self.script("id", f"echo {user}")

    def script(self, name: str, body: str) -> Path:
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        env = {"PATH": str(self.bin), "HOME": str(self.bin), "BASE_PYTHON": sys.executable} | env
        command = [self.repo / INPUTS[2], *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def mark_done(self) -> None:
        (self.repo / ".venv" / "bin").mkdir(parents=True)
        (self.repo / ".venv" / "bin" / "python").symlink_to(sys.executable)
        digest = hashlib.sha256(b"".join((self.repo / name).read_bytes() for name in INPUTS))
        (self.repo / ".venv" / ".setup-stamp").write_text(f"{digest.hexdigest()}  -\n")


def test_nothing_to_do(tmp_path):
    """No delay worth noticing: Python starts once, empty, and nothing else does."""
    box = Sandbox(tmp_path, tools=TOOLS)
    box.mark_done()
    python, calls = box.repo / ".venv" / "bin" / "python", tmp_path / "calls"
    python.unlink()
    python.symlink_to(box.script("python", f'echo "$@" >>{calls}'))
    done = box.run()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert calls.read_text() == "-c \n"


def test_synthesis_asks_for_more(tmp_path):
    """What only `make synth` needs is asked for by it alone."""
    box = Sandbox(tmp_path, tools=TOOLS)
    box.mark_done()
    assert box.run().returncode == 0
    done = box.run("synth")
    assert done.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends opensta" in done.stderr


def test_changed_requirements_are_noticed(tmp_path):
    box = Sandbox(tmp_path, tools=TOOLS)
    box.mark_done()
    box.script("iverilog", 'echo "Icarus Verilog version 10.3 (stable)"')
    assert box.run().returncode == 0
    with (box.repo / "requirements.txt").open("a") as stream:
        stream.write("# changed\n")
    done = box.run()
    assert done.returncode == 1
    assert done.stderr == "setup: iverilog: found version 10.3, needed 11 or newer\n"


def test_path_with_a_space(tmp_path):
    (tmp_path / "a b").mkdir()
    done = Sandbox(tmp_path / "a b", tools=TOOLS).run()
    assert done.returncode == 1 and "contains a space" in done.stderr


def test_missing_packages_without_root(tmp_path):
    done = Sandbox(tmp_path, tools=without("ccache", "iverilog")).run()
    assert done.returncode == 1
    commands = [line for line in done.stderr.splitlines() if "apt-get" in line]
    assert [line.strip() for line in commands] == [
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends iverilog ccache"
    ]


def test_missing_packages_with_root(tmp_path):
    box = Sandbox(tmp_path, tools=[*without("iverilog"), "chmod"], user=0)
    fake = 'printf "#!/bin/bash\\necho Icarus Verilog version 9.7\\n"'
    iverilog = box.bin / "iverilog"
    box.script(
        "apt-get",
        f'echo "$@" >>{tmp_path}/calls; [ "$1" = update ] || {{ {fake} >{iverilog}; '
        f"chmod +x {iverilog}; }}",
    )
    done = box.run()
    assert (tmp_path / "calls").read_text() == (
        "update\ninstall -y --no-install-recommends iverilog\n"
    )
    # The stand-in is too old: the set-up stops before it makes an environment.
    assert done.returncode == 1 and "iverilog: found version 9.7, needed 11" in done.stderr


def test_installation_that_fails(tmp_path):
    box = Sandbox(tmp_path, tools=without("iverilog"), user=0)
    box.script("apt-get", 'echo "no network"; exit 100')
    done = box.run()
    assert done.returncode == 1
    assert "no network" in done.stderr and "could not be installed" in done.stderr


def test_old_python(tmp_path):
    box = Sandbox(tmp_path, tools=TOOLS)
    old = box.script("python3", "echo 3.9.2")
    done = box.run(BASE_PYTHON=str(old))
    assert done.returncode == 1
    assert "python3: found version 3.9.2, needed 3.11 or newer" in done.stderr


def test_installed_tools_are_checked(capsys, tmp_path, monkeypatch):
    assert check.main() == 0
    assert VERILATOR_VERSION in capsys.readouterr().out
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check.main() == 1
    assert "iverilog: not found on PATH" in capsys.readouterr().err


def test_verilator_version_is_the_required_one():
    assert f"verilator=={VERILATOR_VERSION}\n" in (ROOT / "requirements.txt").read_text()


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory", "-C", ROOT, *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_make_refuses_an_unknown_simulator():
    done = make("help", "SIM=vcs")
    assert done.returncode == 2
    assert "SIM=vcs: not a simulator" in done.stderr and "SIM=icarus" in done.stderr


@pytest.mark.parametrize("target", ["all", "setup", "test", "gemm", "bench", "lint", "clean"])
def test_make_help_lists_every_target(target):
    assert f"  make {target} " in make("help").stdout


def test_header_that_is_not_the_wrong_one_is_refused(tmp_path) -> None:
    header = tmp_path / "include" / "verilated_cov.h"
    header.parent.mkdir()
    header.write_text("// right by now\n")
    with pytest.raises(ToolError, match="not the header of Verilator"):
        coverage_header(tmp_path)
