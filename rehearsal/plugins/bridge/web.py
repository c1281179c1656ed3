"""Calls to a cloud's JSON API over HTTP or HTTPS."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from rehearsal.plugins.base import ProviderError

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True)
class Answer:
    """An answer of the server; `text` is the unparsed body."""

    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def json(self) -> Any:
        """The body's document; `None` for an empty body."""
        return json.loads(self.text) if self.text else None

    @property
    def ok(self) -> bool:
        """Whether the call succeeded."""
        return self.status < 400

    @property
    def phrase(self) -> str:
        """The status with its standard text: `404 Not Found`."""
        return f"{self.status} {http.client.responses.get(self.status, '')}".strip()


@dataclass(frozen=True)
class Retry:
    """Which statuses are retried, how often, and after which pause.

    `pause` maps the number of the repetition, from 0, and the seconds of Retry-After to seconds.
    """

    statuses: frozenset[int] = frozenset()
    repetitions: int = 0
    pause: Callable[[int, float], float] = lambda _repetition, retry_after: retry_after

    def applies(self, answer: Answer, repetition: int) -> bool:
        """Whether to repeat the call with this answer."""
        return answer.status in self.statuses and repetition < self.repetitions


def _context() -> ssl.SSLContext:
    """Checks certificates against the system's authorities, as the real plugins do."""
    named = os.environ.get("SSL_CERT_FILE")
    bundle = Path(named) if named else SYSTEM_CERTIFICATES
    return ssl.create_default_context(cafile=str(bundle) if bundle.exists() else None)


@dataclass(kw_only=True)
class Web:
    """One API. `headers` is called before each request: it may have to fetch a token."""

    base: str
    headers: Callable[[], Mapping[str, str]]
    retry: Retry = Retry()
    cancelled: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        """The URL of a path below the base."""
        return self.base.rstrip("/") + path

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call, with retries; `body` is sent as JSON."""
        sent = {"Accept": "application/json", **self.headers(), **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        address = self.url(path) + (f"?{urlencode(query)}" if query else "")
        content = body if isinstance(body, str | None) else json.dumps(body)
        repetition = 0
        while self.retry.applies(answer := _send(method, address, content, sent), repetition):
            self.cancelled.wait(self.retry.pause(repetition, _retry_after(answer)))
            repetition += 1
        return answer


def _send(method: str, address: str, content: str | None, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, port, timeout=SECONDS_TO_ANSWER, context=_context()
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS_TO_ANSWER)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=content, headers=dict(headers))
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(), dict(response.getheaders()))
    except (OSError, http.client.HTTPException) as error:
        raise ProviderError(f'{method.title()} "{address}": {error}') from error
    finally:
        connection.close()


def _retry_after(answer: Answer) -> float:
    value = next((v for k, v in answer.headers.items() if k.lower() == "retry-after"), "")
    return float(value) if value.isdigit() else 0.0
