"""Where cycles go, from the counters of a prediction: said beside figures below the paper's."""

from collections.abc import Sequence

import numpy as np

from models.params import CoreParams
from models.predict.registry import accelerator
from models.predict.work import LayerWork

__all__ = ["against", "limits"]

OPERATORS = CoreParams().operators * CoreParams().num_pea


def limits(works: Sequence[LayerWork], name: str) -> str:
    """How busy operators are over a network on Panacea's `name`, and what they wait for.

    Memory-bound are layers whose external bytes take longer than their core. Stored HO vectors,
    means over multiplications, are what compression leaves: of the external bytes too.
    """
    params = accelerator(name).model.params
    found = [accelerator(name).predict(work) for work in works]
    cycles = sum(one.cycles for one in found)
    core = sum(one.compute_cycles for one in found)
    dynamic = sum(sum(one.products.values()) - one.products["LL"] for one in found)
    products = sum(sum(one.products.values()) for one in found)
    memory = sum(one.cycles for one in found if one.cycles > one.compute_cycles)
    told = [f"operators {100 * products / (OPERATORS * core):.0f} % busy"]
    if params.num_swo:
        share = dynamic / (params.num_pea * params.num_dwo * core)
        told.append(f"DWOs {100 * share:.0f} % with HH, HL, LH alone")
    told.append(f"{100 * memory / cycles:.0f} % of cycles in memory-bound layers")
    macs = [work.macs * work.count for work in works]
    bounds = [work.bound(CoreParams(), False) for work in works]
    w, x = (
        100 * np.average([getattr(one, share) for one in bounds], weights=macs)
        for share in ("stored_w", "stored_x")
    )
    told.append(f"{w:.0f} % of weight, {x:.0f} % of activation HO vectors stored")
    return ", ".join(told)


def against(found: float, paper: float) -> str:
    """How much a figure is above or below the paper's."""
    return f"{100 * (found / paper - 1):+.0f} %"
