"""The registers against their model: the same points as the other bench of the register file."""

from verif.unit.covers.csr import COVERS

__all__ = ["COVERS"]
