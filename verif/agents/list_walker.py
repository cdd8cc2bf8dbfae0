"""How many beats of a stream belong to one command."""

import numpy as np

from models.errors import PanaceaError

__all__ = ["beats_of_lists"]


def beats_of_lists(last: np.ndarray, lists: list[tuple[int, bool]], name: str) -> int:
    """Beats that a command's lists take at the start of a stream.

    Args:
        last: bool (beats), the end-of-list flag of each beat, if it were a high-order one.
        lists: for each list its dense beats, and whether run-length coded ones follow, up to the
            first `last`.
        name: the stream, for the message.

    Raises:
        PanaceaError: if the stream ends before the lists do.
    """
    beats = len(last)
    flagged = np.where(last, np.arange(beats), beats)
    next_last = np.minimum.accumulate(flagged[::-1])[::-1].tolist()
    cursor = 0
    for number, (dense, coded) in enumerate(lists):
        end = cursor + dense - 1
        if coded and end < beats:
            end = next_last[end + 1] if end + 1 < beats else beats
        if end >= beats:
            raise PanaceaError(
                f"{name}: a command's results are out, but its list {number} of "
                f"{len(lists)} is cut off after {beats} beats"
            )
        cursor = end + 1
    return cursor
