"""A network's fully connected layers as integer layers, chained through the PPU where they can be.

Which format a layer has is an option for each layer; everything else is calibration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from models.apsq import Apsq
from models.calibration import LayerQuant, QuantOptions, calibrate_layer
from models.chip.request import PpuOutput
from models.errors import PanaceaError
from models.networks.steps import Chain, Network, Samples
from models.ppu import requantisation
from models.pwl import V_MAX, fit

__all__ = ["QuantisedNetwork", "chained_output", "quantise_network"]


@dataclass(frozen=True, kw_only=True, eq=False)
class QuantisedNetwork:
    """Integer layers by name in execution order, and what the PPU does behind chained ones.

    `outputs` names the layers whose results the PPU turns into the next layer's codes, `apsq` those
    whose partial sums are quantised.
    """

    layers: Mapping[str, LayerQuant]
    outputs: Mapping[str, PpuOutput]
    apsq: Mapping[str, Apsq] = field(default_factory=dict)


def quantise_network(
    network: Network,
    samples: Samples,
    options: QuantOptions | Mapping[str, QuantOptions],
    rounded: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None,
) -> QuantisedNetwork:
    """Quantise every layer for its `samples`, by its own `options` if they are a mapping.

    `rounded` has integer weights and scales of layers for which they are known already.
    """
    layers = {
        name: calibrate_layer(
            name=name,
            weight=linear.weight,
            bias=linear.bias,
            samples=samples.inputs[name],
            options=options if isinstance(options, QuantOptions) else options[name],
            rounded=(rounded or {}).get(name),
        )
        for name, linear in network.linears().items()
    }
    outputs = {
        name: chained_output(layers[name], layers[chain.then], chain)
        for name, chain in samples.chains.items()
    }
    return QuantisedNetwork(layers=layers, outputs=outputs)


def chained_output(first: LayerQuant, second: LayerQuant, chain: Chain) -> PpuOutput:
    """What turns `first`'s results into `second`'s codes.

    The pre-activation's scale puts the largest output of the calibration on the largest v.

    Raises:
        PanaceaError: if an input has one scale for each column, or offsets: the PPU cannot follow.
    """
    for layer in (first, second):
        if layer.input.s_x is None:
            raise PanaceaError(f"input of {layer.name} has one scale per column, but is chained")
        if layer.added.size:
            raise PanaceaError(f"input of {layer.name} has offsets, but is chained")
    v_scale = chain.peak / V_MAX
    scales = [requantisation(ratio) for ratio in first.s_w * first.input.s_x / v_scale]
    multiplier, shift = np.array(scales, np.int64).T
    return PpuOutput(
        multiplier=multiplier,
        shift=shift,
        table=fit(chain.function, v_scale, second.input.s_x, second.config),
        config=second.config,
    )
