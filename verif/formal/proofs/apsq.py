"""Partial sums quantised step by step."""

from verif.formal.proof import COMBINATIONAL, RTL_ASSERTION, Proof, bug

__all__ = ["APSQ"]

APSQ = (
    Proof(
        name="apsq_engine",
        top="apsq_engine_props",
        claim="q = clip(floor(v / 2^e + 1/2)) of the exact sum v, for all sums, codes, exponents.",
        source="specification, section 6; docs/apsq.md",
        blocks=("apsq_engine",),
        method=COMBINATIONAL,
        cover=1,
        limits="one element (all are alike)",
        bugs={
            "sum a bit short": bug(
                "apsq/apsq_engine.sv",
                "localparam int SumW = PsumW + 3;",
                "localparam int SumW = PsumW + 2;",
                "a_sum",
            ),
            "half rounds down": bug(
                "apsq/apsq_engine.sv", "doubled + (SumW+1)'(1)", "doubled", "a_"
            ),
            "no clip below": bug(
                "apsq/apsq_engine.sv",
                "{rounded[SumW], {QsumW-1{!rounded[SumW]}}}",
                "{1'b0, {QsumW-1{1'b1}}}",
                "a_",
            ),
            "code taken as unsigned": bug(
                "apsq/apsq_engine.sv", "SumW'($signed(code))", "SumW'(code)", "a_"
            ),
        },
    ),
    Proof(
        name="apsq_steps",
        top="apsq_steps_props",
        claim="An additive step adds each code stored since the one before it once, and no other.",
        source="specification, section 6; docs/apsq.md",
        blocks=("apsq_steps",),
        limits="tiles of up to 64 steps",
        cover=14,
        bugs={
            "last step adds a group too many": bug(
                "apsq/apsq_steps.sv", "~(4'b1111 << bank_q)", "~(4'b1110 << bank_q)", "a_adds"
            ),
            "group a step too long": bug(
                "apsq/apsq_steps.sv", "bank_q == apsq.gs)", "bank_q > apsq.gs)", "a_"
            ),
            "next tile adds to the one before": bug(
                "apsq/apsq_steps.sv", "open_q <= !apsq.last;", "open_q <= 1'b1;", "a_adds"
            ),
            "exponent of the step that adds": bug(
                "apsq/apsq_steps.sv",
                "exponents_o[bank_q*ExpW +: ExpW]",
                "exponents_o[0 +: ExpW]",
                "a_exponent",
            ),
        },
    ),
    Proof(
        name="apsq_path",
        top="apsq_path_props",
        claim="Blocks leave in order: exact ones unchanged, others with the codes of their place.",
        source="docs/apsq.md",
        blocks=("apsq_path", "ram_1r1w"),
        cover=18,
        limits="tiles of up to 4 blocks; one element (all are alike)",
        quick=False,
        bugs={
            "exact block lost before a result": bug(
                "apsq/apsq_path.sv",
                ": !sum_valid_q && !y_valid_q && y_ready_i;",
                ": !sum_valid_q && y_ready_i;",
                "a_exact",
            ),
            "codes read before they are written": bug(
                "apsq/apsq_path.sv", "(!sum_valid_q || sum_go) && !clash", "1'b1", RTL_ASSERTION
            ),
            "codes in all banks": bug(
                "apsq/apsq_path.sv",
                "&& !sum_gives_q && bank_q == 2'(j)",
                "&& !sum_gives_q",
                "a_codes",
            ),
            "a waiting result replaced": bug(
                "apsq/apsq_path.sv", "(!sum_gives_q || y_space);", "1'b1;", "a_"
            ),
        },
    ),
)
