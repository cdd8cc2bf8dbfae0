"""How the cycle models' functions are compiled.

Only the loops are cached: numba compiles a cached function again when its own file changes, not
when the file of a function that it calls does. What a function closes over is part of its key in
the cache, so a loop that closes over `sources` of all files it calls into is never out of date.
"""

import zlib
from pathlib import Path
from types import ModuleType

from numba import njit

__all__ = ["block", "sources"]

block = njit(_nrt=False)
"""Decorator of a block's functions: no references are counted. The loop holds all arrays, and
counting them would cost several times the work."""


def sources(*modules: ModuleType) -> int:
    """A number that stands for the text of the modules' files."""
    value = 0
    for module in modules:
        value = zlib.crc32(Path(module.__file__).read_bytes(), value)
    return value
