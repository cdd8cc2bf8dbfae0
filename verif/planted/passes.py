"""Bugs to plant into what makes several commands passes over the same partial sums."""

from verif.planted.planting import CORE_ILLEGAL, CORE_WIDTHS, PlantedBug

__all__ = ["PASS_BUGS"]

PASS_BUGS = {
    "compensation not scaled with the weights": PlantedBug(
        file="pea/operator_array.sv",
        old=".up_i     (dyn_wgt_up_q[1]),",
        new=".up_i     (1'b0),",
        check=CORE_WIDTHS,
        symptom="wrong results",
    ),
    "compensation scaled by 4 instead of 8": PlantedBug(
        file="pea/compensator.sv",
        old=".shift_i({2{up_i}})",
        new=".shift_i({up_i, 1'b0})",
        check="s_acc",
        symptom="compensator_random",
    ),
    "wrong shift of a pass": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="{1'b0, {2{cmd.wgt_up}}}",
        new="{1'b0, cmd.wgt_up, 1'b0}",
        check=CORE_WIDTHS,
        symptom="wrong results",
    ),
    "later pass takes itself for the first": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="first_d = !open_q;",
        new="first_d = 1'b1;",
        check="global_activation_buffer",
        symptom="gab_random",
    ),
    "every pass ends the output": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="last_tile && !more;",
        new="last_tile;",
        check="global_activation_buffer",
        symptom="gab_random",
    ),
    "every pass counts as an output": PlantedBug(
        file="core/global_activation_buffer.sv",
        old="cmd_id_q + 2'(!more);",
        new="cmd_id_q + 2'd1;",
        check="global_activation_buffer",
        symptom="gab_random",
    ),
    "compensation of 12-bit activations not scaled": PlantedBug(
        file="core/result_merge.sv",
        old="case ({act_up, dbs})",
        new="case ({1'b0, dbs})",
        check=CORE_WIDTHS,
        symptom="wrong results",
    ),
    "results wanted from every pass": PlantedBug(
        file="core/aqs_gemm_core.sv",
        old="cmd_go && !cmd_i.more",
        new="cmd_go",
        check=CORE_WIDTHS,
        symptom="no beat moved",
    ),
    "passes of different tiles accepted": PlantedBug(
        file="core/aqs_gemm_core.sv",
        old="&& cmd_i.dtp == open_dtp_q",
        new="",
        check=CORE_ILLEGAL,
        symptom="err_o is 000, expected 100",
    ),
    "flag of the wrong pass": PlantedBug(
        file="pea/workload_scheduler.sv",
        old="dyn_flush_wgt_up_o <= cur_meta.wgt_up;",
        new="dyn_flush_wgt_up_o <= gen_meta.wgt_up;",
        check="workload_scheduler",
        symptom="dyn: flush",
    ),
}
"""By what is wrong."""
