"""What a network's run on the chip tells of each layer: one line of JSON in the run's folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.calibration import activation_sparsity
from models.chip.bound import chip_bound
from models.chip.request import ChipLayer
from models.compression import vector_sparsity, weight_vectors
from models.slicing import slice_weights
from verif.agents.bus_traffic import Kind
from verif.env.chip_outcome import CheckedRun

__all__ = ["LayerRecord", "layer_records", "read_records", "write_records"]


@dataclass(frozen=True, kw_only=True)
class LayerRecord:
    """One layer of one program.

    Attributes:
        name, m, k, n, w_bits, x_bits, dbs_type, r, dtp: what ran.
        x_skipped, w_skipped: shares of skipped high-order vectors.
        cycles: from the layer before's last result in memory to its own; the first layer's from
            the start of the run, the last layer's to its end.
        compute_cycles, memory_cycles: the layer's bounds.
        bytes_read, bytes_written: by the layer's descriptors.
        wrong: elements that differ from the plain formula.
    """

    name: str
    m: int
    k: int
    n: int
    w_bits: int
    x_bits: int
    dbs_type: int
    r: int
    dtp: bool
    x_skipped: float
    w_skipped: float
    cycles: int
    compute_cycles: float
    memory_cycles: float
    bytes_read: int
    bytes_written: int
    wrong: int

    @property
    def bound(self) -> float:
        """The larger of the two bounds."""
        return max(self.compute_cycles, self.memory_cycles)


def layer_records(
    checked: CheckedRun, cycles: int, results: Mapping[str, np.ndarray]
) -> list[LayerRecord]:
    """The layers of one checked run.

    Args:
        checked: the run, with its model's execution.
        cycles: of the whole run, by its counter.
        results: what the chip wrote, by layer.
    """
    program = checked.program.program
    bound = chip_bound(program, checked.execution)
    ends = _ends(checked, cycles)
    lengths = np.diff([0, *ends]).tolist()
    records = []
    for layer, dtp, limit, length in zip(
        program.layers, program.dtp, bound.layers, lengths, strict=True
    ):
        x = layer.x if layer.source is None else results[layer.source]
        records.append(
            LayerRecord(
                name=layer.name,
                m=len(layer.w),
                k=layer.w.shape[1],
                n=x.shape[1],
                w_bits=layer.config.w_bits,
                x_bits=layer.config.x_bits,
                dbs_type=layer.config.dbs_type,
                r=layer.config.r,
                dtp=dtp,
                x_skipped=activation_sparsity(x, layer.config),
                w_skipped=_weight_sparsity(layer),
                cycles=length,
                compute_cycles=limit.compute_cycles,
                memory_cycles=limit.memory_cycles,
                bytes_read=limit.bytes_read,
                bytes_written=limit.bytes_written,
                wrong=int((results[layer.name] != checked.program.expected[layer.name]).sum()),
            )
        )
    return records


def _ends(checked: CheckedRun, cycles: int) -> list[int]:
    """Cycles from the run's start to each layer's last result in memory; the last is the end."""
    traffic, places = checked.item.traffic, checked.program.program.outputs
    answered = traffic.answered
    at = traffic.records["cycle"][answered].astype(np.int64)
    first = int(traffic.records["cycle"][traffic.where(Kind.AR)[0]])
    ends = []
    for place in places[:-1]:
        inside = traffic.write_addresses - place.address
        ends.append(int(at[(inside >= 0) & (inside < place.size)].max()) - first)
    return [*ends, cycles]


def _weight_sparsity(layer: ChipLayer) -> float:
    if layer.config.n == 0:
        return 0.0
    return vector_sparsity(weight_vectors(slice_weights(layer.w, layer.config.w_bits)[-1]), 0)


def write_records(path: Path, records: list[LayerRecord]) -> None:
    """Append records to a file."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(asdict(record))}\n" for record in records)


def read_records(path: Path) -> list[LayerRecord]:
    """All whole lines of a file; none if there is no file yet."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [LayerRecord(**json.loads(line)) for line in text.split("\n")[:-1]]
