"""What a simulation left behind: its JUnit file and its log, turned into a verdict."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["CaseResult", "read_junit", "simulator_error", "tail", "verdict"]

# A failing assertion in the HDL: Icarus prints "ERROR:" or "FATAL:", Verilator "%Error:".
_HDL_ERROR = re.compile(r"^(?:\[\d+\] )?((?:ERROR|FATAL): [^ ]+:\d+:.*|%(?:Error|Fatal).*)$", re.M)

_EXCEPTION = re.compile(r"^\w*(?:Error|Exception|Exit)\b: .*$", re.M)


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """One cocotb test: ``status`` is ``passed``, ``failed`` or ``skipped``."""

    name: str
    status: str
    message: str
    sim_time_ns: float


def read_junit(path: Path) -> tuple[CaseResult, ...]:
    """Return the tests of a JUnit file; none when the file does not exist or is cut off."""
    try:
        root = ElementTree.parse(path).getroot()
    except (FileNotFoundError, ElementTree.ParseError):
        return ()
    cases = []
    for node in root.iter("testcase"):
        failed = next((child for child in node if child.tag in ("failure", "error")), None)
        skipped = node.find("skipped") is not None
        cases.append(
            CaseResult(
                name=f"{node.get('classname')}.{node.get('name')}",
                status="failed" if failed is not None else "skipped" if skipped else "passed",
                message="" if failed is None else _message(failed),
                sim_time_ns=_sim_time_ns(node),
            )
        )
    return tuple(cases)


def simulator_error(log: str) -> str | None:
    """Return the first error line the simulator itself wrote to its log, if any.

    Icarus ends with code 0 after a failing ``$error``: the log is the only place it shows.
    """
    match = _HDL_ERROR.search(log)
    return match[1].strip() if match else None


def tail(path: Path, lines: int = 20) -> str:
    """Return the last lines of a text file."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return "\n".join(text.splitlines()[-lines:])


def verdict(cases: tuple[CaseResult, ...], *, log: str, code: int) -> str:
    """Return why a run failed, or an empty string when it passed.

    Args:
        cases: the tests of the run's JUnit file.
        log: text of the simulator's log.
        code: the simulator's exit code.
    """
    if error := simulator_error(log):
        return f"error in the HDL: {error}"
    failed = [case for case in cases if case.status == "failed"]
    if failed:
        first = failed[0]
        return f"{len(failed)} of {len(cases)} tests failed; {first.name}: {first.message}"
    if code != 0:
        return f"the simulator ended with exit code {code}{_signal(code)}"
    if not any(case.status == "passed" for case in cases):
        detail = f"{len(cases)} skipped" if cases else _last_exception(log)
        return f"no test ran ({detail})"
    return ""


def _last_exception(log: str) -> str:
    lines = _EXCEPTION.findall(log)
    return lines[-1] if lines else "the test module or the test's name is wrong"


def _sim_time_ns(node: ElementTree.Element) -> float:
    values = {item.get("name"): item.get("value") for item in node.iter("property")}
    return float(values.get("sim_time_duration") or 0)


def _message(node: ElementTree.Element) -> str:
    text = node.get("error_msg") or node.get("message") or node.text or "no message"
    return text.strip().partition("\n")[0]


def _signal(code: int) -> str:
    return f" (killed by signal {-code})" if code < 0 else ""
