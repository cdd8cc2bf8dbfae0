"""Several configurations of one core, of which software takes the fastest for each layer [C]."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.params import CoreParams
from models.predict.panacea import Panacea
from models.predict.traffic import BUS_BYTES, Traffic
from models.predict.work import LayerWork

__all__ = ["Faster"]


@dataclass(frozen=True, kw_only=True)
class Faster:
    """What the fastest of `models` takes: DTP is a bit of each command, so it is free to choose."""

    models: tuple[Panacea, ...]

    @property
    def params(self) -> CoreParams:
        """Sizes of the core, the same for all."""
        return self.models[0].params

    def chosen(self, work: LayerWork) -> Panacea:
        """The fastest one for a layer, external memory included; of equal ones the first."""
        return min(
            self.models,
            key=lambda one: max(one.cycles(work), one.traffic(work).external / BUS_BYTES),
        )

    def products(self, work: LayerWork) -> Mapping[str, float]:
        """Outer products of a layer by kind."""
        return self.chosen(work).products(work)

    def bound(self, work: LayerWork) -> float:
        """No schedule of the chosen one takes fewer cycles."""
        return self.chosen(work).bound(work)

    def cycles(self, work: LayerWork) -> float:
        """Of the chosen one's core."""
        return self.chosen(work).cycles(work)

    def traffic(self, work: LayerWork) -> Traffic:
        """Bytes."""
        return self.chosen(work).traffic(work)

    def events(self, work: LayerWork) -> Mapping[str, float]:
        """Events on the chip."""
        return self.chosen(work).events(work)
