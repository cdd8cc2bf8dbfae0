"""The example of docs/software.md runs and prints what the page says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "software.md"


def test_example(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed = re.search(
        r"```python\n(.*?)```\n\nIt prints\n\n```\n(.*?)```", PAGE.read_text(), re.DOTALL
    ).groups()
    exec(compile(code, str(PAGE), "exec"), {})
    assert capsys.readouterr().out == printed
