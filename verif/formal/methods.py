"""A proof is run by a solver or by symbolic simulation, as its kind says."""

from pathlib import Path

from verif.formal import flow
from verif.formal.proof import Proof
from verif.formal.symbolic import flow as symbolic_flow
from verif.formal.symbolic.proof import SymbolicProof
from verif.formal.verdict import FOLDER, Verdict

__all__ = ["AnyProof", "check_bug", "prove"]

AnyProof = Proof | SymbolicProof


def prove(proof: AnyProof, *, folder: Path = FOLDER, timeout: float | None = None) -> Verdict:
    """What comes of a proof; arguments and errors are those of the kind's own `prove`."""
    return _flow(proof).prove(proof, folder=folder, timeout=timeout)


def check_bug(
    proof: AnyProof, name: str, *, folder: Path = FOLDER, timeout: float | None = None
) -> Verdict:
    """Whether a planted bug refutes a proof as it must; see the kind's own `check_bug`."""
    return _flow(proof).check_bug(proof, name, folder=folder, timeout=timeout)


def _flow(proof: AnyProof):
    return symbolic_flow if isinstance(proof, SymbolicProof) else flow
