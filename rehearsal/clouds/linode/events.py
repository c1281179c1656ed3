"""The account's events: what was asked for, and whether it has finished."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rehearsal.clouds.clock import Clock, parse
from rehearsal.clouds.linode.errors import not_found


def stamp(moment: datetime) -> str:
    """A time as Linode writes it: UTC without a zone."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


@dataclass(kw_only=True)
class Event:
    """One thing done to one entity; `status` is started, finished or failed."""

    id: int
    action: str
    created: str
    entity_id: int
    entity_type: str
    entity_label: str
    status: str = "started"
    message: str = ""

    def view(self) -> dict[str, Any]:
        """The event as the API shows it."""
        kind = "instances" if self.entity_type == "linode" else "firewalls"
        ended = self.status in ("finished", "failed", "notification")
        return {
            "id": self.id,
            "action": self.action,
            "created": self.created,
            "entity": {
                "id": self.entity_id,
                "type": self.entity_type,
                "label": self.entity_label,
                "url": f"/v4/linode/{kind}/{self.entity_id}",
            },
            "secondary_entity": None,
            "status": self.status,
            "percent_complete": 100 if ended else 1,
            "rate": None,
            "read": False,
            "seen": False,
            "time_remaining": None if ended else "00:00:30",
            "username": "rehearsal",
            "duration": 1.0 if ended else 0.0,
            "message": self.message,
        }


class Events:
    """All events, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[Event] = []

    def add(self, number: int, action: str, entity: tuple[int, str, str]) -> Event:
        """Note that something began; `entity` is (id, type, label)."""
        entity_id, kind, label = entity
        event = Event(
            id=number,
            action=action,
            created=stamp(self._clock.now()),
            entity_id=entity_id,
            entity_type=kind,
            entity_label=label,
        )
        self._events.append(event)
        return event

    def get(self, number: int) -> Event:
        """One event, or Linode's 404."""
        for event in self._events:
            if event.id == number:
                return event
        raise not_found()

    def count(self, action: str, entity_id: int, seconds: float) -> int:
        """How often something happened to an entity in the last seconds."""
        since = self._clock.now() - timedelta(seconds=seconds)
        return sum(
            (event.action, event.entity_id) == (action, entity_id) and parse(event.created) > since
            for event in self._events
        )

    def views(self) -> list[dict[str, Any]]:
        """All of them, the newest first, as the API lists them."""
        return [event.view() for event in reversed(self._events)]

    def dump(self) -> list[dict[str, Any]]:
        """Plain data for the state file."""
        return [asdict(event) for event in self._events]

    def load(self, rows: list[dict[str, Any]]) -> None:
        """Take `dump`'s data back. What was under way when the process ended has ended too."""
        self._events = [Event(**row) for row in rows]
        for event in self._events:
            if event.status == "started":
                event.status = "finished"
