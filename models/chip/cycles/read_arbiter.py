"""Read arbiter in the chip's cycle model (rtl/dma/read_arbiter.sv)."""

from models.chip.cycles import activation_dma, axi_reader, dispatcher, parameter_dma, weight_dma
from models.cycle_cache import block

__all__ = ["choose"]


@block
def choose(reader, desc, par, acts, segment, weights, w_beats):
    """The request that is taken: (line, beats, tag), tag NO_BEAT for none.

    Args:
        reader, desc, par, acts, weights: registers of the reader and of the DMAs.
        segment: beats of the segment that the activation DMA asks for, or 0.
        w_beats: the same of the weight DMA.
    """
    table = activation_dma.table_request(acts)
    if not axi_reader.ready(reader):
        return 0, 0, axi_reader.NO_BEAT
    if dispatcher.request(desc):
        return desc[dispatcher.DD_LINE], dispatcher.DESC_BEATS, axi_reader.TAG_DESC
    if parameter_dma.request(par) > 0:
        return par[parameter_dma.LINE], parameter_dma.request(par), axi_reader.TAG_PARAM
    # Activations and weights in turn.
    if w_beats > 0 and (reader[axi_reader.WEIGHTS_NEXT] == 1 or not (table or segment > 0)):
        return weights[weight_dma.LINE], w_beats, axi_reader.TAG_WEIGHT
    if table:
        return acts[activation_dma.TABLE_LINE], 1, axi_reader.TAG_TABLE
    if segment > 0:
        last = acts[activation_dma.LEFT] == 1
        tag = axi_reader.TAG_ACT_LAST if last else axi_reader.TAG_ACT
        return acts[activation_dma.LINE], segment, tag
    return 0, 0, axi_reader.NO_BEAT
