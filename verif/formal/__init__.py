"""Formal proofs of the RTL: what is proven, with which tools, and what came of it."""
