"""English text for calibration and evaluation: the prose of Python's own manual.

`pydoc_data.topics` comes with every Python, so the text is fixed by the Python version alone.
"""

from pydoc_data.topics import topics

import numpy as np

from models.errors import PanaceaError

__all__ = ["passages"]


def passages(count: int, words: int, seed: int) -> list[str]:
    """`count` passages of at least `words` words, no two sharing a paragraph.

    A passage is the running text of one topic, in its order; code, tables and headings are left
    out. A paragraph that several topics repeat belongs to the alphabetically first. The passages
    are drawn by `seed`.

    Raises:
        PanaceaError: if the manual has fewer such passages.
    """
    seen: set[str] = set()
    found = []
    for _, text in sorted(topics.items()):
        prose = [part for part in map(_prose, text.split("\n\n")) if part and part not in seen]
        seen.update(prose)
        passage = " ".join(prose)
        if len(passage.split()) >= words:
            found.append(passage)
    if len(found) < count:
        raise PanaceaError(f"count = {count}: only {len(found)} passages have {words} words")
    order = np.random.default_rng(seed).permutation(len(found))
    return [found[index] for index in order[:count]]


def _prose(paragraph: str) -> str:
    """The paragraph on one line if it is running text, else an empty string."""
    is_text = paragraph[:1].isupper() and paragraph.rstrip().endswith(".")
    return " ".join(paragraph.split()) if is_text else ""
