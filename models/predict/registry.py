"""Accelerators by name, and what each predicts for a layer.

An accelerator counts events, traffic and the cycles of its core, by the cycle model that its RTL
is tested to equal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from models.energy import EnergyTable
from models.errors import PanaceaError
from models.predict.dense import Dense
from models.predict.faster import Faster
from models.predict.panacea import Panacea
from models.predict.sibia import Sibia
from models.predict.traffic import BUS_BYTES, Traffic
from models.predict.work import LayerWork

__all__ = [
    "Accelerator",
    "Model",
    "Prediction",
    "Total",
    "accelerator",
    "names",
    "total",
]


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One layer (`LayerWork.count` times) on one accelerator.

    Attributes:
        compute_cycles: of the core, by the cycle model that equals its RTL.
        bound_cycles: no schedule of the core takes fewer.
        cycles: the larger of these and external bytes / 32.
        events: numbers by name of `models/energy.yaml`.
        products: 4b x 4b outer products by kind (HH, HL, LH, LL); empty for dense accelerators.
        external_bytes: moved to and from external memory.
    """

    compute_cycles: float
    bound_cycles: float
    cycles: float
    events: Mapping[str, float]
    products: Mapping[str, float]
    external_bytes: float


class Model(Protocol):
    """What an accelerator tells of one layer."""

    def traffic(self, work: LayerWork) -> Traffic:
        """Bytes."""

    def events(self, work: LayerWork) -> Mapping[str, float]:
        """Numbers by name of `models/energy.yaml`, but for external memory."""

    def products(self, work: LayerWork) -> Mapping[str, float]:
        """Outer products by kind."""

    def cycles(self, work: LayerWork) -> float:
        """Cycles of the core, memory aside, by its cycle model."""

    def bound(self, work: LayerWork) -> float:
        """Cycles that no schedule of the core can beat."""


@dataclass(frozen=True, kw_only=True)
class Accelerator:
    """How an accelerator predicts a layer.

    Attributes:
        name: in the registry.
        model: its counts.
    """

    name: str
    model: Model

    def predict(self, work: LayerWork) -> Prediction:
        """What the layer's `count` repetitions take."""
        external = self.model.traffic(work).external
        compute = self.model.cycles(work)
        events = {**self.model.events(work), "dram_byte": external}
        products = self.model.products(work)
        return Prediction(
            compute_cycles=compute * work.count,
            bound_cycles=self.model.bound(work) * work.count,
            cycles=max(compute, external / BUS_BYTES) * work.count,
            events={name: number * work.count for name, number in events.items()},
            products={name: number * work.count for name, number in products.items()},
            external_bytes=external * work.count,
        )


@dataclass(frozen=True, kw_only=True)
class Total:
    """A network on one accelerator: sums over its layers."""

    compute_cycles: float
    bound_cycles: float
    cycles: float
    external_bytes: float
    picojoules: float


def accelerator(name: str) -> Accelerator:
    """The accelerator of a name.

    Raises:
        PanaceaError: for a name the registry does not have; the message lists those it has.
    """
    if name not in _REGISTRY:
        raise PanaceaError(f"accelerator = {name!r} is not one of {', '.join(_REGISTRY)}")
    return _REGISTRY[name]


def names() -> tuple[str, ...]:
    """All names."""
    return tuple(_REGISTRY)


def total(works: Iterable[LayerWork], name: str, table: EnergyTable) -> Total:
    """A network's sums on accelerator `name`."""
    found = [accelerator(name).predict(work) for work in works]
    return Total(
        compute_cycles=sum(one.compute_cycles for one in found),
        bound_cycles=sum(one.bound_cycles for one in found),
        cycles=sum(one.cycles for one in found),
        external_bytes=sum(one.external_bytes for one in found),
        picojoules=sum(table.total(one.events) for one in found),
    )


_POOLED, _POOLED_DTP = (Panacea(num_dwo=12, dtp=dtp) for dtp in (False, True))
_REGISTRY: dict[str, Accelerator] = {
    name: Accelerator(name=name, model=model)
    for name, model in {
        "simd": Dense(flow="simd"),
        "sa_os": Dense(flow="sa_os"),
        "sa_ws": Dense(flow="sa_ws"),
        "sa_ws apsq": Dense(flow="sa_ws", psum_bytes=1),
        "sibia": Sibia(),
        "panacea 4+8": Panacea(num_dwo=4, dtp=False),
        "panacea 4+8 dtp": Panacea(num_dwo=4, dtp=True),
        "panacea 8+4": Panacea(num_dwo=8, dtp=False),
        "panacea 8+4 dtp": Panacea(num_dwo=8, dtp=True),
        "panacea pooled": _POOLED,
        "panacea pooled dtp": _POOLED_DTP,
        "panacea pooled best": Faster(models=(_POOLED, _POOLED_DTP)),
    }.items()
}
