"""Tests of the chip: they run inside the simulator; `verif/regression/catalogue.py` lists them."""
