"""Bugs to plant into APSQ: its engine, its path, and what tells a step from an output."""

from verif.planted.planting import CORE_ILLEGAL, PlantedBug

__all__ = ["APSQ_BUGS"]


def _engine(old: str, new: str) -> PlantedBug:
    return PlantedBug(
        file="apsq/apsq_engine.sv", old=old, new=new, check="apsq", symptom="engine_random"
    )


def _steps(old: str, new: str) -> PlantedBug:
    return PlantedBug(
        file="apsq/apsq_steps.sv", old=old, new=new, check="apsq", symptom="path_random"
    )


def _path(old: str, new: str, symptom: str) -> PlantedBug:
    return PlantedBug(file="apsq/apsq_path.sv", old=old, new=new, check="apsq", symptom=symptom)


APSQ_BUGS = {
    "codes cut off instead of rounded": _engine(
        "rounded  = doubled + (SumW+1)'(1);", "rounded  = doubled;"
    ),
    "codes wrap instead of saturating": _engine(
        "{rounded[SumW], {QsumW-1{!rounded[SumW]}}};", "rounded[QsumW:1];"
    ),
    "stored codes taken as unsigned": _engine(
        "SumW'($signed(code)) << exponent;", "SumW'(code) << exponent;"
    ),
    "oldest code of a group forgotten": _steps(
        "4'b1111 >> (2'd3 - apsq.gs)", "4'b1110 >> (2'd3 - apsq.gs)"
    ),
    "first step adds what an earlier tile left": _steps(
        "if (open_q && bank_q == '0)", "if (bank_q == '0)"
    ),
    "exponent kept for the wrong bank": _steps(
        "exponents_o[bank_q*ExpW +: ExpW] <=", "exponents_o[0 +: ExpW] <="
    ),
    "last step does not end the tile": _steps(
        "(apsq.last || bank_q == apsq.gs)", "(bank_q == apsq.gs)"
    ),
    "codes wanted before they are stored": _path(
        "(!sum_valid_q || sum_go) && !clash", "(!sum_valid_q || sum_go)", "read while it is written"
    ),
    "exact block overtakes a quantised one": _path(
        "(valid_i && !apsq.on && !sum_valid_q)", "(valid_i && !apsq.on)", "path_"
    ),
    "results at half the rate": _path(
        "assign y_space = !y_valid_q || y_ready_i;", "assign y_space = !y_valid_q;", "path_"
    ),
    "APSQ of the wrong command": PlantedBug(
        file="core/result_merge.sv",
        old="y_apsq_o <= sel_apsq_q;",
        new="y_apsq_o <= out_cmd.apsq;",
        check="result_merge",
        symptom="merge_random",
    ),
    "steps of different groups accepted": PlantedBug(
        file="core/aqs_gemm_core.sv",
        old="&& cmd_i.apsq.gs == open_gs_q",
        new="",
        check=CORE_ILLEGAL,
        symptom="err_o is 000, expected 100",
    ),
    "PPU gets a command for every step": PlantedBug(
        file="dma/parameter_dma.sv",
        old="else if (step_end && gives)   state_d = StCmd;",
        new="else if (step_end)            state_d = StCmd;",
        check="parameter_dma_3",
        symptom="parameters_",
    ),
    "step counted as an output": PlantedBug(
        file="top/dispatcher.sv",
        old="SeqW'(gives);",
        new="SeqW'(!more);",
        check="dispatcher",
        symptom="dispatch_",
    ),
}
"""By what is wrong."""
