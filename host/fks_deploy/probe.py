"""HTTPS probes of this server: status and body must match. A status of 200 alone is not enough."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import DeployError
from .limits import EDGE_PORT

_INTERVAL_SECONDS = 1.0
_REQUEST_TIMEOUT = 10.0
_BODY_LIMIT = 65536


@dataclass(frozen=True)
class Probe:
    """One request and the expected answer: its status, and in its body either `text` or, for each
    key of `json`, one of several values. With `any_item` the body is a list, and one of its objects
    has these. `bearer` is the path of a token below the directory of secrets; "" for none.
    `wait_seconds`: for what needs longer than the deploy's own limit for probes."""

    name: str
    host: str
    path: str
    status: int = 200
    json: Mapping[str, list[Any]] = field(default_factory=dict)
    any_item: Mapping[str, list[Any]] = field(default_factory=dict)
    text: str = ""
    bearer: str = ""
    wait_seconds: float = 0

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    @classmethod
    def parse(cls, entry: Mapping[str, Any]) -> "Probe":
        """From release.json. Error: KeyError for a missing key."""
        expect = entry["expect"]
        return cls(
            name=entry["name"],
            host=entry["host"],
            path=entry["path"],
            status=expect.get("status", 200),
            json=expect.get("json", {}),
            any_item=expect.get("any_item", {}),
            text=expect.get("text", ""),
            bearer=entry.get("bearer", ""),
            wait_seconds=entry.get("wait_seconds", 0),
        )

    def mismatch(self, status: int, body: str) -> str:
        """How an answer differs from the expected one; "" when it does not."""
        if status != self.status:
            return f"status {status}, expected {self.status}: {_excerpt(body)}"
        if self.text and self.text not in body:
            return f"body lacks {self.text!r}: {_excerpt(body)}"
        return self._json_mismatch(body) if self.json or self.any_item else ""

    def _json_mismatch(self, body: str) -> str:
        try:
            document = json.loads(body)
        except ValueError:
            return f"body is not JSON: {_excerpt(body)}"
        if self.json:
            return _difference(document, self.json)
        items = document if isinstance(document, list) else []
        if any(not _difference(item, self.any_item) for item in items):
            return ""
        return f"no item of the list has {dict(self.any_item)}: {_excerpt(body)}"

    def headers(self, secrets: Path) -> dict[str, str]:
        """The request headers. Error: OSError when the token's file is not readable."""
        token = (secrets / self.bearer).read_text().strip() if self.bearer else ""
        return {"Host": self.host} | ({"Authorization": f"Bearer {token}"} if token else {})

    def request(self, address: str, secrets: Path) -> str:
        """Send one request; returns why the probe failed, or ""."""
        connection = _Connection(self.host, address)
        try:
            connection.request("GET", self.path, headers=self.headers(secrets))
            answer = connection.getresponse()
            body = answer.read(_BODY_LIMIT).decode(errors="replace")
            return self.mismatch(answer.status, body)
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {error or type(error).__name__}"
        finally:
            connection.close()


class _Connection(http.client.HTTPSConnection):
    """Connects to `address` and verifies the certificate for `host` with the host's trust store."""

    def __init__(self, host: str, address: str) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, EDGE_PORT, timeout=_REQUEST_TIMEOUT, context=self._context)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


def send(
    host: str, address: str, method: str, path: str, headers: Mapping[str, str], body: str = ""
) -> int:
    """Send one request to a host of this server; returns the status. Error: OSError."""
    connection = _Connection(host, address)
    try:
        connection.request(method, path, body=body or None, headers={"Host": host, **headers})
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(f"no answer: {error or type(error).__name__}") from error
    finally:
        connection.close()


def wait(probe: Probe, address: str, secrets: Path, wait_seconds: float) -> None:
    """Repeat the request until it passes. Error: DeployError with the last answer."""
    wait_seconds = max(wait_seconds, probe.wait_seconds)
    deadline = time.monotonic() + wait_seconds
    while reason := probe.request(address, secrets):
        if time.monotonic() >= deadline:
            raise DeployError(
                f"probe {probe.name}: {probe.url} at {address}:{EDGE_PORT} "
                f"did not pass within {wait_seconds:.0f} s; last: {reason}"
            )
        time.sleep(_INTERVAL_SECONDS)


def _difference(document: Any, expected: Mapping[str, list[Any]]) -> str:
    for key, allowed in expected.items():
        found = document.get(key) if isinstance(document, dict) else None
        if found not in allowed:
            return f"{key} is {found!r}, expected one of {allowed}"
    return ""


def _excerpt(body: str) -> str:
    return repr(body[:200])
