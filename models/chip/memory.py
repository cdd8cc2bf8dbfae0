"""External memory as the functional chip sees it: bounds, traffic, and what a fence protects."""

import numpy as np

from models.chip.params import BEAT_BYTES
from models.errors import PanaceaError

__all__ = ["Memory"]

UNFENCED, FENCED = 1, 2  # a beat was written after, before the last fence


class Memory:
    """Memory from address `base` on.

    Args:
        data: uint8, changed in place by writes.
        base: address of its first byte, a multiple of 32.

    Attributes:
        bytes_read: so far.
        writes: (address, bytes) in order.
    """

    def __init__(self, data: np.ndarray, base: int) -> None:
        self._data, self._base = data, base
        self._written = np.zeros(-(-len(data) // BEAT_BYTES), np.uint8)
        self.bytes_read = 0
        self.writes: list[tuple[int, bytes]] = []

    def _at(self, name: str, address: int, size: int) -> tuple[slice, slice]:
        """The bytes, and the beats they lie in."""
        start = address - self._base
        if start < 0 or start + size > len(self._data):
            raise PanaceaError(f"{name} = {address:#x}: {size} bytes are outside the memory")
        beats = slice(start // BEAT_BYTES, -(-(start + size) // BEAT_BYTES))
        return slice(start, start + size), beats

    def read(self, name: str, address: int, size: int, *, fenced: bool = False) -> np.ndarray:
        """uint8 (size,), a view.

        Args:
            name: the descriptor's field, for messages.
            address: absolute.
            size: bytes.
            fenced: the chip can wait for results here, so they may be read behind a fence.

        Raises:
            PanaceaError: outside the memory, or a result that may not be there yet.
        """
        part, beats = self._at(name, address, size)
        written = self._written[beats]
        if (written == UNFENCED if fenced else written != 0).any():
            raise PanaceaError(f"{name} = {address:#x} reads results without a fence")
        self.bytes_read += size
        return self._data[part]

    def write(self, name: str, address: int, data: bytes) -> None:
        """Write a result.

        Raises:
            PanaceaError: outside the memory.
        """
        part, beats = self._at(name, address, len(data))
        self._data[part] = np.frombuffer(data, np.uint8)
        self._written[beats] = UNFENCED
        self.writes.append((address, data))

    def fence(self) -> None:
        """All results so far are in memory."""
        self._written[self._written == UNFENCED] = FENCED
