"""The delay between writing a DNS record and the name servers' answering with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from rehearsal.clouds.clock import Clock, parse

Json = dict[str, Any]


class Propagation:
    """Filters the records by age: only those older than `seconds` are visible."""

    def __init__(self, clock: Clock, records: Callable[[], list[Json]]) -> None:
        self._clock, self._records = clock, records
        self.seconds = 0.0

    def visible(self) -> list[Json]:
        """The records that the name servers have."""
        latest = self._clock.now() - timedelta(seconds=self.seconds)
        return [row for row in self._records() if parse(row["modified_on"]) <= latest]

    def set_delay(self, seconds: float) -> None:
        """Set the delay; ValueError for negative seconds."""
        if seconds < 0:
            raise ValueError(f"seconds is {seconds}: a delay cannot be negative")
        self.seconds = seconds
