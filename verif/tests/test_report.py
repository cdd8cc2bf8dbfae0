"""The report: pages, links, figures, as a browser shows them, from a folder as a nightly leaves."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from verif.build_spec import ROOT
from verif.regression.catalogue import CATALOGUE
from verif.regression.history import Metric
from verif.regression.records import Job, Triage
from verif.report.__main__ import main
from verif.report.browser import load_page
from verif.report.charts import Point, line_chart
from verif.report.ranking import rank
from verif.report.site import PAGES, duration
from verif.tests.result_folder import FAILED, NIGHTLY, Night, failed_run, make_night

REASON = "row 3 of <tile 2> & its neighbour differ"
OTHER = Job(test="core.resets.pea", variant="coverage", seed=5)
NIGHT = Night(
    failed=(failed_run(FAILED, REASON), failed_run(OTHER, "hang", 1.5)),
    triage=(
        Triage(
            number=1,
            signature=REASON,
            runs=1,
            job=FAILED,
            same=True,
            reason=REASON,
            command="",
            workdir="triage/1",
        ),
    ),
    holes={"core.w_run": ("7", "9")},
    metrics=(
        Metric(scope="pea/idxd", kind="line", hit=979, total=980, waived=3),
        Metric(scope="top/panacea_top", kind="measured", hit=0, total=1),
    ),
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the report."""
    folder = tmp_path_factory.mktemp("regress")
    before = replace(NIGHT.regression, id="20260228-010000-nightly", started="2026-02-28T01:00:00")
    make_night(folder, Night(regression=before, without=set(CATALOGUE) - {"unit.opc", "unit.idxd"}))
    make_night(folder, NIGHT)
    annotated = folder / NIGHTLY / "coverage" / "pea" / "idxd"
    annotated.mkdir(parents=True)
    for page in (annotated.parents[1], annotated):
        (page / "index.html").write_text("annotated", encoding="utf-8")
    assert main(["--folder", str(folder)]) == 0
    return folder / NIGHTLY / "report"


class Links(HTMLParser):
    """All that a page leads to, and the places in it that links may lead to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src"):
                self.targets.append(value or "")
            if name == "id":
                self.places.add(value or "")


def dead_links(report: Path) -> Iterator[str]:
    """Links that are not relative, or lead nowhere."""
    for page in sorted(report.glob("*.html")):
        for target in Links(page).targets:
            path, place = urldefrag(target)
            file = (report / path) if path else page
            if target == "data:,":
                continue
            if ":" in target or target.startswith("/") or not file.is_file():
                yield f"{page.name}: {target}"
            elif place and place not in Links(file).places:
                yield f"{page.name}: {target}: no such place"


def test_links(report: Path) -> None:
    assert {page.stem for page in report.glob("*.html")} == set(PAGES)
    assert list(dead_links(report)) == []


def test_dead_links_are_noticed(tmp_path: Path) -> None:
    text = '<a href="x.html"></a><a href="#y"></a><script src="https://z/z.js"></script><p id="y1">'
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    assert list(dead_links(tmp_path)) == [
        "page.html: x.html",
        "page.html: #y: no such place",
        "page.html: https://z/z.js",
    ]


PASSED = f"{len(NIGHT.runs) - 2} of {len(NIGHT.runs)}"
SHOWN = {
    "index": [f"{PASSED} runs passed", "2 buckets of failures", "99.99 %", "2 of 3", "<svg"],
    "signoff": ["V3, sign-off depth", "does not hold", "chip.smoke-random_x-77: failed"],
    "testplan": ["Index decoder (idxd)", "idxd: run_lengths: core.w_run lacks 7, 9", "closed"],
    "code": ["Not measured: top/panacea_top", "99.89 %", "../coverage/pea/idxd/index.html"],
    "functional": ["14 of 16", "7, 9", "No holes."],
    "failures": [
        "row 3 of &lt;tile 2&gt; &amp; its neighbour differ",
        "failed in the same way",
        "verif.run_test --seed 77 --testcase chip.smoke",
        "../triage/1/waves.fst",
        "../runs/core.resets.pea-coverage-5/sim.log",
    ],
    "tests": ["core.resets.pea", "50 %", "Slowest runs"],
    "ranking": ["runs with functional coverage reach all", "unit.opc", "Bins so far"],
    "history": ["2 regressions of this kind", "4 of 4", PASSED, "99.99 %"],
}
"""What a page must show, by its name."""


@pytest.mark.parametrize("page", PAGES)
def test_in_a_browser(report: Path, page: str) -> None:
    """Loads without a word on the console, and the figures are there."""
    document, console = load_page(report / f"{page}.html")
    assert console == []
    assert PAGES[page] in document
    for text in SHOWN[page]:
        assert text in document, text


def test_browser_complains(tmp_path: Path) -> None:
    """A script that fails would be told."""
    page = tmp_path / "page.html"
    page.write_text('<script>throw Error("boo")</script>', encoding="utf-8")
    _, console = load_page(page)
    assert ["boo" in line for line in console] == [True]


PROBE = """<script>
document.title = (document.documentElement.scrollWidth <= innerWidth) + " " +
  getComputedStyle(document.body).marginTop;
