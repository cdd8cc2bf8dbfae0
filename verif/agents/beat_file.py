"""Following the files that the testbench's monitors write."""

from pathlib import Path

import numpy as np

__all__ = ["BeatTail"]


class BeatTail:
    """Beats that a monitor appends to its file, in order, from now on.

    Args:
        path: the monitor's file: beats in whole 32-bit words, least significant byte first.
        beat_bytes: bytes of a beat.
    """

    def __init__(self, path: Path, beat_bytes: int) -> None:
        self._bytes = beat_bytes
        self._file = path.open("rb")
        self._file.seek(0, 2)
        self._beats = np.empty((0, beat_bytes), np.uint8)

    def pull(self) -> np.ndarray:
        """All beats not taken yet, uint8 (beats, beat bytes), most significant byte first."""
        new = self._file.read()
        if new:
            words = np.frombuffer(new, np.uint8).reshape(-1, -(-self._bytes // 4) * 4)
            beats = words[:, : self._bytes][:, ::-1]
            self._beats = np.concatenate([self._beats, beats]) if len(self._beats) else beats
        return self._beats

    def take(self, count: int) -> np.ndarray:
        """Remove and return the first `count` beats; `pull` must have seen them."""
        if count > len(self._beats):
            raise IndexError(f"{self._file.name} holds {len(self._beats)} beats, not {count}")
        taken, self._beats = self._beats[:count], self._beats[count:]
        return taken

    def close(self) -> None:
        """Close the file."""
        self._file.close()
