"""Environments of the accelerators that Panacea is compared with."""
