"""Makes simulation executables, each once.

Builds are kept under ``sim_build/`` by a hash of all that goes into them; a lock keeps two
processes from making the same one.
"""

import fcntl
import hashlib
import json
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cocotb_tools import config

from verif.build_spec import ROOT, Build
from verif.results import tail
from verif.simulators import build_commands, build_environment, generated_files, tool_versions

__all__ = ["SIM_BUILD", "BuildError", "build", "shown"]

SIM_BUILD = ROOT / "sim_build"
"""Folder of all builds, runs and results."""

KEPT = ("sim", "sim.vvp", "build.log")


class BuildError(RuntimeError):
    """A build failed; the message ends with the last lines of its log and the log's path."""


def build(spec: Build) -> Path:
    """Build ``spec`` unless it is built already; return the folder that holds the executable.

    The folder's name holds a hash of all that goes into the build (sources, commands, tools), and
    it gets that name only when the build is complete.

    Raises:
        BuildError: a build command failed.
        ToolError: a tool is missing or too old.
    """
    commands = build_commands(spec)
    name = f"{spec.top}-{spec.sim}-{spec.kind}-{_digest(spec, commands)}"
    done, partial = SIM_BUILD / name, SIM_BUILD / f"{name}.partial"
    if done.is_dir():
        return done
    with _lock(SIM_BUILD / ".locks" / name):
        if done.is_dir():
            return done
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for file, text in generated_files(spec).items():
            (partial / file).write_text(text, encoding="utf-8")
        env = build_environment(spec, cache=SIM_BUILD / ".ccache")
        log = partial / "build.log"
        for command in commands:
            _logged(command, log=log, cwd=partial, env=env)
        # The rest is large and never used again: builds are not incremental.
        for file in partial.iterdir():
            if file.is_dir():
                shutil.rmtree(file)
            elif file.name not in KEPT:
                file.unlink()
        partial.rename(done)
    return done


def _digest(spec: Build, commands: list[list[str]]) -> str:
    """Hash commands, tool versions and the content of everything the build reads."""
    digest = hashlib.sha256()
    facts = [commands, tool_versions(spec), generated_files(spec), str(config.libs_dir)]
    digest.update(json.dumps(facts).encode())
    included = (
        file
        for folder in spec.include_dirs()
        for file in sorted(folder.rglob("*"))
        if file.suffix in (".sv", ".svh", ".v", ".vh")
    )
    for file in (*spec.files(), *included):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _logged(command: list[str], *, log: Path, cwd: Path, env: dict[str, str]) -> None:
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {shlex.join(command)}\n")
        stream.flush()
        done = subprocess.run(command, cwd=cwd, env=env, stdout=stream, stderr=stream, check=False)
    if done.returncode != 0:
        raise BuildError(
            f"{Path(command[0]).name} ended with exit code {done.returncode}\n"
            f"{tail(log)}\n--- whole log: {shown(log)}"
        )


def shown(path: Path) -> str:
    """Return ``path`` as messages show it: from the repository's root where possible."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
