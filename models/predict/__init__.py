"""Cycles, traffic and energy of a network's layers on Panacea and on what it is compared with."""
