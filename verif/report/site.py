"""Writes the site: every page from its template and the results."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from verif.report.context import context
from verif.signoff.results import Results

__all__ = ["PAGES", "duration", "write_site"]

PAGES = {
    "index": "Dashboard",
    "signoff": "Sign-off",
    "testplan": "Testplan",
    "code": "Code coverage",
    "functional": "Functional coverage",
    "failures": "Failures",
    "tests": "Tests",
    "ranking": "Ranked seeds",
    "history": "History",
}
"""Name of the file and title, in the order of the navigation."""


def write_site(results: Results) -> Path:
    """Write the site into the regression's folder `report`; returns its first page."""
    folder = results.folder / "report"
    folder.mkdir(parents=True, exist_ok=True)
    loader = PackageLoader("verif.report")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["duration"] = duration
    environment.globals |= context(results) | {"pages": PAGES}
    for page, title in PAGES.items():
        text = environment.get_template(f"{page}.html").render(page=page, title=title)
        (folder / f"{page}.html").write_text(text, encoding="utf-8")
    style, _, _ = loader.get_source(environment, "style.css")
    (folder / "style.css").write_text(style, encoding="utf-8")
    return folder / "index.html"


def duration(seconds: float) -> str:
    """A time for people."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"
