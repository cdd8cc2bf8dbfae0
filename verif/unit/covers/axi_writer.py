"""The AXI write master."""

from verif.unit.cover import FLOW, Pins, cover, flow
from verif.unit.covers.axi_reader import BURSTS, PLACES, REQUESTS, burst, place, request

__all__ = ["COVERS"]

_OPEN = ("none", "some", "most")
_RESPONSES = ("okay", "slverr", "decerr")
_STROBES = ("none", "some", "all")


def _look(p: Pins, memory: dict) -> dict:
    most = p.max_burst
    view = {
        "requests": flow(p, "wq"),
        "data": flow(p, "w"),
        "addresses": FLOW[(3, 1, 2, 0)[p.awvalid + 2 * p.bus_awready]],
        "beats": FLOW[(3, 1, 2, 0)[p.wvalid + 2 * p.bus_wready]],
        "answers": FLOW[(3, 1, 2, 0)[p.bus_bvalid + 2 * p.bready]],
        "open": _OPEN[(p.writes_under_way > 0) + (p.writes_under_way >= p.outstanding)],
        "abort": bool(p.w_abort),
        "idle": bool(p.w_idle),
    }
    if p.wq_valid and p.wq_ready:
        line, beats = p.wq_data >> 21, p.wq_data & 0xFFFF
        view |= {"request": request(beats, most), "starts": ("aligned", "odd")[line % most > 0]}
    ahead = memory.get("ahead", 0)  # bursts whose data is complete and whose address is not out
    if p.awvalid and p.bus_awready:
        view |= {"burst": burst(p.awlen + 1, most), "place": place(p.awaddr, p.awlen + 1)}
        ahead -= 1
    if p.wvalid and p.bus_wready:
        view |= {"last": bool(p.wlast)}
        view["strobes"] = _STROBES[(p.wstrb > 0) + (p.wstrb == 0xFFFFFFFF)]
        ahead += p.wlast
    memory["ahead"] = ahead
    view["order"] = "data first" if ahead > 0 else "address first" if ahead < 0 else "level"
    if p.bus_bvalid and p.bready:
        view["response"] = _RESPONSES[max(0, p.bus_bresp - 1)]
    return view


COVERS = (
    cover(
        "axi_writer",
        {
            "requests": FLOW,
            "data": FLOW,
            "addresses": FLOW,
            "beats": FLOW,
            "answers": (FLOW[0], *FLOW[2:]),  # taken whenever one can come
            "open": _OPEN,
            "abort": (False, True),
            "idle": (False, True),
            "request": REQUESTS,
            "starts": ("aligned", "odd"),
            "burst": BURSTS,
            "place": PLACES,
            "order": ("data first", "address first", "level"),
            "strobes": _STROBES,
            "last": (False, True),
            "response": _RESPONSES,
        },
        _look,
        crosses={
            "request_x_starts": ("request", "starts"),
            "burst_x_place": ("burst", "place"),
            "abort_x_open": ("abort", "open"),
            "abort_x_addresses": ("abort", "addresses"),
            "abort_x_beats": ("abort", "beats"),
            "strobes_x_last": ("strobes", "last"),
        },
    ),
)
