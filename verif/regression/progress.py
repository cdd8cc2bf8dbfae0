"""What a person sees of a regression that runs: a live line, and a few lines for each failure."""

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.progress import TimeElapsedColumn as Elapsed

__all__ = ["ProgressLine", "say"]

QUIET_SECONDS = 30.0
"""Between two lines where the output is no terminal."""


def say(console: Console, text: str) -> None:
    """Print text as it is: nothing coloured, no line broken, so that commands can be copied."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


class ProgressLine:
    """A context manager: `done` after each job."""

    def __init__(
        self, console: Console, what: str, seconds: list[float], *, workers: int = 1
    ) -> None:
        """`seconds` are the expected ones of each job, unknown ones 0."""
        self._console, self._what, self._total = console, what, len(seconds)
        known = [value for value in seconds if value]
        self._left = sum(seconds) * len(seconds) / len(known) if known else 0.0
        self._workers, self._done, self._failed = workers, 0, 0
        self._start = self._shown = time.monotonic()
        self._live = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("{task.fields[state]}"),
            Elapsed(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._live.add_task(what, total=self._total, state="")

    def __enter__(self) -> "ProgressLine":
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        self._line()

    def done(self, expected: float, failure: str = "") -> None:
        """One job more is done; `failure` tells what went wrong with it and how to repeat it."""
        self._done += 1
        self._left = max(0.0, self._left - expected)
        self._failed += bool(failure)
        if failure:
            say(self._console, failure)
        self._live.update(self._task, completed=self._done, state=self._state())
        due = time.monotonic() - self._shown > QUIET_SECONDS and self._done < self._total
        if due and not self._console.is_terminal:
            self._line()

    def _state(self) -> str:
        parts = [f"{self._failed} failed"] if self._failed else []
        parts += [f"{_clock(self._remaining())} to go"] if self._done < self._total else []
        return ", ".join(parts)

    def _remaining(self) -> float:
        """Seconds: from what jobs took in the past if that is known, else from those just done."""
        if self._left:
            return self._left / self._workers
        elapsed = time.monotonic() - self._start
        return elapsed / max(1, self._done) * (self._total - self._done)

    def _line(self) -> None:
        self._shown = time.monotonic()
        text = f"{self._what}: {self._done}/{self._total} in {_clock(self._shown - self._start)}"
        say(self._console, ", ".join(filter(None, (text, self._state()))))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
