"""Networks whose partial sums are quantised: APSQ with scales of their own calibration inputs."""

from dataclasses import replace

from models.apsq import Apsq
from models.apsq_calibration import calibrate_apsq
from models.calibration import LayerQuant
from models.networks.requests import ChipNetwork
from models.networks.steps import Samples

__all__ = ["with_apsq"]

COLUMNS = 256  # of the calibration inputs, for the exponents


def with_apsq(
    network: ChipNetwork, samples: Samples, *, gs: int, depth: int, plain: bool = False
) -> ChipNetwork:
    """The network with every layer's partial sums quantised.

    Args:
        network: with exact integer layers.
        samples: calibration inputs of every layer.
        gs: group size, 1..4.
        depth: K of a step; on the chip a multiple of its tile_k.
        plain: scales for plain quantisation instead, to compare with.
    """

    def calibrated(layer: LayerQuant) -> Apsq:
        inputs = samples.inputs[layer.name]
        step = max(1, inputs.shape[1] // COLUMNS)
        return calibrate_apsq(layer, inputs[:, ::step], gs=gs, depth=depth, plain=plain)

    layers = network.quantised.layers
    apsq = {name: calibrated(layer) for name, layer in layers.items()}
    return replace(network, quantised=replace(network.quantised, apsq=apsq))
