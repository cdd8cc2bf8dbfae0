"""A netlist in the place of its module: the same benches, now on gates."""

import re
from dataclasses import replace

from verif.build_spec import ROOT, Build
from verif.netlist.mapping import Netlist
from verif.planting import with_copy

__all__ = ["gate_build"]

_HEADER = re.compile(r"^module (\w+).*?^\);$", re.M | re.S)
_PORT = re.compile(r"^\s*(?:input|output)\s.*?(\w+),?\s*(?://.*)?$", re.M)

_LINT = """\
`verilator_config
// Generated code: an instance for each gate, and cells with pins that nothing uses.
lint_off -file "*/{folder}/*"
"""


def gate_build(build: Build, netlist: Netlist) -> Build:
    """The build with a netlist in the place of the module that it was mapped from.

    The module becomes a shell with the ports of old, which is refused in a size other than the
    netlist's.
    """
    folder = netlist.folder
    shell, lint = folder / f"{netlist.design.top}.sv", folder / "netlist.vlt"
    shell.write_text(_shell(netlist), encoding="utf-8")
    lint.write_text(_LINT.format(folder=folder.name), encoding="utf-8")
    gates = with_copy(build, netlist.design.source, shell)
    return replace(gates, sources=(lint, *netlist.sources(), *gates.sources))


def _shell(netlist: Netlist) -> str:
    """The module's own header around an instance of the netlist."""
    text = netlist.design.source.read_text(encoding="utf-8")
    header = _HEADER.search(text)
    ports = ",\n".join(f"    .{port} ({port})" for port in _PORT.findall(header[0]))
    checks = "".join(
        f'  initial if ({name} != {value}) $fatal(1, "%m: mapped with {name} = {value}");\n'
        for name, value in netlist.design.parameters.items()
    )
    return (
        f"`default_nettype none\n\n{header[0]}\n\n  {netlist.name} i_netlist (\n{ports}\n  );\n"
        f"{checks}\nendmodule\n\n`default_nettype wire\n"
    )
