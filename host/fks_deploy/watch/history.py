"""How long problems last, and which of them the operator does not know of yet."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from .problem import Problem
from .utc import iso

# Seconds that a problem lasts before an alert
ALERT_AFTER = 600.0
# Seconds without a problem before it is over: one good reading between bad ones does not end it
OVER_AFTER = 180.0
EVENTS_KEPT = 20


@dataclass
class Entry:
    """One problem, `since` and last `seen` in seconds since 1970. `alerted`: an alert was sent."""

    text: str
    command: str
    since: float
    seen: float
    alerted: bool = False


@dataclass(frozen=True)
class News:
    """What the next alert has to say; `started` and `over` are keys of problems."""

    started: tuple[str, ...]
    over: tuple[str, ...]
    events: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.started or self.over or self.events)


@dataclass
class History:
    """The problems by key, and events such as a restart that no alert has mentioned."""

    problems: dict[str, Entry] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "History":
        """From `asdict`. Error: KeyError or TypeError for another document."""
        entries = {key: Entry(**entry) for key, entry in document["problems"].items()}
        return cls(entries, list(document["events"]))

    def document(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)

    def update(self, found: Iterable[Problem], now: float) -> None:
        """Take the problems of one run; forget those that ended before an alert was due."""
        for key in [key for key in self.problems if self._is_over(key, now)]:
            if not self.problems[key].alerted:
                del self.problems[key]
        for one in found:
            known = self.problems.get(one.key)
            # A clock that was set back must not delay the alert.
            since = min(known.since, now) if known else now
            alerted = known.alerted if known else False
            self.problems[one.key] = Entry(one.text, one.command, since, now, alerted)

    def add_event(self, text: str, now: float) -> None:
        """Only the newest are kept while no alert can be sent."""
        self.events = [*self.events, f"{iso(now)} {text}"][-EVENTS_KEPT:]

    def lasting(self) -> list[str]:
        """The texts of the problems that last long enough for an alert."""
        return [one.text for one in self.problems.values() if one.seen - one.since >= ALERT_AFTER]

    def news(self, now: float) -> News:
        """What an alert sent at this time has to say."""
        started = [
            key
            for key, one in self.problems.items()
            if not one.alerted and one.seen == now and now - one.since >= ALERT_AFTER
        ]
        over = [
            key for key, one in self.problems.items() if one.alerted and self._is_over(key, now)
        ]
        return News(tuple(started), tuple(over), tuple(self.events))

    def sent(self, news: News) -> None:
        """An alert with this news was delivered."""
        for key in news.started:
            self.problems[key].alerted = True
        for key in news.over:
            del self.problems[key]
        self.events = self.events[len(news.events) :]

    def _is_over(self, key: str, now: float) -> bool:
        return now - self.problems[key].seen >= OVER_AFTER
