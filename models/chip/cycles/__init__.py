"""Cycle model of the whole chip: what its state machines do around the core's, without any data."""

from models.chip.cycles.predict import ChipCycles, IdealMemory, predict_run

__all__ = ["ChipCycles", "IdealMemory", "predict_run"]
