"""How long a record is on its way to the name servers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rehearsal.clouds.clock import Clock, parse

Json = dict[str, Any]


class Propagation:
    """`seconds` from writing a record until somebody sees it; none, unless it is set."""

    def __init__(self, clock: Clock, records: Callable[[], list[Json]]) -> None:
        self._clock, self._records = clock, records
        self.seconds = 0.0

    def visible(self) -> list[Json]:
        """The records that have arrived."""
        latest = self._clock.now() - timedelta(seconds=self.seconds)
        return [row for row in self._records() if parse(row["modified_on"]) <= latest]

    def slow_down(self, seconds: float) -> None:
        """From now on it takes so long; ValueError below zero."""
        if seconds < 0:
            raise ValueError(f"seconds is {seconds}: a record arrives after it was written")
        self.seconds = seconds
