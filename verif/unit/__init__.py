"""Unit benches: one cocotb module per leaf block, run as `unit.BLOCK` of the regression."""
