"""OpenSTA on a netlist: the longest path, and what each gate uses when it changes.

The packaged version takes no measured activity of inner pins. But power is linear in the
activity: from two reports, without any change and with one a cycle everywhere, follows what a gate
uses for each of its changes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from verif.formal.process import run
from verif.netlist.library import find_analyser
from verif.netlist.mapping import Netlist, NetlistError
from verif.netlist.memory_library import memories, write_library

__all__ = ["PERIOD", "Timing", "gate_power", "longest_path", "read_gate_power", "read_timing"]

PERIOD = 20.0
"""ns: the clock's period where one has to be named, 50 MHz."""

_TIMING = """\
read_liberty {folder}/cells.lib
{memories}read_verilog {folder}/gates.v
link_design {name}
create_clock -name clk -period {period} [get_ports clk_i]
set_input_delay 0 -clock clk [all_inputs]
set_output_delay 0 -clock clk [all_outputs]
report_checks -path_delay max -digits 3 -no_line_splits
"""

_POWER = """\
read_liberty {folder}/cells.lib
read_verilog {folder}/logic.v
link_design {name}
create_clock -name clk -period {period} [get_ports clk_i]
set_input_delay 0 -clock clk [all_inputs]
set_power_activity -global -activity {changes} -duty 0.5
report_power -digits 10 -instances [get_cells *]
"""

_ARRIVAL = re.compile(r"^\s+([\d.]+)\s+data arrival time", re.M)
_SETUP = re.compile(r"^\s+-([\d.]+)\s+[-\d.]+\s+library setup time", re.M)
_ENDS = re.compile(r"^(Startpoint|Endpoint): (\S+)", re.M)
_STAGE = re.compile(r"^\s+[\d.]+\s+[\d.]+ [v^] \S+", re.M)
_GATE = re.compile(r"^\s*\S+\s+\S+\s+\S+\s+([\d.]+e[+-]\d+)\s+(\w+)\s*$", re.M)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """The longest path of a netlist.

    Attributes:
        period: shortest of the clock, in ns; clock and wires are ideal, inputs come with the clock
            and outputs are sampled by it.
        start, end: instances or ports.
        stages: pins on the path, one for each cell and memory that it passes.
    """

    period: float
    start: str
    end: str
    stages: int


def longest_path(netlist: Netlist) -> Timing:
    """Find the longest path.

    Raises:
        NetlistError: OpenSTA does not take the netlist.
        ToolError: there is no OpenSTA.
    """
    found = memories(netlist.folder)
    write_library(netlist.folder / "memories.lib", found)
    library = f"read_liberty {netlist.folder}/memories.lib\n" if found else ""
    return read_timing(_analyse(netlist, _TIMING, "timing", memories=library))


def gate_power(netlist: Netlist) -> dict[str, tuple[float, float]]:
    """Power of every gate at `PERIOD`, in W: without a change, and more for one change a cycle.

    The first is leakage, and the clock's pins of flip-flops. Memories and clock tree are in none.

    Raises:
        NetlistError, ToolError: as for `longest_path`.
    """
    still, busy = (
        read_gate_power(_analyse(netlist, _POWER, f"power{changes}", changes=changes))
        for changes in (0, 1)
    )
    return {name: (power, busy[name] - power) for name, power in still.items()}


def read_timing(report: str) -> Timing:
    """What a report of OpenSTA says of the longest path.

    Raises:
        NetlistError: it holds no path.
    """
    arrival, setup = _ARRIVAL.search(report), _SETUP.search(report)
    ends = dict(_ENDS.findall(report))
    if arrival is None or len(ends) != 2:
        raise NetlistError("no path in OpenSTA's report")
    return Timing(
        period=float(arrival[1]) + (float(setup[1]) if setup else 0.0),
        start=ends["Startpoint"],
        end=ends["Endpoint"],
        stages=len(_STAGE.findall(report)),
    )


def read_gate_power(report: str) -> Mapping[str, float]:
    """The total power of each instance of a report, in W.

    Raises:
        NetlistError: it holds none.
    """
    found = {name: float(value) for value, name in _GATE.findall(report)}
    if not found:
        raise NetlistError("no power in OpenSTA's report")
    return found


def _analyse(netlist: Netlist, script: str, task: str, **values: object) -> str:
    """Run OpenSTA; returns what it said."""
    file, log = netlist.folder / f"{task}.tcl", netlist.folder / f"{task}.log"
    values = {"folder": netlist.folder, "name": netlist.name, "period": PERIOD} | values
    file.write_text(script.format(**values), encoding="utf-8")
    ended = run([find_analyser(), "-no_splash", "-exit", str(file)], log=log)
    text = log.read_text(encoding="utf-8")
    if ended.code or "Error:" in text:
        error = next((line for line in text.splitlines() if "Error:" in line), "it ended early")
        raise NetlistError(f"{netlist.design.top}: OpenSTA: {error} ({log})")
    return text
