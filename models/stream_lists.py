"""Reading compressed vector lists back from captured weight and activation beats.

Written without the packing code, so that a mistake in either shows up as a difference.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.errors import PanaceaError

__all__ = ["ListReader", "VectorLists", "activation_reader", "weight_reader"]


@dataclass(frozen=True, kw_only=True)
class VectorLists:
    """Decoded lists, one row per list, one column per position in the k-tile.

    Attributes:
        low: uint16 (lists, tile_k), low-order vectors.
        high: uint16 (lists, tile_k), stored high-order vectors, 0 where skipped.
        stored: bool (lists, tile_k).
    """

    low: np.ndarray
    high: np.ndarray
    stored: np.ndarray


class ListReader:
    """Parallel streams of vector lists, read on from where the previous command ended.

    Args:
        names: the name of each stream, for messages.
        ends: beats in each stream.
        low: uint16 (all beats, vectors a beat): every beat read as a low-order beat.
        entries: integers (all beats, entries a beat): every beat read as a high-order beat,
            20-bit entries {index[3:0], vector[15:0]}.
        count: valid entries of every beat, if it is a high-order one.
        last: end-of-list flag of every beat, if it is a high-order one.
        reserved: whether bits that must be zero are set, if it is a high-order beat.
        zero_padding: low-order vectors beyond the tile must be zero.
        inner: what the lists of one k-tile are, for messages.
    """

    def __init__(
        self,
        *,
        names: list[str],
        ends: list[int],
        low: np.ndarray,
        entries: np.ndarray,
        count: np.ndarray,
        last: np.ndarray,
        reserved: np.ndarray,
        zero_padding: bool,
        inner: str,
    ) -> None:
        self._names, self._inner, self._zero_padding = names, inner, zero_padding
        self._low, self._entries, self._count = low, entries, count
        self._reserved = reserved
        self._ends = np.cumsum(ends).tolist()
        self._cursors = [0, *self._ends[:-1]]
        beat = np.arange(len(last))
        flagged = np.where(last, beat, len(last))
        self._next_last = np.minimum.accumulate(flagged[::-1])[::-1].tolist()

    def leftover(self, padding: int = 0) -> None:
        """Refuse beats that no command has asked for.

        Args:
            padding: so many beats at the end of each stream may be left if they are zero.

        Raises:
            PanaceaError: naming the stream and the number of beats.
        """
        for name, cursor, end in zip(self._names, self._cursors, self._ends, strict=True):
            left = end - cursor
            if left > padding or (left and self._low[cursor:end].any()):
                raise PanaceaError(f"{name}: {left} beats left over after the commands")

    def read(
        self, lengths: list[int], per_tile: int, tile_k: int, dense: bool = False
    ) -> VectorLists:
        """Decode one command's lists of every stream.

        Args:
            lengths: vectors in each k-tile.
            per_tile: lists in a k-tile.
            tile_k: vectors in a full k-tile.
            dense: high-order lists hold every vector of the k-tile, as low-order ones do.

        Returns:
            lists ordered by stream, k-tile, list in the k-tile.

        Raises:
            PanaceaError: naming stream, k-tile and position, for a stream that ends early, a
                list beyond its tile, a part-filled beat inside a list, an impossible count,
                reserved bits, or padding that is not zero.
        """

        def where(row: int) -> str:
            stream, rest = divmod(row, len(lengths) * per_tile)
            tile, item = divmod(rest, per_tile)
            return f"{self._names[stream]}, k-tile {tile}, {self._inner} {item}"

        per_beat = self._low.shape[1]
        kt = np.tile(np.repeat(lengths, per_tile), len(self._names))
        lo_beats = -(-kt // per_beat)
        lo_start, ho_end = self._walk(lo_beats.tolist(), len(lengths) * per_tile, dense, where)
        low = self._read_dense(lo_start, lo_beats, kt, tile_k, where)
        if dense:
            high = self._read_dense(lo_start + lo_beats, lo_beats, kt, tile_k, where)
            stored = np.arange(tile_k) < kt[:, None]
        else:
            high, stored = self._read_high(lo_start + lo_beats, ho_end, kt, tile_k, where)
        return VectorLists(low=low, high=high, stored=stored)

    def _walk(
        self, lo_beats: list[int], per_stream: int, dense: bool, where: Callable[[int], str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """First low-order beat and last high-order beat of each list."""
        starts, ends = [], []
        for row, low in enumerate(lo_beats):
            stream = row // per_stream
            start, limit = self._cursors[stream], self._ends[stream]
            first = start + low
            if dense:
                end = first + low - 1
            else:
                end = self._next_last[first] if first < limit else limit
            if end >= limit:
                raise PanaceaError(f"{where(row)}: truncated, ends at beat {limit - start}")
            starts.append(start)
            ends.append(end)
            self._cursors[stream] = end + 1
        return np.array(starts), np.array(ends)

    def _read_dense(
        self,
        start: np.ndarray,
        beats: np.ndarray,
        kt: np.ndarray,
        tile_k: int,
        where: Callable[[int], str],
    ) -> np.ndarray:
        """Vectors of dense lists (lists, tile_k); zero beyond each list's tile."""
        offset = np.arange(-(-tile_k // self._low.shape[1]))
        inside = np.minimum(offset, beats[:, None] - 1)  # short tiles reread their last beat
        low = self._low[start[:, None] + inside].reshape(len(start), -1)
        position = np.arange(low.shape[1])
        beyond = position >= kt[:, None]
        padding = beyond & (position < (beats * self._low.shape[1])[:, None])
        wrong = np.argwhere(padding & (low != 0)) if self._zero_padding else []
        for row, at in wrong:
            raise PanaceaError(f"{where(row)}: padding at position {at} is {low[row, at]:#06x}")
        return np.where(beyond, 0, low)[:, :tile_k]

    def _read_high(
        self,
        start: np.ndarray,
        end: np.ndarray,
        kt: np.ndarray,
        tile_k: int,
        where: Callable[[int], str],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Stored high-order vectors and where they are, (lists, tile_k) both."""
        beats = end - start + 1
        row = np.repeat(np.arange(len(start)), beats)
        beat = np.arange(len(row)) - np.repeat(np.cumsum(beats) - beats, beats) + start[row]
        count, capacity = self._count[beat], self._entries.shape[1]
        short = (beat != end[row]) & (count != capacity)
        for i in np.flatnonzero(short | (count > capacity) | self._reserved[beat]):
            raise PanaceaError(
                f"{where(row[i])}: beat {beat[i] - start[row[i]]} of the list has count "
                f"{count[i]} of {capacity}, reserved bits {int(self._reserved[beat[i]])}"
            )
        valid = np.arange(capacity) < count[:, None]
        entry = self._entries[beat][valid].astype(np.int64)
        owner = np.repeat(row, count)
        travelled = np.cumsum((entry >> 16) + 1)
        before = np.concatenate([[0], travelled])[np.searchsorted(owner, np.arange(len(start)))]
        position = travelled - before[owner] - 1
        for i in np.flatnonzero(position >= kt[owner]):
            raise PanaceaError(
                f"{where(owner[i])}: overrun, entry at position {position[i]} of {kt[owner[i]]}"
            )
        high = np.zeros((len(start), tile_k), np.uint16)
        stored = np.zeros((len(start), tile_k), bool)
        high[owner, position] = entry & 0xFFFF
        stored[owner, position] = True
        return high, stored


def weight_reader(beats: list[np.ndarray], names: list[str] | None = None) -> ListReader:
    """Reader of the PEAs' weight streams, uint8 (beats, 8) each, high byte first.

    `names` are for messages, if the streams are not those of the PEAs in order.
    """
    words = np.ascontiguousarray(np.concatenate(beats)).view(">u8").reshape(-1).astype(np.uint64)
    fields = (words >> 60).astype(np.int64)
    return ListReader(
        names=names or [f"weights[{p}]" for p in range(len(beats))],
        ends=[len(b) for b in beats],
        low=np.stack([(words >> s & 0xFFFF).astype(np.uint16) for s in (0, 16, 32, 48)], 1),
        entries=np.stack([(words >> s & 0xFFFFF).astype(np.int64) for s in (0, 20, 40)], 1),
        count=fields & 3,
        last=fields & 4 != 0,
        reserved=fields & 8 != 0,
        zero_padding=True,
        inner="sub-tile",
    )


def activation_reader(
    beats: np.ndarray, lengths: list[int] | None = None, names: list[str] | None = None
) -> ListReader:
    """Reader of the activation stream, uint8 (beats, 32), high byte first.

    With `lengths`, of several streams one after the other, with `names` for messages.
    """
    halves = np.ascontiguousarray(beats).view(">u2").astype(np.uint16)[:, ::-1]
    half = halves.astype(np.int64)
    entries = []
    for e in range(12):
        at, shift = divmod(20 * e, 16)  # an entry lies within two or three 16-bit halves
        window = half[:, at] | half[:, at + 1] << 16
        entries.append(window >> shift & 0xFFFFF)
    return ListReader(
        names=names or ["activations"],
        ends=lengths or [len(beats)],
        low=halves,
        entries=np.stack(entries, 1),
        count=half[:, 15] & 15,
        last=half[:, 15] & 16 != 0,
        reserved=half[:, 15] >> 5 != 0,
        zero_padding=False,
        inner="group",
    )
