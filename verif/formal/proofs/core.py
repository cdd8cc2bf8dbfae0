"""The core as a whole."""

from verif.formal.proof import BOUNDED, Proof, bug

__all__ = ["CORE"]

CORE = (
    Proof(
        name="core",
        top="core_props",
        claim="Whatever the compressed streams hold, the result is bias + w x, and it comes.",
        source="specification, section 4",
        blocks=("aqs_gemm_core", "pea", "global_activation_buffer", "result_merge"),
        method=BOUNDED,
        depth=34,
        cover=34,
        limits=(
            "2 PEAs of 4 + 4 operators, T_K = K = 4, one column group, single tile, no pauses; "
            "one element; of its row, weights of one k are nonzero"
        ),
        quick=False,
        bugs={
            "compensation not shifted": bug(
                "core/result_merge.sv", "bias - (wide << 5)", "bias - (wide << 4)", "a_result"
            ),
            "weights of the other kind": bug(
                "pea/compensator.sv", "w_high_i[o] ? slice <<< 3 : slice", "slice", "a_result"
            ),
            "dynamic sum lost with the static one": bug(
                "pea/dynamic_scheduler.sv",
                "assign advance  = exhausted && !waits;",
                "assign advance  = exhausted;",
                "a_result",
            ),
        },
    ),
)
