"""Bugs planted into copies of the RTL: each must be caught, for what it does."""
