"""The signature of a failure: its reason without all that differs from seed to seed."""

import re

__all__ = ["signature"]

_RULES = (
    # Which tests of a run failed, and how many: the first one's message says what went wrong.
    (r"^\d+ of \d+ tests failed; [\w.\[\]]+: ", ""),
    # The place of an assertion, as each simulator writes it; its message names the instance.
    (r"^error in the HDL: (?:ERROR|FATAL|%Error|%Fatal): (?:[^ ]+:\d+: )?", "HDL: "),
    (r"Assertion failed in \S+ ", ""),
    # Of a scoreboard's errors, the first.
    (r"^\d+ scoreboard errors(?:, the first)?: ([^;]*).*$", r"\1"),
    (r"\b(program|layer) [^\s:]+", r"\1"),
    (r" \(seed \d+\)", ""),
    (r"(?:/[\w.+-]+)+/", ""),
    (r"0x[0-9a-fA-FxXzZ]+", "#"),
    (r"\b[0-9a-fA-F]*\d[0-9a-fA-F]*\b", "0"),
    (r"(?<!\w)-?\d+|\d+", "#"),
    (r"\s+", " "),
    (r"(?<=[\[(]) ", ""),
    # Lists are as long as the seed makes them.
    (r"#(?:,? #)+", "#"),
)


def signature(reason: str, place: str) -> str:
    """Return what failures of one cause have in common.

    Args:
        reason: why a run failed, as its report says.
        place: whose check failed, for checks that say so little that others have the same text;
            an assertion of the HDL names its instance itself.
    """
    text = reason.partition("\n")[0]
    for pattern, new in _RULES:
        text = re.sub(pattern, new, text)
    return text if text.startswith("HDL: ") else f"{place}: {text}"
