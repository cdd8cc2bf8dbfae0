"""Dense 8b x 8b baselines: SIMD, output- and weight-stationary systolic arrays of 768 MACs.

All operands have 8 bits; wider ones are two products of 8 bits each, narrower ones gain nothing.
SIMD has Panacea's sixteen PEAs and tiles, each with three 4x4 outer products of 8 bits a cycle; the
systolic arrays are 24 x 32 [C].
"""

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Literal

from models.baselines.dense_cycles import count_blocks
from models.baselines.dense_params import Dataflow, DenseParams
from models.baselines.dense_plan import plan_layer
from models.params import VECTOR, CoreParams
from models.predict.traffic import Traffic, layer_traffic
from models.predict.work import LayerWork

__all__ = ["ARRAY", "MACS", "Dense"]

MACS = 768
ARRAY = (24, 32)  # rows and columns of the systolic arrays
PSUM_BYTES = 4
FLOWS = {"simd": Dataflow.SIMD, "sa_os": Dataflow.SA_OS, "sa_ws": Dataflow.SA_WS}


@dataclass(frozen=True, kw_only=True)
class Dense:
    """One dataflow; `psum_bytes` of a stored partial sum (1 with APSQ)."""

    flow: Literal["simd", "sa_os", "sa_ws"]
    psum_bytes: int = PSUM_BYTES

    def products(self, work: LayerWork) -> dict[str, float]:
        """None of slices."""
        return {}

    def cycles(self, work: LayerWork) -> float:
        """By the cores' cycle model, for the whole layer; wider operands take passes.

        The layer follows an equal one, behind which its first block is loaded.
        """
        return _cycles(work.rows, work.depth, work.columns, FLOWS[self.flow]) * _passes(work)

    def bound(self, work: LayerWork) -> float:
        """Every MAC busy, but for the arrays' edges at the matrices' ends."""
        rows, columns = ARRAY
        passes = _passes(work)
        if self.flow == "simd":
            return work.macs * passes / MACS
        if self.flow == "sa_os":
            return ceil(work.rows / rows) * ceil(work.columns / columns) * work.depth * passes
        # New weights are loaded beside the old ones, a column of the array in a cycle.
        each = max(work.columns, columns)
        return ceil(work.rows / rows) * ceil(work.depth / columns) * each * passes

    def traffic(self, work: LayerWork) -> Traffic:
        """Bytes of 8-bit operands, 16-bit ones for wider formats."""
        w_bytes, x_bytes = _operand_bytes(work)
        return layer_traffic(
            rows=work.rows,
            columns=work.columns,
            weight_bytes=w_bytes,
            activation_bytes=x_bytes,
            result_bytes=work.rows * work.columns * _bytes(work.config.x_bits),
        )

    def events(self, work: LayerWork) -> dict[str, float]:
        """Events on the chip."""
        traffic, params = self.traffic(work), CoreParams()
        macs = work.macs * _passes(work)
        outputs = work.rows * work.columns
        w_bytes, x_bytes = _operand_bytes(work)
        rows, columns = ARRAY
        events = {
            "multiply_8x8": macs,
            "add_32": macs,
            "multiply_32x16": outputs,
            "omem_byte": 2 * traffic.results,
        }
        w_reads, x_reads = traffic.weight_reads, traffic.activation_reads
        if self.flow == "simd":
            flushed = outputs * ceil(work.depth / params.tile_k)
            events["psum_byte"] = flushed * 2 * self.psum_bytes
            operands = macs * 2 / VECTOR  # an outer product reads 4 + 4 bytes for 16 MACs
            events["buffer_byte"] = operands + w_reads + x_reads * (1 + params.num_pea)
        elif self.flow == "sa_os":
            w_reads = w_bytes * ceil(work.columns / columns)
            x_reads = x_bytes * ceil(work.rows / rows)
            events["register_byte"] = 2 * macs  # both operands move on
        else:
            x_reads = x_bytes * ceil(work.rows / rows)
            events["register_byte"] = (1 + PSUM_BYTES) * macs  # activations and sums move on
            stored = outputs * ceil(work.depth / columns) * _passes(work)
            events["psum_memory_byte"] = stored * 2 * self.psum_bytes
        events["wmem_byte"] = traffic.weights + w_reads
        events["amem_byte"] = traffic.activations + x_reads
        return events


@cache
def _cycles(rows: int, depth: int, columns: int, dataflow: Dataflow) -> int:
    params = DenseParams(dataflow=dataflow)
    plan = plan_layer(rows, depth, columns, params)
    return count_blocks(plan * 2, params).cycles - count_blocks(plan, params).cycles


def _operand_bytes(work: LayerWork) -> tuple[float, float]:
    """Bytes of all weights and activations."""
    return (
        work.rows * work.depth * _bytes(work.config.w_bits),
        work.depth * work.columns * _bytes(work.config.x_bits),
    )


def _bytes(bits: int) -> int:
    return 2 if bits > 8 else 1


def _passes(work: LayerWork) -> int:
    """Products of 8-bit parts that make one product."""
    return _bytes(work.config.w_bits) * _bytes(work.config.x_bits)
