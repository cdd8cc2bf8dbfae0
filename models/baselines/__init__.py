"""Accelerators that Panacea is compared with, with the same multipliers, memory and bandwidth."""
