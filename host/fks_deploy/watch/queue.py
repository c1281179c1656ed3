"""The last round trip of a task through the API's queue to a worker and back."""

import json
from dataclasses import dataclass

from ..paths import Paths

WORKER = "api-worker"
BROKER = "api-queue"
# Seconds
_LATE_AFTER = 600.0


@dataclass(frozen=True)
class RoundTrip:
    """Times in seconds since 1970: of the last check, and since when it has this result."""

    checked: float
    since: float
    healthy: bool

    @property
    def failing(self) -> bool:
        """Whether it failed twice: one failure may be a restart of the queue."""
        return not self.healthy and self.checked > self.since

    def age(self, now: float) -> float:
        return now - self.checked

    def late(self, now: float) -> bool:
        """Whether the check itself does not run any more."""
        return self.age(now) > _LATE_AFTER


def load(paths: Paths) -> RoundTrip | None:
    """From the deep check's file; None on a server without it."""
    try:
        document = json.loads((paths.deep / "api.json").read_text())
    except FileNotFoundError:
        return None
    part = document["parts"]["queue"]
    return RoundTrip(document["checked"], part["since"], part["status"] == "healthy")
