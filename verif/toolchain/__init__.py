"""The tools the project uses: where they are, which versions it needs, how to set them up."""

from verif.toolchain.tools import ToolError, find_tool, iverilog_version
from verif.toolchain.verilator import Verilator, find_verilator

__all__ = ["ToolError", "Verilator", "find_tool", "find_verilator", "iverilog_version"]
