"""Tests of the chip: they run inside the simulator; `verif/tests/test_chip.py` launches them."""
