"""From layers to passes: checks, shared activations, loop orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.aqs_gemm import check_no_overflow
from models.chip.activation_blocks import ActivationBlocks, activation_blocks, output_blocks
from models.chip.loops import LayerPlan, LoopOrder, Pass, group_passes
from models.chip.params import ChipParams
from models.chip.request import ChipLayer
from models.chip.residency import Catalogue
from models.chip.weight_blocks import weight_blocks
from models.errors import PanaceaError, check_choice, check_shape
from models.params import LayerConfig

__all__ = ["Plan", "make_plan"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What a program does, without addresses.

    Attributes:
        layers: with their blocks.
        catalogue: all blocks.
        outputs: for each layer, the matrix its quantised results make, None if they are raw.
        orders: loop order of each layer.
        passes: in order.
    """

    layers: tuple[LayerPlan, ...]
    catalogue: Catalogue
    outputs: tuple[int | None, ...]
    orders: tuple[LoopOrder, ...]
    passes: tuple[Pass, ...]

    def together(self, matrix: int) -> bool:
        """Whether the parts of a matrix of activations are one block."""
        users = (plan.number for plan in self.layers if plan.matrix == matrix)
        return all(self.orders[number] == LoopOrder.ACTIVATIONS for number in users)


def make_plan(layers: Sequence[ChipLayer], params: ChipParams) -> Plan:
    """Plan a program.

    Raises:
        PanaceaError: no layer, or a layer that is refused, naming it.
    """
    if not layers:
        raise PanaceaError("layers is empty")
    matrices = _Matrices(params)
    plans = []
    for number, layer in enumerate(layers):
        try:
            plans.append(matrices.place(number, layer))
        except PanaceaError as error:
            raise PanaceaError(f"layer {layer.name!r}: {error}") from error
    catalogue = Catalogue(
        weights=[plan.weights for plan in plans], activations=matrices.blocks, params=params
    )
    orders: list[LoopOrder] = []
    passes: list[Pass] = []
    fixed: dict[int, LoopOrder] = {}
    for group in _groups(plans):
        matrix = group[0].matrix
        order = fixed[matrix] if matrix in fixed else _cheaper_order(group, catalogue)
        if group[0].x.parts > 1:
            fixed[matrix] = order  # the tables of lengths follow from it
        orders += [order] * len(group)
        passes += group_passes(group, order)
    return Plan(
        layers=tuple(plans),
        catalogue=catalogue,
        outputs=tuple(matrices.outputs),
        orders=tuple(orders),
        passes=tuple(passes),
    )


class _Matrices:
    """The matrices of activations of a program, each once."""

    def __init__(self, params: ChipParams) -> None:
        self._params = params
        self._sources: dict[str, int | None] = {}
        self._inputs: dict[tuple[int, LayerConfig], int] = {}
        self.blocks: list[ActivationBlocks] = []
        self.outputs: list[int | None] = []

    def place(self, number: int, layer: ChipLayer) -> LayerPlan:
        """Check a layer and lay out its weights, activations and quantised results."""
        if layer.name in self._sources:
            raise PanaceaError(f"name = {layer.name!r} is taken")
        check_no_overflow(layer.w, layer.bias, layer.config.x_max)
        if layer.apsq is not None:
            check_choice("w_bits under APSQ", layer.config.w_bits, (4, 7))
            check_choice("x_bits under APSQ", layer.config.x_bits, (4, 8))
            layer.apsq.check_depth(self._params.core.tile_k)
        matrix = self._source(layer) if layer.x is None else self._input(layer)
        x = self.blocks[matrix]
        self._sources[layer.name] = self._output(layer, x.columns)
        self.outputs.append(self._sources[layer.name])
        return LayerPlan(
            number=number,
            weights=weight_blocks(layer, self._params),
            matrix=matrix,
            x=x,
            apsq=layer.apsq,
        )

    def _add(self, blocks: ActivationBlocks) -> int:
        self.blocks.append(blocks)
        return len(self.blocks) - 1

    def _input(self, layer: ChipLayer) -> int:
        key = id(layer.x), _format(layer.config)
        if key not in self._inputs:
            self._inputs[key] = self._add(activation_blocks(layer.x, layer.config, self._params))
        return self._inputs[key]

    def _source(self, layer: ChipLayer) -> int:
        matrix = self._sources.get(layer.source)
        if matrix is None:
            raise PanaceaError(f"source = {layer.source!r} is no earlier layer with an output")
        made = self.blocks[matrix]
        check_shape(f"w of {layer.name!r}", layer.w, (len(layer.w), made.rows))
        for field in ("x_bits", "dbs_type", "r"):
            ours, theirs = getattr(layer.config, field), getattr(made.config, field)
            if ours != theirs:
                raise PanaceaError(f"{field} = {ours}, but its source makes {theirs}")
        return matrix

    def _output(self, layer: ChipLayer, columns: int) -> int | None:
        if layer.output is None:
            return None
        core = self._params.core
        if core.tile_k != core.rows:
            raise PanaceaError(
                f"output: quantised results need tile_k = {core.tile_k} to be "
                f"4 num_pea = {core.rows}"
            )
        return self._add(output_blocks(len(layer.w), columns, layer.output.config, self._params))


def _format(config: LayerConfig) -> LayerConfig:
    """What of a configuration the activations depend on."""
    return LayerConfig(x_bits=config.x_bits, dbs_type=config.dbs_type, zp=config.zp)


def _groups(plans: Sequence[LayerPlan]) -> list[list[LayerPlan]]:
    """Layers in a row with the same activations."""
    groups: list[list[LayerPlan]] = []
    for plan in plans:
        if groups and groups[-1][0].matrix == plan.matrix:
            groups[-1].append(plan)
        else:
            groups.append([plan])
    return groups


def _cheaper_order(group: Sequence[LayerPlan], catalogue: Catalogue) -> LoopOrder:
    """The order that loads fewer beats."""
    return min(LoopOrder, key=lambda order: catalogue.loaded_beats(group_passes(group, order)))
