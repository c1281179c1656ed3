"""The account's events, by which the provider plugin waits for the end of an action."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from rehearsal.clouds.clock import Clock, parse
from rehearsal.clouds.linode import catalog
from rehearsal.clouds.linode.errors import not_found


@dataclass(kw_only=True)
class Event:
    """One action on one instance; `status` is started, finished or failed."""

    id: int
    action: str
    created: str
    instance_id: int
    label: str
    status: str = "started"
    message: str = ""

    def view(self) -> dict[str, Any]:
        """The event as the API shows it."""
        ended = self.status != "started"
        entity = {"id": self.instance_id, "type": "linode", "label": self.label}
        return {
            "id": self.id,
            "action": self.action,
            "created": self.created,
            "entity": {**entity, "url": f"/v4/linode/instances/{self.instance_id}"},
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


class EventLog:
    """All events, oldest first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[Event] = []

    def add(self, number: int, action: str, instance_id: int, label: str) -> Event:
        """Record the start of an action."""
        created = self._clock.now().strftime(catalog.TIME)
        event = Event(
            id=number, action=action, created=created, instance_id=instance_id, label=label
        )
        self._events.append(event)
        return event

    def get(self, number: int) -> Event:
        """One event, or 404."""
        for event in self._events:
            if event.id == number:
                return event
        raise not_found()

    def count(self, action: str, instance_id: int, seconds: float) -> int:
        """How often an action was started on an instance in the last `seconds`."""
        since = self._clock.now() - timedelta(seconds=seconds)
        return sum(
            (event.action, event.instance_id) == (action, instance_id)
            and parse(event.created) > since
            for event in self._events
        )

    def views(self) -> list[dict[str, Any]]:
        """All events, newest first, as the API lists them."""
        return [event.view() for event in reversed(self._events)]

    def dump(self) -> list[dict[str, Any]]:
        """Plain data for the state file."""
        return [asdict(event) for event in self._events]

    def load(self, rows: list[dict[str, Any]]) -> None:
        """Restore `dump`'s data. The jobs of the old process are gone: its events are finished."""
        self._events = [Event(**row) for row in rows]
        for event in self._events:
            event.status = "finished" if event.status == "started" else event.status
