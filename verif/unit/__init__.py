"""Unit benches: one cocotb module per leaf block, run by `test_blocks`."""
