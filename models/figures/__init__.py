"""Figures of the evaluation: a file each, fed by the registry of accelerators."""
