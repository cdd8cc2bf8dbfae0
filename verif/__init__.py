"""Verification environment of the Panacea accelerator."""
