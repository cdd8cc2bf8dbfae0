"""Bit-true reference models of the Panacea accelerator."""
