"""Linode's API: errors, pages and events as in the real provider's client library."""

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
    """A failed call, with the client library's text: `[400] [region] region is not valid`."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"[{code:03}] {text}")
        self.code = code


def retry(shortest_pause: float) -> Retry:
    """The client library repeats a call while the service is busy, with pauses of some seconds."""
    return Retry(BUSY, MOST_REPETITIONS, lambda _count, after: max(after, shortest_pause))


def _error(answer: Answer) -> LinodeError:
    errors = (answer.json or {}).get("errors", []) if answer.text else []
    reasons = [f"[{e['field']}] {e['reason']}" if e.get("field") else e["reason"] for e in errors]
    return LinodeError(answer.status, "; ".join(reasons) or answer.phrase)


@dataclass(kw_only=True)
class Linode:
    """The API. Times are in seconds."""

    web: Web
    poll: float
    cancelled: threading.Event = field(default_factory=threading.Event)

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        """The document of one answer; raises `LinodeError` for an error status."""
        answer = self.web.call(method, path, **arguments)
        if not answer.ok:
            raise _error(answer)
        return answer.json

    def get(self, path: str) -> Any:
        """One object."""
        return self.call("GET", path)

    def post(self, path: str, body: Any) -> Any:
        """Create or start something."""
        return self.call("POST", path, body=body)

    def put(self, path: str, body: Any) -> Any:
        """Change something."""
        return self.call("PUT", path, body=body)

    def pages(self, path: str, filter: Any = None) -> list[Any]:
        """All objects of a list, one request a page."""
        headers = {"X-Filter": json.dumps(filter, separators=(",", ":"))} if filter else {}
        found: list[Any] = []
        page, last = 0, 1
        while page < last:
            page += 1
            answer = self.call("GET", path, query={"page": str(page)}, headers=headers)
            found += answer["data"]
            last = answer["pages"]
        return found

    def wait(self, deadline: float, path: str, poll: Callable[[], Any]) -> Any:
        """Call `poll` each interval, the first time after one, until it returns something."""
        while True:
            pause = min(self.poll, max(0.0, deadline - time.monotonic()))
            if self.cancelled.wait(pause) or time.monotonic() >= deadline:
                url = self.web.url(path)
                raise LinodeError(2, f'Get "{url}": context deadline exceeded')
            if found := poll():
                return found

    def wait_for_status(self, path: str, status: str, deadline: float) -> Any:
        """The instance, as soon as it has that status."""

        def poll() -> Any:
            instance = self.get(path)
            return instance if instance["status"] == status else None

        return self.wait(deadline, path, poll)


class Events:
    """Waits for the next event of one kind of one instance, after those at its construction."""

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
        """Wait until a new event is finished."""
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
