"""Bugs to plant into what makes operators pooled."""

from verif.planted.planting import CORE_POOLED, CORE_POOLED_FREE, PlantedBug

__all__ = ["POOLED_BUGS"]

POOLED_BUGS = {
    "what is done of a quad forgotten": PlantedBug(
        file="pea/window_picker.sv",
        old="? next[3:0] - base : '0;",
        new="? '0 : '0;",
        check="pooled_scheduler",
        symptom="is no work, or was done before",
    ),
    "second product of a position always taken for W_H x_L": PlantedBug(
        file="pea/window_picker.sv",
        old="assign w_high_o[i]         = nth[0] && w;",
        new="assign w_high_o[i]         = nth[0];",
        check="pooled_scheduler",
        symptom="is no work, or was done before",
    ),
    "next destination's operands taken from the current group": PlantedBug(
        file="pea/pooled_scheduler.sv",
        old="in_cur[q] ? cur_slot_q : gen_ptr_q[SlotW-1:0];",
        new="cur_slot_q;",
        check="pooled_scheduler",
        symptom="is taken from",
    ),
    "bank released with its first group": PlantedBug(
        file="pea/pooled_scheduler.sv",
        old="(group_end && cur_meta_q.last_group && cur_meta_q.bank == 1'(b))",
        new="(group_end && cur_meta_q.bank == 1'(b))",
        check="pooled_scheduler",
        symptom="bank released too early",
    ),
    "single tile does not wait for a double one": PlantedBug(
        file="pea/pooled_scheduler.sv",
        old="!gen_meta.dtp && !drain_dtp_i &&",
        new="!gen_meta.dtp &&",
        check="pooled_scheduler",
        symptom="partial sums are still in use",
    ),
    "single tiles all in one half of the partial sums": PlantedBug(
        file="pea/pooled_scheduler.sv",
        old="cur_meta_q.dtp ? cur_tile_q : cur_meta_q.cmd_id[0];",
        new="cur_tile_q;",
        check="pooled_scheduler",
        symptom="pool: flush",
    ),
    "HO weight vectors of a quad in the wrong order": PlantedBug(
        file="pea/wbuf.sv",
        old="PosW'({quad_i[q*QuadA +: QuadA], 2'(v)}))];",
        new="PosW'({quad_i[q*QuadA +: QuadA], 2'(3 - v)}))];",
        check="weight_loader",
        symptom="HO quad of",
    ),
    "quads of HO activation vectors taken from the LO vectors": PlantedBug(
        file="pea/group_buffer.sv",
        old="assign quad_ho_o[q*QuadW +: QuadW] = ho_mem[",
        new="assign quad_ho_o[q*QuadW +: QuadW] = lo_mem[",
        check="group_buffer",
        symptom="high quad",
    ),
    "results read from the other half": PlantedBug(
        file="pea/result_drain.sv",
        old="(TakeTurns && !dtp_i) ? cmd_id_q[0] : tile_q;",
        new="tile_q;",
        check=CORE_POOLED,
        symptom="wrong results",
    ),
    "next destination's product also counted for the current one": PlantedBug(
        file="pea/pooled_array.sv",
        old="rst_ni && valid_i[i] && !next_i[i];",
        new="rst_ni && valid_i[i];",
        check=CORE_POOLED,
        symptom="wrong results",
    ),
    "right, but no operator works for the next destination": PlantedBug(
        file="pea/pooled_scheduler.sv",
        old="gen_ready && !in_cur[q] &&",
        new="gen_ready && left == '0 &&",
        check=CORE_POOLED_FREE,
        symptom="the cycle model says",
    ),
}
