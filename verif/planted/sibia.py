"""Bugs to plant into copies of the Sibia-style core's RTL, and the check that must catch them."""

from models.baselines.sibia import SibiaParams
from verif.planted.planting import SIBIA, PlantedBug

__all__ = ["PLANTED_OPTIONS", "PLANTED_SIBIA", "SIBIA_BUGS"]

PLANTED_SIBIA = SibiaParams(num_pea=1, tile_k=32, tile_n=8)
"""The core that the bugs are planted into."""

PLANTED_OPTIONS = {"names": ["few"]}
"""Of the check: a corner of a few layers, without pauses, so that cycles are checked too."""


def _bug(block: str, old: str, new: str, symptom: str = "wrong results") -> PlantedBug:
    file = f"baselines/sibia_{block}.sv"
    return PlantedBug(file=file, old=old, new=new, check=SIBIA, symptom=symptom)


SIBIA_BUGS = {
    "sparse slices taken as unsigned": _bug(
        "pea", "opc #(.SignedX(1'b1))", "opc #(.SignedX(1'b0))"
    ),
    "single slice takes the HO place": _bug(
        "pea", "op_single_i ? odd : odd <<< 3", "odd <<< 3"
    ),
    "HO item at the wrong k": _bug(
        "group_ring", "{ho_pos[e*PosW +: PosW], data_i", "{ho_pos[PosW-1:0], data_i"
    ),
    "group begins again behind its straddled items": _bug(
        "sequencer", "done_q <= ends ? ItemA'(n_nxt) :",
        "done_q <= ends ? '0 :",
    ),
    "right, but never straddles": _bug(
        "sequencer", "assign n_nxt     = !(ends && nxt_ready)",
        "assign n_nxt     = !(ends && 1'b0)", "cycle model says",
    ),
    "words of a short K-tile's last quad lost": _bug(
        "loader", "14'((k_len_i - 16'd1) >> 2)", "14'((k_len_i - 16'd2) >> 2)", "unknown bits"
    ),
    "partial sums written over before they are read": _bug(
        "sequencer", "cur_meta.first_tile && psum_busy_q[cur_meta.psum_bank]", "1'b0"
    ),
    "drain reads the other bank": _bug(
        "drain", "assign rd_addr_o   = {bank_q,", "assign rd_addr_o   = {!bank_q,"
    ),
}  # fmt: skip
"""By what is wrong."""
