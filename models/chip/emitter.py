"""Passes to descriptors, once every block has its address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.chip.activation_blocks import LENGTH_BYTES
from models.chip.descriptor import Descriptor
from models.chip.loops import Pass
from models.chip.placement import Placement
from models.chip.planner import Plan
from models.chip.program import RawPlace
from models.chip.request import ChipLayer
from models.chip.residency import Use

__all__ = ["Emitter"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Emitter:
    """Writes the descriptors of a plan.

    Attributes:
        layers, plan: what to do.
        placement: where everything lies.
    """

    layers: Sequence[ChipLayer]
    plan: Plan
    placement: Placement

    def descriptors(self) -> list[Descriptor]:
        """One descriptor for each pass."""
        passes, catalogue = self.plan.passes, self.plan.catalogue
        w_uses = catalogue.uses([p.w_block for p in passes])
        x_uses = catalogue.uses([p.x_block for p in passes])
        made = {matrix: n for n, matrix in enumerate(self.plan.outputs) if matrix is not None}
        unfenced: set[int] = set()  # layers with commands since the last fence
        rows_of = table = None  # what the PPU uses
        out = []
        for one, w_use, x_use in zip(passes, w_uses, x_uses, strict=True):
            fields = self._common(one)
            fields |= self._weights(one, w_use) | self._activations(one, x_use)
            if x_use and x_use.load and made.get(one.x_block.matrix) in unfenced:
                fields["fence"] = True
                unfenced.clear()
            unfenced.add(one.layer)
            if one.last or one.step is not None:
                places = self.placement.parameters[one.layer]
                fields["par_addr"] = int(places[one.tile, one.step or 0])
            if one.last:
                fields |= self._results(one)
                output = self.layers[one.layer].output
                if output is not None:
                    fields["new_rows"] = rows_of != (one.layer, one.tile)
                    fields["new_pwl"] = table is not output.table
                    rows_of, table = (one.layer, one.tile), output.table
            out.append(Descriptor(**fields))
        return out

    def _common(self, one: Pass) -> dict[str, Any]:
        layer, plan = self.layers[one.layer], self.plan.layers[one.layer]
        compressed = one.x_part == plan.x.parts - 1
        k_len, apsq = layer.w.shape[1], 0
        if one.step is not None:
            span = layer.apsq.spans(k_len)[one.step]
            k_len, apsq = span.stop - span.start, layer.apsq.step(one.step).bits
        return {
            "dtp": plan.weights.tiles[one.tile].sub_tiles == 2,
            "more": not one.last and one.step is None,
            "wgt_up": plan.weights.up[one.w_part],
            "wgt_dense": plan.weights.dense[one.w_part],
            "act_up": plan.x.up[one.x_part],
            "k_len": k_len,
            "groups": plan.x.groups[one.column_tile],
            "r": layer.config.r if compressed else 0,
            "dbs": layer.config.dbs_type,
            "apsq": apsq,
        }

    def _weights(self, one: Pass, use: Use | None) -> dict[str, Any]:
        if use is None:
            return {}
        fields: dict[str, Any] = {"w_play": True, "w_load": use.load, "w_keep": use.keep}
        if use.load:
            block = one.w_block
            offset, beats = self.plan.layers[block.layer].weights.place(block.tile, block.parts)
            fields |= {"w_addr": self.placement.weights[block.layer] + offset, "w_beats": beats}
        return fields

    def _activations(self, one: Pass, use: Use | None) -> dict[str, Any]:
        if use is None:
            return {}
        fields: dict[str, Any] = {"x_play": True, "x_load": use.load, "x_keep": use.keep}
        if use.load:
            block = one.x_block
            place = self.placement.matrices[block.matrix]
            fields |= {
                "x_segments": len(block.parts) * place.blocks.segments,
                "x_stride": place.blocks.stride,
                "x_addr": place.segment(block.column_tile, block.parts[0]),
                "x_table": place.table(block.column_tile, block.parts[0]),
            }
        return fields

    def _results(self, one: Pass) -> dict[str, Any]:
        layer, plan = self.layers[one.layer], self.plan.layers[one.layer]
        tile, place = plan.weights.tiles[one.tile], self.placement.outputs[one.layer]
        rows = self.plan.catalogue.params.core.rows
        fields = {
            "rows": min(tile.sub_tiles * rows, len(layer.w) - tile.row0),
        }
        if isinstance(place, RawPlace):
            return fields | {
                "raw": True,
                "y_stride": place.stride(one.column_tile),
                "y_addr": place.block(one.tile, one.column_tile),
            }
        segment, config = tile.row0 // rows, layer.output.config
        fields |= {
            "y_r": config.r,
            "y_dbs": config.dbs_type,
            "y_slices": config.k + 1,
            "y_stride": place.blocks.stride,
        }
        # Part 0 of the results is the upper part, which activation blocks hold last.
        for number, suffix in enumerate(("", "_low")[: place.blocks.parts]):
            part = place.blocks.parts - 1 - number
            first, table = place.segment(one.column_tile, part), place.table(one.column_tile, part)
            fields[f"y_addr{suffix}"] = first + segment * place.blocks.stride
            fields[f"y_table{suffix}"] = table + segment * LENGTH_BYTES
        return fields
