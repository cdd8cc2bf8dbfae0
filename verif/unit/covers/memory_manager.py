"""The memory manager."""

__all__ = ["COVERS"]

COVERS = ()
