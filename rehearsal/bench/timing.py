"""Figures of several runs, and ratios of paired runs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """The values of several runs, shown as minimum, median and maximum."""

    name: str
    values: tuple[float, ...]
    unit: str
    goal: str = ""

    def row(self) -> tuple[str, ...]:
        """Return the cells of a table: name, runs, minimum, median, maximum, goal."""
        low, middle, high = min(self.values), statistics.median(self.values), max(self.values)
        cells = (f"{value:.2f} {self.unit}" for value in (low, middle, high))
        return (self.name, str(len(self.values)), *cells, self.goal)


def ratios(name: str, above: Sequence[float], below: Sequence[float], goal: str = "") -> Figure:
    """Return the ratios of paired runs, each pair measured one right after the other."""
    pairs = zip(above, below, strict=True)
    return Figure(name, tuple(top / bottom for top, bottom in pairs), "x", goal)
