"""The bugs to plant into copies of the dense baselines, each with the dataflow that shows it."""

from models.baselines.dense_params import Dataflow
from verif.planted.planting import PlantedBug

__all__ = ["DENSE_BUGS"]


def _bug(file: str, old: str, new: str, dataflow: Dataflow, symptom: str) -> PlantedBug:
    """One bug of a file below `rtl/baselines`; the check is called as the dataflow."""
    check = dataflow.name
    return PlantedBug(file=f"baselines/{file}.sv", old=old, new=new, check=check, symptom=symptom)


DENSE_BUGS = {
    "SIMD takes activations as signed": _bug(
        "dense_pkg", "$signed({1'b0, x})", "$signed(x)", Dataflow.SIMD,
        "wrong results",
    ),
    "SIMD sums of blocks of K not added": _bug(
        "psum_path", "kept = wr_first_q ? '0 : old;", "kept = '0;", Dataflow.SIMD,
        "wrong results",
    ),
    "short tiles take a cycle too many": _bug(
        "block_walker", "step_q >= 10'(MinSteps - 1)", "step_q >= 10'(MinSteps)", Dataflow.SA_WS,
        "cycles is",
    ),
    "outputs looked for in the other half": _bug(
        "block_walker", "half_q <= !half_q;", "half_q <= half_q;", Dataflow.SIMD, "unknown bits",
    ),
    "bias of the first row tile everywhere": _bug(
        "output_drain", "bias_q + 5'(Parts);", "bias_q;", Dataflow.SIMD, "wrong results",
    ),
    "weights of SA-OS out of step": _bug(
        "os_array", "phase_q <= phase + 1'b1;", "phase_q <= phase;", Dataflow.SA_OS,
        "wrong results",
    ),
    "SA-OS reads weights in every step": _bug(
        "dense_core", "x_rd, w_rd};", "x_rd, x_rd};", Dataflow.SA_OS, "w_reads is",
    ),
    "SA-WS cells take the neighbour's weight": _bug(
        "ws_array", "k%WordK)*WeightW", "(k+1)%WordK)*WeightW", Dataflow.SA_WS, "unknown bits",
    ),
    "SA-WS activations in one half": _bug(
        "operand_loader", "x_half_q ? XAddrW'(ActDepth) : '0;", "'0;", Dataflow.SA_WS,
        "unknown bits",
    ),
    "SA-WS counts APSQ steps in blocks": _bug(
        "dense_core", ".end_i       (tile_valid)", ".end_i       (tile_valid && tile_first)",
        Dataflow.SA_WS, "unknown bits",
    ),
    "SA-WS keeps all codes in one bank": _bug(
        "psum_path", "(step_q.bank == 2'(j))", "(j == 0)", Dataflow.SA_WS, "wrong results",
    ),
    "SA-WS gives codes for what they stand for": _bug(
        "psum_path", "step_q.gives ? values : stored", "stored", Dataflow.SA_WS, "wrong results",
    ),
    "APSQ marks a cycle late": _bug(
        "psum_path", "step_q <= acc_step_i;", "if (wr_valid_q) step_q <= acc_step_i;",
        Dataflow.SA_WS, "unknown bits",
    ),
}  # fmt: skip
"""By what is wrong."""
