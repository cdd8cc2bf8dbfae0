"""All proofs of the project."""

from verif.formal.proof import Proof
from verif.formal.proofs.apsq import APSQ
from verif.formal.proofs.arithmetic import ARITHMETIC
from verif.formal.proofs.control import CONTROL
from verif.formal.proofs.dma import DMA
from verif.formal.proofs.streams import STREAMS

__all__ = ["PROOFS"]

PROOFS: dict[str, Proof] = {
    proof.name: proof for proof in (*STREAMS, *ARITHMETIC, *APSQ, *CONTROL, *DMA)
}
"""By name."""
