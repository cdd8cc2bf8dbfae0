"""The index decoder, on the words that its size for 12 entries and K-tiles of 64 sees."""

from verif.unit.cover import Pins, cover, fields

__all__ = ["COVERS"]

_WORDS = ("only", "first", "middle", "last")


def _look(p: Pins, memory: dict) -> dict | None:
    if not p.idx_valid:
        return {"word": "none"}
    started = memory.get("started", False)
    memory["started"] = not p.idx_last
    word = (_WORDS[3] if p.idx_last else _WORDS[2]) if started else _WORDS[1 - p.idx_last]
    view = {
        "word": word,
        "count": p.idx_count if p.idx_count <= 12 else "too many",
        "run": set(fields(p.idx_index, 4, 12)[: p.idx_count]),
        "k_len": {1: "1", 64: "whole tile"}.get(p.idx_k_len, "part"),
        "error": bool(p.idx12x64_error),
    }
    valid = fields(p.idx12x64_valid, 1, 12)
    places = [at for at, on in zip(fields(p.idx12x64_pos, 6, 12), valid, strict=True) if on]
    view["position"] = set(places)
    dropped = min(p.idx_count, 12) - len(places)
    view["dropped"] = "none" if not dropped else "some" if places else "all"
    return view


COVERS = (
    cover(
        "idxd",
        {
            "word": ("none", *_WORDS),
            "count": (*range(13), "too many"),
            "run": tuple(range(16)),
            "position": tuple(range(64)),
            "k_len": ("1", "part", "whole tile"),
            "dropped": ("none", "some", "all"),
            "error": (False, True),
        },
        _look,
        crosses={"word_x_dropped": ("word", "dropped"), "k_len_x_error": ("k_len", "error")},
        ignored={"word_x_dropped": {"without a word there is no entry": [("none", None)]}},
    ),
)
