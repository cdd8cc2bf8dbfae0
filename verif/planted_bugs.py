"""Bugs to plant into copies of the RTL, each with the check that must catch it.

A bug is a textual substitution that must fit its file exactly once, so that a rewritten block
cannot leave a bug here that is none any more.
"""

from dataclasses import dataclass
from pathlib import Path

from models.errors import PanaceaError
from verif.build_spec import ROOT

__all__ = ["BUGS", "CORE", "PlantedBug", "plant"]

CORE = "core"
"""The check that runs random layers on a core of one PEA; all others are unit benches."""


@dataclass(frozen=True, kw_only=True)
class PlantedBug:
    """One bug.

    Attributes:
        file: the RTL file, below `rtl/`.
        old: text that occurs exactly once in it.
        new: what replaces it.
        check: `CORE`, or the unit bench that must fail.
        symptom: part of the failed run's reason; the bug must be caught for what it does.
    """

    file: str
    old: str
    new: str
    check: str
    symptom: str


BUGS = {
    "compensation left out": PlantedBug(
        file="core/result_merge.sv",
        old="wide = PsumW'($signed(comp)) * PsumW'(r);",
        new="wide = '0;",
        check=CORE,
        symptom="wrong results",
    ),
    "r off by one": PlantedBug(
        file="core/result_merge.sv",
        old="* PsumW'(r);",
        new="* (PsumW'(r) + PsumW'(1));",
        check=CORE,
        symptom="wrong results",
    ),
    "next destination's product also counted as LL": PlantedBug(
        file="pea/operator_array.sv",
        old="part[k+1] = (cur_q[Op] || nxt_q[Op])",
        new="part[k+1] = cur_q[Op]",
        check=CORE,
        symptom="wrong results",
    ),
    "destination a stage early": PlantedBug(
        file="pea/pea.sv",
        old="localparam int Stages = 3;",
        new="localparam int Stages = 2;",
        check=CORE,
        symptom="wrong results",
    ),
    "placeholder dropped": PlantedBug(
        file="pea/idxd.sv",
        old="assign valid_o[e] = used[e] && !over[e];",
        new="assign valid_o[e] = used[e] && !over[e] && index_i[e*IndexW +: IndexW] != '1;",
        check="idxd",
        symptom="idxd_legal",
    ),
    "position of a placeholder not counted": PlantedBug(
        file="pea/idxd.sv",
        old="at[e] + SumW'(1)",
        new="at[e] + SumW'(index_i[e*IndexW +: IndexW] != '1)",
        check="idxd",
        symptom="idxd_legal",
    ),
    "end of the K-tile off by one": PlantedBug(
        file="pea/idxd.sv",
        old="(at[e] >= SumW'(k_len_i))",
        new="(at[e] > SumW'(k_len_i))",
        check="idxd",
        symptom="idxd_overrun",
    ),
    "wrong shift of a kind": PlantedBug(
        file="pea/dwo.sv",
        old="w_high_i ? raw <<< 3 : raw",
        new="w_high_i ? raw <<< 4 : raw",
        check="opc",
        symptom="dwo_shifts",
    ),
    "a multiplier takes x as signed": PlantedBug(
        file="pea/opc.sv",
        old="+: ProdW] = w * x;",
        new="+: ProdW] = (i == 2 && c == 1) ? w * ProdW'($signed(x[SliceW-1:0])) : w * x;",
        check="opc",
        symptom="opc_exhaustive",
    ),
    "a product of the quad left out": PlantedBug(
        file="pea/swo.sv",
        old="SumW'($signed(product[3][e*ProdW +: ProdW]))",
        new="SumW'($signed(product[2][e*ProdW +: ProdW]))",
        check="opc",
        symptom="swo_sums",
    ),
    "wrong DBS shift of type 3": PlantedBug(
        file="pea/s_acc.sv",
        old="(dbs_i == 2'd3) ? wide <<< 2",
        new="(dbs_i == 2'd3) ? wide <<< 3",
        check="s_acc",
        symptom="s_acc_random",
    ),
    "next destination's sum lost at a flush": PlantedBug(
        file="pea/s_acc.sv",
        old="acc_q <= nxt;",
        new="acc_q <= '0;",
        check="s_acc",
        symptom="s_acc_random",
    ),
    "compensation of low activation slices": PlantedBug(
        file="pea/compensator.sv",
        old="(nxt_i[o] && x_high_i[o])",
        new="nxt_i[o]",
        check="s_acc",
        symptom="compensator_random",
    ),
    "sign extension forgotten": PlantedBug(
        file="pea/psum_buffer.sv",
        old="OutW'($signed(data[e*InW +: InW]))",
        new="OutW'(data[e*InW +: InW])",
        check="psum_buffer",
        symptom="psum_buffer_random",
    ),
    "stale sum after a read": PlantedBug(
        file="pea/psum_buffer.sv",
        old="fresh_q[rd_addr_i]  <= 1'b1;",
        new="fresh_q[rd_addr_i]  <= 1'b0;",
        check="psum_buffer",
        symptom="psum_buffer_random",
    ),
    "FIFO pointer does not wrap": PlantedBug(
        file="common/stream_fifo.sv",
        old="wr_q <= (wr_q == PtrW'(Depth - 1)) ? '0 : wr_q + 1'b1;",
        new="wr_q <= wr_q + 1'b1;",
        check="stream_fifo",
        symptom="fifo_random",
    ),
    "drain overtakes the static scheduler": PlantedBug(
        file="pea/result_drain.sv",
        old="dyn_count_q != '0 && sta_count_q != '0",
        new="dyn_count_q != '0",
        check="result_drain",
        symptom="result_drain_random",
    ),
    "stale weight mask": PlantedBug(
        file="pea/wbuf.sv",
        old="else if (ho_clear_i) begin",
        new="else if (ho_clear_i && tile_i) begin",
        check="weight_loader",
        symptom="mask of tile 0",
    ),
    "last low word of a K-tile lost": PlantedBug(
        file="pea/weight_loader.sv",
        old="assign quads    = (kt + (PosW+1)'(3)) >> 2;",
        new="assign quads    = (kt < (PosW+1)'(5)) ? (PosW+1)'(1) : kt >> 2;",
        check="weight_loader",
        symptom="weights_random",
    ),
    "stale stored flags after a short K-tile": PlantedBug(
        file="pea/group_buffer.sv",
        old="mask_q[wr_slot] <= TileK'(stored_i);",
        new="mask_q[wr_slot][0 +: BeatLen] <= stored_i;",
        check="group_buffer",
        symptom="group_buffer_random",
    ),
    "group written over before the static scheduler is done": PlantedBug(
        file="pea/group_buffer.sv",
        old="((SlotW+1)'(wr_q - sta_ptr_i) != (SlotW+1)'(Depth));",
        new="1'b1;",
        check="group_buffer",
        symptom="group_buffer",
    ),
    "wrong sub-tile after a DTP swap": PlantedBug(
        file="pea/workload_scheduler.sv",
        old="dyn_next[i] ? nxt_tile : cur_tile;",
        new="cur_tile;",
        check="workload_scheduler",
        symptom="is taken from",
    ),
    "bank released too early": PlantedBug(
        file="pea/workload_scheduler.sv",
        old="(dyn_release[b] && sta_release[b])",
        new="(dyn_release[b] || sta_release[b])",
        check="workload_scheduler",
        symptom="bank released too early",
    ),
    "partial sums taken before they are drained": PlantedBug(
        file="pea/workload_scheduler.sv",
        old="meta.group < at_group",
        new="meta.group <= at_group",
        check="workload_scheduler",
        symptom="partial sums are still in use",
    ),
    "static scheduler does not wait for weights": PlantedBug(
        file="pea/workload_scheduler.sv",
        old="full_q[sta_meta.bank]\n                          && !sta_done_q[sta_meta.bank]",
        new="1'b1",
        check="workload_scheduler",
        symptom="the weights are not loaded",
    ),
    "leftover DWO quad goes to the wrong operators": PlantedBug(
        file="pea/static_scheduler.sv",
        old="NumSwoQuads + NumQuads - 1 - q;",
        new="q;",
        check="workload_scheduler_8_4",
        symptom="a DWO has two products",
    ),
    "flush does not wait": PlantedBug(
        file="pea/dynamic_scheduler.sv",
        old="assign waits    = flush && sta_flush_i && (sta_flush_tile_i == cur_tile_q);",
        new="assign waits    = 1'b0;",
        check="workload_scheduler",
        symptom="two updates of one tile",
    ),
    "busy DWO takes a quad": PlantedBug(
        file="pea/static_scheduler.sv",
        old="if (dwo_allowed && !dwo_busy_i[q])",
        new="if (dwo_allowed)",
        check="workload_scheduler",
        symptom="a DWO has two products",
    ),
    "full activation buffer loses a beat": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="(state_q != StIdle) && !full_q[fill_q];",
        new="state_q != StIdle;",
        check="global_activation_buffer",
        symptom="gab_random",
    ),
    "last group flag of a short command lost": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="meta.last_group = last_group;",
        new="meta.last_group = last_group && group_q != '0;",
        check="global_activation_buffer",
        symptom="gab_",
    ),
    "stalled result lost": PlantedBug(
        file="core/result_merge.sv",
        old="assign y_space   = !y_valid_o || y_ready_i;",
        new="assign y_space   = 1'b1;",
        check="result_merge",
        symptom="merge_random",
    ),
    "bias banks swapped": PlantedBug(
        file="core/result_merge.sv",
        old="bias_mem[int'({out_bank_q, tile_q})",
        new="bias_mem[int'({!out_bank_q, tile_q})",
        check="result_merge",
        symptom="merge_random",
    ),
}
"""By what is wrong."""


def plant(bug: PlantedBug, folder: Path) -> tuple[Path, Path]:
    """Write a copy of the bug's file with the bug in it to `folder`.

    Returns:
        the original and the copy.

    Raises:
        PanaceaError: the text to replace does not occur exactly once.
    """
    original = ROOT / "rtl" / bug.file
    text = original.read_text(encoding="utf-8")
    if text.count(bug.old) != 1:
        raise PanaceaError(f"old: {bug.old!r} occurs {text.count(bug.old)} times in {bug.file}")
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / original.name
    copy.write_text(text.replace(bug.old, bug.new), encoding="utf-8")
    return original, copy
