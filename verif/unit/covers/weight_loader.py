"""The weight loader with the WBUF."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]


def _look(p: Pins, _: dict) -> dict:
    word = p.w_data if p.w_valid and p.w_ready else None
    high = word is not None and not p.lo_valid
    dense = bool(p.wc_valid and p.wc_data >> 17)
    coded = high and not dense
    legal = coded and not p.wbuf_error
    return {
        "commands": flow(p, "wc"),
        "words": flow(p, "w"),
        "dtp": bool(p.wc_data & 1) if p.wc_valid else None,
        "k_len": _length(p.wc_data >> 1 & 0xFFFF) if p.wc_valid else None,
        "full": p.wbuf_full,
        "bank": p.wbuf_bank if p.wbuf_done else None,
        "tile": p.load_tile if word is not None else None,
        "quad": p.wr_quad if p.lo_valid else None,
        "form": ("run-length", "dense")[dense] if high else None,
        "dense_quad": p.wr_quad if high and dense else None,
        "dense_dropped": 4 - p.ho_valid.bit_count() if high and dense else None,
        "entries": word >> 60 & 3 if coded else None,
        "last": bool(word >> 62 & 1) if coded else None,
        "dropped": (word >> 60 & 3) - p.ho_valid.bit_count() if legal else None,
        "error": bool(p.wbuf_error),
    }


def _length(k_len: int) -> str:
    tail = k_len % 64
    return "whole tiles" if tail == 0 else "1 more" if tail == 1 else "part of a tile"


COVERS = (
    cover(
        "weight_loader",
        {
            "commands": (*FLOW[:2], FLOW[3]),  # taken when it is done
            "words": FLOW,
            "dtp": (False, True),
            "k_len": ("whole tiles", "1 more", "part of a tile"),
            "full": tuple(range(4)),
            "bank": (0, 1),
            "tile": (0, 1),
            "quad": tuple(range(16)),
            "form": ("run-length", "dense"),
            "dense_quad": tuple(range(16)),
            "dense_dropped": tuple(range(5)),
            "entries": tuple(range(4)),
            "last": (False, True),
            "dropped": tuple(range(4)),
            "error": (False, True),
        },
        _look,
        crosses={
            "words_x_full": ("words", "full"),
            "entries_x_last": ("entries", "last"),
            "form_x_dtp": ("form", "dtp"),
            "form_x_tile": ("form", "tile"),
            "form_x_k_len": ("form", "k_len"),
            "form_x_full": ("form", "full"),
            "dense_dropped_x_tile": ("dense_dropped", "tile"),
            "dropped_x_dtp": ("dropped", "dtp"),
            "dropped_x_tile": ("dropped", "tile"),
        },
        ignored={
            "words_x_full": {
                "with both banks full no word is taken": [("moves", 3), ("waited for", 3)],
            },
            "form_x_full": {
                "with both banks full no word is taken": [(None, 3)],
            },
            "entries_x_last": {
                "only the last word of a list has room left": [(n, False) for n in range(3)],
            },
        },
    ),
)
