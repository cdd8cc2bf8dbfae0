"""The AXI read master, and the cutting of its requests into bursts."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["BURSTS", "COVERS", "PLACES", "REQUESTS", "burst", "place", "request"]

BURSTS = ("1", "some", "most")
PLACES = ("begins a page", "ends a page", "inside")
REQUESTS = ("1", "below a burst", "a burst", "more")
_OPEN = ("none", "some", "most")
_RESPONSES = ("okay", "slverr", "decerr")


def burst(length: int, most: int) -> str:
    """A burst's length by its bin."""
    return BURSTS[2] if length == most else BURSTS[length > 1]


def place(address: int, length: int) -> str:
    """Where a burst lies in its 4 KB."""
    if address % 4096 == 0:
        return PLACES[0]
    return PLACES[1] if (address + 32 * length) % 4096 == 0 else PLACES[2]


def request(beats: int, most: int) -> str:
    """A request's length by its bin."""
    if beats == 1:
        return REQUESTS[0]
    return REQUESTS[1 + (beats >= most) + (beats > most)]


def _look(p: Pins, _: dict) -> dict:
    most, limit = p.max_burst, p.outstanding
    view = {
        "requests": flow(p, "rq"),
        "data": flow(p, "r"),
        "addresses": FLOW[(3, 1, 2, 0)[p.arvalid + 2 * p.bus_arready]],
        "answers": FLOW[(3, 1, 2, 0)[p.bus_rvalid + 2 * p.rready]],
        "open": _OPEN[(p.reads_under_way > 0) + (p.reads_under_way >= limit)],
        "abort": bool(p.r_abort),
        "idle": bool(p.r_idle),
    }
    if p.rq_valid and p.rq_ready:
        line, beats = p.rq_data >> 25, p.rq_data >> 4 & 0xFFFF
        view |= {"request": request(beats, most), "tag": p.rq_data & 15}
        view |= {"starts": ("aligned", "odd")[line % most > 0]}
    if p.arvalid and p.bus_arready:
        view |= {"burst": burst(p.arlen + 1, most), "place": place(p.araddr, p.arlen + 1)}
    if p.bus_rvalid and p.rready:
        view |= {"response": _RESPONSES[max(0, p.bus_rresp - 1)], "last": bool(p.bus_rlast)}
    if p.r_valid and p.r_ready:
        view["end"] = bool(p.r_last)
    return view


COVERS = (
    cover(
        "axi_reader",
        {
            "requests": FLOW,
            "data": FLOW,
            "addresses": FLOW,
            "answers": FLOW,
            "open": _OPEN,
            "abort": (False, True),
            "idle": (False, True),
            "request": REQUESTS,
            "starts": ("aligned", "odd"),
            "tag": tuple(range(16)),
            "burst": BURSTS,
            "place": PLACES,
            "response": _RESPONSES,
            "last": (False, True),
            "end": (False, True),
        },
        _look,
        crosses={
            "request_x_starts": ("request", "starts"),
            "burst_x_place": ("burst", "place"),
            "abort_x_open": ("abort", "open"),
            "abort_x_addresses": ("abort", "addresses"),
            "abort_x_answers": ("abort", "answers"),
            "response_x_last": ("response", "last"),
            "open_x_data": ("open", "data"),
        },
        ignored={
            "abort_x_answers": {"an abort takes all answers, for nobody": [(True, "held up")]},
            "open_x_data": {
                "data is passed on as it comes, of a burst that is open": [
                    ("none", "moves"),
                    ("none", "held up"),
                ],
            },
        },
    ),
)
