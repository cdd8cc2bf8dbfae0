"""What the chip's counters must be after a run without errors."""

from collections.abc import Sequence

from models.chip.descriptor import DESCRIPTOR_BYTES, Descriptor
from models.chip.executor import ExecutedCommand, Execution
from models.chip.params import BEAT_BYTES, ChipParams
from models.pwl import SEGMENTS
from verif.agents.chip_items import RunItem

__all__ = ["expected_counts"]

_TABLE_ENTRY = 2
_QUAD = 4


def expected_counts(execution: Execution, item: RunItem, params: ChipParams) -> dict[str, int]:
    """Counters that the program and what was seen on the bus decide, by name.

    Args:
        execution: the model's run of the same program.
        item: what the monitors saw.
        params: sizes of the chip.
    """
    commands = execution.commands
    counts = {"BYTES_READ": _bytes_read(commands), "BYTES_WRITTEN": _bytes_written(commands)}
    for row, kind in enumerate(("HH", "HL", "LH")):
        counts[f"PRODUCTS_{kind}"] = int(sum(command.counts[row].sum() for command in commands))
    counts["PRODUCTS_LL"] = sum(_low_products(command, params) for command in commands)
    counts |= _memory_words(commands, params)
    if item.sums is not None:
        hh, hl, lh, ll_swo, ll_dwo, *_, refused = item.sums
        counts |= {"DWO_BUSY": hh + hl + lh + ll_dwo, "SWO_BUSY": ll_swo, "STALL_BUS": refused}
    return counts


def _parameter_bytes(d: Descriptor, params: ChipParams) -> int:
    """Bytes of the parameter block that a command reads."""
    if d.more:
        return 0
    section = -(-4 * params.core.rows * d.sub_tiles // BEAT_BYTES) * BEAT_BYTES
    return section * (1 + (d.new_rows and d.gives)) + 8 * SEGMENTS * (d.new_pwl and d.gives)


def _segment_bytes(command: ExecutedCommand, params: ChipParams) -> int:
    """Bytes of activation segments that a command loads."""
    d = command.descriptor
    weights = BEAT_BYTES * d.w_beats * d.w_load
    table = _TABLE_ENTRY * d.x_segments * d.x_load
    return command.bytes_read - weights - table - _parameter_bytes(d, params)


def _bytes_read(commands: Sequence[ExecutedCommand]) -> int:
    """Whole beats: descriptors and what they load, tables rounded up."""
    tables = (_TABLE_ENTRY * c.descriptor.x_segments * c.descriptor.x_load for c in commands)
    padding = sum(-size % BEAT_BYTES for size in tables)
    return sum(DESCRIPTOR_BYTES + command.bytes_read for command in commands) + padding


def _bytes_written(commands: Sequence[ExecutedCommand]) -> int:
    return sum(command.bytes_written for command in commands)


def _low_products(command: ExecutedCommand, params: ChipParams) -> int:
    """LL: every K-tile rounded up to the four products that an operator quad runs."""
    d, tile_k = command.descriptor, params.core.tile_k
    quads = sum(-(-min(tile_k, d.k_len - k) // _QUAD) for k in range(0, d.k_len, tile_k))
    return _QUAD * quads * d.groups * params.core.num_pea * d.sub_tiles


def _memory_words(commands: Sequence[ExecutedCommand], params: ChipParams) -> dict[str, int]:
    """Words into and out of the three memories: a block is written once and read every play."""
    w_words = _weight_words(commands, params)
    counts = dict.fromkeys(("WMEM_WRITES", "WMEM_READS", "AMEM_WRITES", "AMEM_READS"), 0)
    queues: dict[str, list[int]] = {"w": [], "x": []}
    for command in commands:
        d = command.descriptor
        if d.w_load:
            queues["w"].append(w_words.pop(0))
            counts["WMEM_WRITES"] += queues["w"][-1]
        if d.x_load:
            x_words = _segment_bytes(command, params) // BEAT_BYTES
            queues["x"].append(x_words)
            counts["AMEM_WRITES"] += x_words
        for name, play, keep in (("w", d.w_play, d.w_keep), ("x", d.x_play, d.x_keep)):
            if play:
                memory = "WMEM" if name == "w" else "AMEM"
                counts[f"{memory}_READS"] += queues[name][0]
                if not keep:
                    queues[name].pop(0)
    data = (len(part) for c in commands for _, part in c.writes if len(part) != _TABLE_ENTRY)
    counts["OMEM_WRITES"] = counts["OMEM_READS"] = sum(data) // BEAT_BYTES
    return counts


def _weight_words(commands: Sequence[ExecutedCommand], params: ChipParams) -> list[int]:
    """Words of every weight block, in order of their loads: all its beats but the headers.

    A block has a chunk for each K-tile of the commands that its first play serves.
    """
    loads = [c.descriptor.w_beats for c in commands if c.descriptor.w_load]
    chunks: list[int] = []
    first_play, kept = True, False
    for command in commands:
        d = command.descriptor
        if d.w_play:
            first_play, kept = not kept, d.w_keep
            if first_play:
                chunks.append(0)
        if first_play:
            chunks[-1] += -(-d.k_len // params.core.tile_k)
    return [beats - params.header_beats * count for beats, count in zip(loads, chunks, strict=True)]
