"""Figures of runs, taken in turns so that a busy moment of the machine hits all alike, and their table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

HEADINGS = ("what", "figure", "beside", "ratio", "aim")


@dataclass(frozen=True)
class Figure:
    """A line of a table. `ratio` is what was measured over what stands `beside` it."""

    what: str
    figure: str
    beside: str = ""
    ratio: float | None = None
    aim: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as it is printed."""
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (self.what, self.figure, self.beside, ratio, self.aim)


@dataclass(frozen=True)
class Times:
    """Milliseconds of one run, and how many were done in a second."""

    median: float
    p99: float
    per_second: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ms (p99 {self.p99:.0f}), {self.per_second:.0f}/s"


def times_of(seconds: Sequence[float], elapsed: float) -> Times:
    """What came of one run."""
    ordered = sorted(seconds)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return Times(statistics.median(ordered) * 1000, p99 * 1000, len(ordered) / elapsed)


def in_turns(rounds: int, runs: Mapping[str, Callable[[], Times]]) -> dict[str, Times]:
    """Every run once a round, one after the other; the medians over the rounds."""
    taken: dict[str, list[Times]] = {name: [] for name in runs}
    for number in range(rounds):
        names = list(runs)
        for name in names if number % 2 == 0 else reversed(names):
            taken[name].append(runs[name]())
    return {name: _middle(of_one) for name, of_one in taken.items()}


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table in Markdown, its columns aligned."""
    rows = [HEADINGS, *(figure.cells for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def _middle(times: Sequence[Times]) -> Times:
    return Times(
        statistics.median(one.median for one in times),
        statistics.median(one.p99 for one in times),
        statistics.median(one.per_second for one in times),
    )
