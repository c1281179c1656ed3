"""The text of an alert, as plain JSON and in Discord's format."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .history import Entry, History, News
from .utc import iso

# Discord's limits for an embed, https://discord.com/developers/docs/resources/message#embed-object
_TITLE_LIMIT, _DESCRIPTION_LIMIT = 256, 4096
_RED, _GREEN, _YELLOW = 0xE74C3C, 0x2ECC71, 0xF1C40F


@dataclass(frozen=True)
class Message:
    """`server` is the host name; the entries are those of the history."""

    server: str
    time: float
    started: tuple[Entry, ...] = ()
    over: tuple[Entry, ...] = ()
    events: tuple[str, ...] = ()

    @classmethod
    def of(cls, server: str, history: History, news: News, now: float) -> "Message":
        started = tuple(history.problems[key] for key in news.started)
        over = tuple(history.problems[key] for key in news.over)
        return cls(server, now, started, over, news.events)

    def text(self) -> str:
        """The title, and a line for each problem, recovery and event."""
        return f"{self._title()}\n{self._text()}"

    def json(self) -> dict[str, Any]:
        """For any other receiver than Discord; times in UTC as in ISO 8601."""
        return {
            "server": self.server,
            "time": iso(self.time),
            "text": self.text(),
            "problems": [
                {"problem": one.text, "since": iso(one.since), "command": one.command}
                for one in self.started
            ],
            "recovered": [
                {"problem": one.text, "since": iso(one.since), "until": iso(one.seen)}
                for one in self.over
            ],
            "events": list(self.events),
        }

    def discord(self) -> dict[str, Any]:
        """One embed; it mentions nobody, whatever a text contains."""
        color = _RED if self.started else _GREEN if self.over else _YELLOW
        embed = {
            "title": self._title()[:_TITLE_LIMIT],
            "description": self._text()[:_DESCRIPTION_LIMIT],
            "color": color,
        }
        return {"embeds": [embed], "allowed_mentions": {"parse": []}}

    def _title(self) -> str:
        counts = (
            (len(self.started), "problem(s)"),
            (len(self.over), "recovered"),
            (len(self.events), "event(s)"),
        )
        parts = [f"{number} {what}" for number, what in counts if number]
        return f"{self.server}: {', '.join(parts)}"

    def _text(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for one in self.started:
            yield f"PROBLEM since {iso(one.since)}: {one.text}"
            yield f"next: `{one.command}`"
        for one in self.over:
            yield f"RECOVERED, from {iso(one.since)} to {iso(one.seen)}: {one.text}"
        for event in self.events:
            yield f"EVENT: {event}"
