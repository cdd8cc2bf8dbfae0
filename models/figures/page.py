"""The page of all figures: a section each, with the command that makes it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from models.figures.figure import FigureSpec, Table

__all__ = ["command", "section", "write_page"]

STYLE = """
body { font: 15px/1.45 sans-serif; margin: 2em auto; max-width: 76em; padding: 0 1em; }
img { max-width: 100%; } code { background: #f3f3f3; padding: 0.1em 0.3em; }
table { border-collapse: collapse; margin: 1em 0; font-size: 13px; }
td, th { border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left; }
.synthetic { border-left: 6px solid #d9a441; padding-left: 1em; }
.real { border-left: 6px solid #3b7a57; padding-left: 1em; }
"""
HEADINGS = {
    "real": "Real networks, packaged weights, real text",
    "synthetic": "Synthetic operands",
}


def command(spec: FigureSpec) -> str:
    """What makes the figure alone."""
    return f"make figures FIGURES={spec.name}"


def section(spec: FigureSpec, table: Table, image: str) -> str:
    """HTML of one figure."""
    head = "".join(f"<th>{escape(title)}</th>" for title in table.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in table.rows
    )
    return (
        f'<section class="{spec.operands}" id="{spec.name}"><h3>{escape(spec.title)}</h3>\n'
        f"<p>{escape(spec.caption)}</p>\n"
        f"<p><code>{escape(command(spec))}</code></p>\n"
        f'<img src="{image}" alt="{escape(spec.title)}">\n'
        f"<table><tr>{head}</tr>\n{body}</table></section>\n"
    )


def write_page(folder: Path, sections: Sequence[tuple[FigureSpec, str]]) -> Path:
    """Write `index.html` of sections, real and synthetic ones apart; returns its path."""
    parts = [
        f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Panacea: figures</title>"
        f"<style>{STYLE}</style><h1>Figures</h1>\n"
        "<p>Cycles of a core are those of its cycle model, which equals its RTL; of large layers "
        "a sample is timed (docs/predictions.md). A layer takes the larger of that and its "
        "external bytes / 32. Energies are ratios under models/energy.yaml, no measurement. "
        "<code>make figures CHECK=1</code> makes every number again and compares.</p>\n"
    ]
    for operands, heading in HEADINGS.items():
        found = [html for spec, html in sections if spec.operands == operands]
        if found:
            parts += [f"<h2>{heading}</h2>\n", *found]
    path = folder / "index.html"
    path.write_text("".join(parts), encoding="utf-8")
    return path