</script>"""


@pytest.mark.parametrize(
    ("page", "width"), [("index", 1200), ("testplan", 1200), ("testplan", 500), ("failures", 500)]
)
def test_layout(report: Path, tmp_path: Path, page: str, width: int) -> None:
    """The style is there, and nothing sticks out to the right."""
    shutil.copy(report / "style.css", tmp_path)
    probed = tmp_path / "page.html"
    text = (report / f"{page}.html").read_text(encoding="utf-8") + PROBE
    probed.write_text(text, encoding="utf-8")
    assert "<title>true 0px</title>" in load_page(probed, width=width)[0]
    probed.write_text(f'{text}<p style="width: 9000px">wide</p>{PROBE}', encoding="utf-8")
    assert "<title>false 0px</title>" in load_page(probed, width=width)[0]


def test_no_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path)]) == 2
    assert "run 'make nightly' first" in capsys.readouterr().err


def test_ranking() -> None:
    """Most new bins first, the shorter of two equal runs, nothing that adds nothing."""
    runs = [
        replace(failed_run(Job(test=name, variant="coverage", seed=1), ""), seconds=seconds)
        for name, seconds in (("a", 5.0), ("b", 3.0), ("c", 1.0), ("d", 1.0))
    ]
    bins = dict(zip(runs, ({1, 2, 3}, {1, 2, 3}, {3, 4}, {4}), strict=True))
    hit = {run: frozenset(("p", str(bin_)) for bin_ in found) for run, found in bins.items()}
    ranked = rank(hit)
    assert [(one.run.job.test, one.new, one.so_far) for one in ranked] == [("b", 3, 3), ("d", 1, 4)]
    assert rank({}) == ()


def test_chart() -> None:
    points = [Point(label=f"day {n}", value=v, text=f"{v} %") for n, v in enumerate((90.0, 95.5))]
    drawn = line_chart("Tests <passed>", points, unit=" %")
    assert 'aria-label="Tests &lt;passed&gt;: from 90.0 % (day 0) to 95.5 %"' in drawn
    assert drawn.count("<circle") == 2
    assert line_chart("one", points[:1]).count("<circle") == 1


def test_durations() -> None:
    assert [duration(s) for s in (0.04, 59.94, 60, 3599.6, 7265)] == [
        "0.0 s", "59.9 s", "1 min 00 s", "1 h 00 min", "2 h 01 min",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("failing", "code", "complete"),
    [
        ("none", 0, True),
        ("verif.regression", 1, True),
        ("verif.regression", 2, False),
        ("verif.formal", 1, True),
        ("verif.planted", 1, True),
    ],
)
def test_nightly_ends_with_a_report(
    tmp_path: Path, failing: str, code: int, complete: bool
) -> None:
    """Of runs, proofs and planted bugs, whatever failed, unless the runs did not come to their end.

    The exit code tells.
    """
    python, calls = tmp_path / "python", tmp_path / "calls"
    python.write_text(
        f'#!/bin/sh\necho "$2" >>{calls}\n[ "$2" != {failing} ] || exit {code}\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    command = ["make", "--old-file=setup", "nightly", f"PYTHON={python}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode == 0) == (code == 0)
    expected = ["verif.regression"]
    expected += ["verif.formal", "verif.planted", "verif.report"] if complete else []
    assert calls.read_text(encoding="utf-8").split() == expected
