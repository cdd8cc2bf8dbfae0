"""The checks catch bugs: a planted one fails the test that must see it, for what it does.

Here one bug for each check; `make bugs` plants them all.
"""

from dataclasses import replace

import pytest

from models.errors import PanaceaError
from verif.planted.__main__ import main
from verif.planted.checks import core_check, pass_check, try_bug
from verif.planted.core import CORE_BUGS
from verif.planted.planting import plant
from verif.planted.suite import ALL_BUGS, BUG_LISTS, QUICK_BUGS

SMALL_BUG = "wrong shift of a kind"


@pytest.mark.parametrize("name", QUICK_BUGS)
def test_planted_bug_is_caught(name: str) -> None:
    bug = ALL_BUGS[name]
    pass_check(bug.check)
    trial = try_bug(name, bug)
    assert trial.caught, f"{name}: {trial.reason} ({trial.command})"


def test_quick_bugs_show_every_check() -> None:
    assert {bug.check for bug in ALL_BUGS.values()} == {ALL_BUGS[name].check for name in QUICK_BUGS}


def test_every_bug_fits_its_file(tmp_path) -> None:
    for bug in ALL_BUGS.values():
        plant(bug, tmp_path)


def test_spacing_does_not_matter(tmp_path) -> None:
    bug = CORE_BUGS[SMALL_BUG]
    spaced = replace(bug, old="w_high_i?raw\n  <<<3:raw")
    first, second = (plant(one, tmp_path)[1].read_text() for one in (bug, spaced))
    assert first == second


def test_every_bug_has_a_name_of_its_own() -> None:
    assert len(ALL_BUGS) == sum(map(len, BUG_LISTS))


@pytest.mark.parametrize(("old", "times"), [("no such text", 0), ("default_nettype", 2)])
def test_bug_that_no_longer_fits_is_an_error(old: str, times: int, tmp_path) -> None:
    bug = replace(CORE_BUGS[SMALL_BUG], old=old)
    with pytest.raises(PanaceaError, match=f"occurs {times} times in pea/dwo.sv"):
        plant(bug, tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"new": "w_high_i ? raw << 3 : raw"}, "not caught by opc"),
        ({"symptom": "no such symptom"}, "caught for another reason"),
        ({"new": "w_high_i ? raw <<< 4 ; raw"}, "does not compile"),
    ],
)
def test_bug_that_is_not_caught_for_what_it_does(change: dict, reason: str) -> None:
    trial = try_bug("uncaught", replace(CORE_BUGS[SMALL_BUG], **change))
    assert not trial.caught
    assert trial.reason.startswith(reason)


def test_command(capsys, tmp_path) -> None:
    record = tmp_path / "bugs.json"
    assert main(["--names", f"{SMALL_BUG},a multiplier*", "--record", str(record)]) == 0
    out = capsys.readouterr().out
    assert SMALL_BUG in out
    assert "2 of 2 bugs caught" in out
    assert '"caught": true' in record.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--names", "nobody"], "names: 'nobody' fits no bug"), (["--jobs", "0"], "jobs: 0")],
)
def test_bad_options(arguments: list[str], message: str, capsys) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "symptom"),
    [("CommandHidden", "never ended"), ("NothingPlayed", "nothing was compared")],
)
def test_scoreboard_that_receives_nothing_is_caught(fault: str, symptom: str) -> None:
    check = core_check("faults", {})
    result = check.run(check.build, testcase=fault)
    assert not result.passed
    assert symptom in result.reason
