"""All proofs of the project."""

from verif.formal.methods import AnyProof
from verif.formal.proofs.apsq import APSQ
from verif.formal.proofs.arithmetic import ARITHMETIC
from verif.formal.proofs.control import CONTROL
from verif.formal.proofs.core import CORE
from verif.formal.proofs.dma import DMA
from verif.formal.proofs.streams import STREAMS

__all__ = ["PROOFS"]

PROOFS: dict[str, AnyProof] = {
    proof.name: proof for proof in (*STREAMS, *ARITHMETIC, *APSQ, *CONTROL, *DMA, *CORE)
}
"""By name."""
