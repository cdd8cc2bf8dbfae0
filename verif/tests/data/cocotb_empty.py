"""A module without cocotb tests."""
