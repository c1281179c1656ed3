"""Does the service answer, and with the right words? A 200 alone proves nothing."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import DeployError

_INTERVAL = 1.0
_BODY_LIMIT = 65536
PORT = 443


@dataclass(frozen=True)
class Probe:
    """One question to this server and the answer that counts: a status, and in the body either a
    text or, for each JSON key, one of several values."""

    name: str
    host: str
    path: str
    status: int = 200
    json: Mapping[str, list[Any]] = field(default_factory=dict)
    text: str = ""

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
            text=expect.get("text", ""),
        )

    def judge(self, status: int, body: str) -> str:
        """Why an answer does not count; empty when it does."""
        if status != self.status:
            return f"status {status}, expected {self.status}: {_shown(body)}"
        if self.text and self.text not in body:
            return f"body lacks {self.text!r}: {_shown(body)}"
        return self._judge_json(body) if self.json else ""

    def _judge_json(self, body: str) -> str:
        try:
            document = json.loads(body)
        except ValueError:
            return f"body is no JSON: {_shown(body)}"
        for key, allowed in self.json.items():
            found = document.get(key) if isinstance(document, dict) else None
            if found not in allowed:
                return f"{key} is {found!r}, expected one of {allowed}"
        return ""

    def ask(self, address: str) -> str:
        """Ask once; why the answer does not count, or empty."""
        connection = _Connection(self.host, address)
        try:
            connection.request("GET", self.path, headers={"Host": self.host})
            answer = connection.getresponse()
            return self.judge(answer.status, answer.read(_BODY_LIMIT).decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            return f"no answer: {error or type(error).__name__}"
        finally:
            connection.close()


class _Connection(http.client.HTTPSConnection):
    """To an address, with the certificate of a name; the host's authorities are trusted."""

    def __init__(self, host: str, address: str) -> None:
        self._context = ssl.create_default_context()
        super().__init__(host, PORT, timeout=10, context=self._context)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


def wait(probe: Probe, address: str, patience: float) -> None:
    """Ask until the answer counts. Error: DeployError with the last answer."""
    deadline = time.monotonic() + patience
    while reason := probe.ask(address):
        if time.monotonic() >= deadline:
            raise DeployError(
                f"probe {probe.name}: https://{probe.host}{probe.path} at {address}:{PORT} "
                f"did not pass within {patience:.0f} s; last: {reason}"
            )
        time.sleep(_INTERVAL)


def _shown(body: str) -> str:
    return repr(body[:200])
