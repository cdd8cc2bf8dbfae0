"""Values at power-up for the simulation of gates.

A register without reset holds *some* value at power-up, and RTL may rely on that: nothing that it
holds then is ever used. Gates cannot show it with unknown values, which they pass on even where all
known ones would give the same. So registers and memories start with random ones.
"""

import re

__all__ = ["with_random_start"]

_REGISTER = re.compile(r"^  reg (?:\[(\d+):0\] )?(\w+)(?: \[(\d+):0\])? ?;\n", re.M)


def with_random_start(verilog: str) -> str:
    """Verilog that Yosys wrote, with a random first value for every register and memory."""
    return _REGISTER.sub(_start, verilog)


def _start(match: re.Match[str]) -> str:
    width, name, depth = match.groups()
    word = f"{name}[i]" if depth else name
    bit = f"{word}[j]" if width else word
    loops = f"for (i = 0; i <= {depth}; i = i + 1) " if depth else ""
    loops += f"for (j = 0; j <= {width}; j = j + 1) " if width else ""
    if not loops:
        return f"{match[0]}  initial {bit} = $random;\n"
    head = f"{match[0]}  initial begin : start_{name}\n    integer i, j;\n"
    return f"{head}    {loops}{bit} = $random;\n  end\n"
