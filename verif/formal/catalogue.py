"""All proofs of the project."""

from verif.formal.proof import BOUNDED, COMBINATIONAL, INDUCTION, Proof
from verif.planting import PlantedBug

__all__ = ["PROOFS"]


def _bug(proof: str, file: str, old: str, new: str, symptom: str) -> PlantedBug:
    return PlantedBug(file=file, old=old, new=new, check=proof, symptom=symptom)


_ALL = (
    Proof(
        name="stream_fifo",
        top="stream_fifo_props",
        claim="What goes into a FIFO comes out, once, in order, and waits there unchanged.",
        source="docs/blocks.md",
        blocks=("stream_fifo", "payload_check"),
        bugs={
            "takes one more": _bug(
                "stream_fifo",
                "common/stream_fifo.sv",
                "assign ready_o = count_q != CntW'(Depth)",
                "assign ready_o = 1'b1",
                "a_room",
            ),
            "write pointer wraps late": _bug(
                "stream_fifo",
                "common/stream_fifo.sv",
                "(wr_q == PtrW'(Depth - 1)) ? '0 : wr_q",
                "wr_q",
                "a_order",
            ),
        },
    ),
)

PROOFS = {proof.name: proof for proof in _ALL}
"""By name."""
