"""Linode's API: errors, pages and events as the real provider's client library handles them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from rehearsal.plugins.bridge.web import Answer, Retry, Web

FINISHED: Final = frozenset({"finished", "notification"})
BUSY: Final = frozenset({408, 429, 503})
MOST_REPETITIONS: Final = 1000


class LinodeError(Exception):
    """A refused call, worded as the client library does: `[400] [region] region is not valid`."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"[{code:03}] {text}")
        self.code = code


def retry(shortest_pause: float) -> Retry:
    """The library repeats a call until the service has time, pausing some seconds each time."""
    return Retry(BUSY, MOST_REPETITIONS, lambda _count, asked: max(asked, shortest_pause))


def _refusal(answer: Answer) -> LinodeError:
    errors = (answer.json or {}).get("errors", []) if answer.text else []
    reasons = [f"[{e['field']}] {e['reason']}" if e.get("field") else e["reason"] for e in errors]
    return LinodeError(answer.status, "; ".join(reasons) or answer.phrase)


@dataclass(kw_only=True)
class Linode:
    """The API. Times are in seconds."""

    web: Web
    poll: float
    skip_ready_poll: bool = False
    skip_delete_poll: bool = False
    skip_reboots: bool = False
    cancelled: threading.Event = field(default_factory=threading.Event)

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The document of one answer; raises `LinodeError` where it is an error."""
        answer = self.web.call(method, path, **arguments)
        if not answer.ok:
            raise _refusal(answer)
        return answer.json

    def get(self, path: str) -> Any:
        """One object."""
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Make or do something."""
        return self.call("POST", path, body=body)

    def put(self, path: str, body: Any) -> Any:
        """Change something."""
        return self.call("PUT", path, body=body)

    def pages(self, path: str, filter: Any = None) -> list[Any]:
        """All objects of a list, page by page."""
        headers = {"X-Filter": json.dumps(filter, separators=(",", ":"))} if filter else {}
        found: list[Any] = []
        page, last = 0, 1
        while page < last:
            page += 1
            answer = self.call("GET", path, query={"page": str(page)}, headers=headers)
            found += answer["data"]
            last = answer["pages"]
        return found

    def wait(self, deadline: float, path: str, look: Callable[[], Any]) -> Any:
        """Look every poll interval, first after one, until there is something."""
        while True:
            pause = min(self.poll, max(0.0, deadline - time.monotonic()))
            if self.cancelled.wait(pause) or time.monotonic() >= deadline:
                url = self.web.url(path)
                raise LinodeError(2, f'Get "{url}": context deadline exceeded')
            if found := look():
                return found

    def wait_for_status(self, path: str, status: str, deadline: float) -> Any:
        """An instance, once it has that status."""

        def look() -> Any:
            instance = self.get(path)
            return instance if instance["status"] == status else None

        return self.wait(deadline, path, look)

    def events(self, linode: int, action: str) -> Events:
        """The events of one kind so far: `Events.wait` tells the new one from them."""
        return Events(self, linode, action)


class Events:
    """Watches for the next event of one kind of one instance."""

    def __init__(self, api: Linode, linode: int, action: str) -> None:
        self._api = api
        self._filter = {
            "+order": "desc",
            "+order_by": "created",
            "action": action,
            "entity.id": linode,
            "entity.type": "linode",
        }
        self._seen = {event["id"] for event in self._list()}

    def _list(self) -> list[Any]:
        return self._api.pages("/account/events", self._filter)

    def wait(self, deadline: float) -> None:
        """Until an event that was not there before is finished."""
        new = self._api.wait(
            deadline,
            "/account/events",
            lambda: next((e for e in self._list() if e["id"] not in self._seen), None),
        )
        path = f"/account/events/{new['id']}"
        while (event := self._api.get(path))["status"] not in FINISHED:
            if event["status"] == "failed":
                raise LinodeError(3, f"{event['action']} of {event['entity']['label']} failed")
            self._api.wait(deadline, path, lambda: True)
