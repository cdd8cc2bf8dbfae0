"""Liberty of a netlist's memories, so that paths from, through and to them are timed.

No memory compiler is packaged. A memory has no area and no power here, and delays that are our
choice [C]: an access takes as long as the multiplexers of one more address bit each would in this
library, data and addresses are set up like those of a flip-flop.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from verif.netlist.mapping import plain_name

__all__ = ["ACCESS_PER_BIT", "Memory", "memories", "write_library"]

ACCESS_PER_BIT = 0.2
"""ns of an access for every address bit: a MUX2X1 that drives two more."""

SETUP = 0.2
"""ns before the clock edge."""

SLEW = 0.1
"""ns, of outputs."""

LOAD = 0.02
"""pF of an input pin: a flip-flop and a multiplexer."""

_HEAD = """\
library (memories) {
  delay_model : table_lookup;
  time_unit : "1ns"; voltage_unit : "1V"; current_unit : "1uA"; leakage_power_unit : "1nW";
  pulling_resistance_unit : "1kohm"; capacitive_load_unit (1,pf);
  nom_process : 1; nom_voltage : 1.8; nom_temperature : 25;
  input_threshold_pct_rise : 50; input_threshold_pct_fall : 50;
  output_threshold_pct_rise : 50; output_threshold_pct_fall : 50;
  slew_lower_threshold_pct_rise : 20; slew_upper_threshold_pct_rise : 80;
  slew_lower_threshold_pct_fall : 20; slew_upper_threshold_pct_fall : 80;
"""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """One memory of a netlist.

    Attributes:
        module: its name.
        words, width: its size.
        reads, writes: number of ports.
        clock: name of the clock's port.
        enables: ports that have the same enable once for every bit of a word.
        ports: of the module: whether it is an output, and its width.
        launches: for each output what it follows: the clock, or the addresses of unclocked reads.
            A word just written is there before any address that comes from a register.
    """

    module: str
    words: int
    width: int
    reads: int
    writes: int
    clock: str
    enables: frozenset[str]
    ports: dict[str, tuple[bool, int]]
    launches: dict[str, tuple[str, ...]]

    @property
    def bits(self) -> int:
        """What it stores."""
        return self.words * self.width


def memories(folder: Path) -> list[Memory]:
    """The memories of the netlist in a folder."""
    content = json.loads((folder / "memories.json").read_text(encoding="utf-8"))
    return [_memory(name, module) for name, module in sorted(content["modules"].items())]


def write_library(path: Path, found: list[Memory]) -> None:
    """Write the Liberty file of memories."""
    widths = sorted({width for memory in found for _, width in memory.ports.values()})
    types = "".join(
        f"  type (bus{width}) {{ base_type : array; data_type : bit; bit_width : {width}; "
        f"bit_from : {width - 1}; bit_to : 0; downto : true; }}\n"
        for width in widths
    )
    path.write_text(_HEAD + types + "".join(map(_cell, found)) + "}\n", encoding="utf-8")


def _memory(name: str, module: dict) -> Memory:
    cell = next(one for one in module["cells"].values() if one["type"] == "$mem_v2")
    number = {key: int(cell["parameters"][key], 2) for key in ("SIZE", "WIDTH", "ABITS")}
    reads, writes = (int(cell["parameters"][key], 2) for key in ("RD_PORTS", "WR_PORTS"))
    where = {bit: port for port, one in module["ports"].items() for bit in one["bits"]}
    clock = where[cell["connections"]["WR_CLK"][0]]
    launches: dict[str, set[str]] = {}
    clocked = cell["parameters"]["RD_CLK_ENABLE"][::-1]  # the first port comes last
    for port in range(reads):
        data = cell["connections"]["RD_DATA"][port * number["WIDTH"] : (port + 1) * number["WIDTH"]]
        at = cell["connections"]["RD_ADDR"][port * number["ABITS"] : (port + 1) * number["ABITS"]]
        inputs = {clock} if clocked[port] == "1" else {where[bit] for bit in at if bit in where}
        for bit in data:
            if bit in where:
                launches.setdefault(where[bit], set()).update(inputs)
    return Memory(
        module=plain_name(name),
        words=number["SIZE"],
        width=number["WIDTH"],
        reads=reads,
        writes=writes,
        clock=plain_name(clock),
        enables=frozenset(
            plain_name(where[bit]) for bit in cell["connections"]["WR_EN"] if bit in where
        ),
        ports={
            plain_name(port): (one["direction"] == "output", len(one["bits"]))
            for port, one in module["ports"].items()
        },
        launches={
            plain_name(port): tuple(plain_name(one) for one in sorted(inputs))
            for port, inputs in launches.items()
        },
    )


def _cell(memory: Memory) -> str:
    access = ACCESS_PER_BIT * (memory.words - 1).bit_length()
    text = f"  cell ({memory.module}) {{ area : 0; is_macro_cell : true;\n"
    for port, (is_output, width) in memory.ports.items():
        kind = f"pin ({port}) {{" if width == 1 else f"bus ({port}) {{ bus_type : bus{width};"
        if is_output:
            text += f"    {kind} direction : output;\n"
            for source in memory.launches[port]:
                edge = "timing_type : rising_edge;" if source == memory.clock else ""
                related = _related(source, memory.ports[source][1])
                text += f"      timing () {{ {related} {edge} timing_sense : non_unate;\n"
                for group, value in (
                    ("cell_rise", access),
                    ("cell_fall", access),
                    ("rise_transition", SLEW),
                    ("fall_transition", SLEW),
                ):
                    text += f'        {group} (scalar) {{ values ("{value:.3f}"); }}\n'
                text += "      }\n"
        elif port == memory.clock:
            text += f"    {kind} direction : input; clock : true; capacitance : {LOAD};\n"
        else:
            load = LOAD / width if port in memory.enables else LOAD
            text += (
                f"    {kind} direction : input; capacitance : {load:g};\n"
                f'      timing () {{ related_pin : "{memory.clock}"; timing_type : setup_rising;\n'
                f'        rise_constraint (scalar) {{ values ("{SETUP}"); }}\n'
                f'        fall_constraint (scalar) {{ values ("{SETUP}"); }}\n      }}\n'
            )
        text += "    }\n"
    return text + "  }\n"


def _related(source: str, width: int) -> str:
    return f'related_pin : "{source}";' if width == 1 else f'related_bus_pins : "{source}";'
