"""The parameter DMA, for all numbers of PEAs."""

from verif.unit.cover import FLOW, Pins, cover, flow

__all__ = ["COVERS"]


def _look(p: Pins, _: dict) -> dict:
    view = {
        "jobs": flow(p, "p_job"),
        "requests": flow(p, "p_req"),
        "bias": flow(p, "p_b"),
        "parameters": flow(p, "p_par"),
        "commands": flow(p, "p_cmd"),
        "comes": bool(p.p_valid),
    }
    if p.p_job_valid and p.p_job_ready:
        flags = p.p_job >> 28
        names = ("gives", "new_pwl", "new_rows", "dtp")
        view |= {name: bool(flags >> bit & 1) for bit, name in enumerate(names)}
    if p.p_par_valid and p.p_par_ready:
        view["written"] = ("scale", "segment")[p.p_par_addr >> 8]
    return view


COVERS = (
    cover(
        "parameter_dma",
        {
            "jobs": (*FLOW[:2], FLOW[3]),  # taken when they are done
            "requests": FLOW,
            "bias": FLOW,
            "parameters": FLOW,
            "commands": FLOW,
            "comes": (False, True),
            "gives": (False, True),
            "new_pwl": (False, True),
            "new_rows": (False, True),
            "dtp": (False, True),
            "written": ("scale", "segment"),
        },
        _look,
        crosses={
            "brings": ("new_pwl", "new_rows", "dtp"),
            "gives_x_dtp": ("gives", "dtp"),
            "comes_x_bias": ("comes", "bias"),
        },
    ),
)
