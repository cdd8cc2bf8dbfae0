"""Measurements on the simulated core: its utilisation and the environment's speed."""
