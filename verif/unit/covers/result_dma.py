"""The result DMA with OMEM."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]

_STROBES = ("lengths", "all")


def _look(p: Pins, _: dict) -> dict:
    view = {
        "jobs": flow(p, "o_job"),
        "beats": flow(p, "o"),
        "requests": flow(p, "o_req"),
        "data": flow(p, "o_out"),
        "answer": bool(p.o_done),
        "memory": ("rests", "written", "read", "both")[p.o_mem_wr + 2 * p.o_mem_rd],
    }
    if p.o_job_valid and p.o_job_ready:
        raw, wide, two = (bool(p.o_job >> bit & 1) for bit in range(3))
        view |= {"format": ("raw" if raw else "wide" if wide else "narrow"), "two_tiles": two}
    if p.o_valid and p.o_ready:
        view |= {"tile": p.o_tile, "part": p.o_part, "last": bool(p.o_last)}
    if p.o_req_valid and p.o_req_ready:
        view["request"] = ("1", "2 to 16", "more")[(p.o_req_beats > 1) + (p.o_req_beats > 16)]
    if p.o_out_valid and p.o_out_ready:
        view["strobes"] = _STROBES[p.o_strb == 0xFFFFFFFF]
    return view


COVERS = (
    cover(
        "result_dma",
        {
            "jobs": (*FLOW[:2], FLOW[3]),  # taken when they are done
            "beats": FLOW,
            "requests": FLOW,
            "data": (*FLOW[:2], FLOW[3]),  # there before it is asked for
            "answer": (False, True),
            "memory": ("rests", "written", "read", "both"),
            "format": ("raw", "wide", "narrow"),
            "two_tiles": (False, True),
            "tile": (0, 1),
            "part": (0, 1),
            "last": (False, True),
            "request": ("1", "2 to 16", "more"),
            "strobes": _STROBES,
        },
        _look,
        crosses={
            "format_x_two_tiles": ("format", "two_tiles"),
            "tile_x_part": ("tile", "part"),
            "beats_x_data": ("beats", "data"),
            "answer_x_requests": ("answer", "requests"),
        },
    ),
)
