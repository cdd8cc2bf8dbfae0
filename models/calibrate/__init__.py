"""Calibration that pays: rounding of low-bit weights, plans of formats by layer, their front."""
