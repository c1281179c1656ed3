"""Sends requests at a steady rate until a file exists: `steady_load.py STOP "METHOD HOST PATH"...`.

Runs in the operator's container; standard library only. Prints, for each argument, the number of
requests, those that failed, and the longest time in seconds between two answers that did not.
A server may close an idle connection at any time; then the request is sent once more.
"""

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

PAUSE = 0.12
TIMEOUT = 30


class Client(threading.Thread):
    """Repeats one request on one connection."""

    def __init__(self, stop: Path, method: str, host: str, path: str) -> None:
        super().__init__()
        self._stop, self._request = stop, (method, path)
        self._connection = http.client.HTTPSConnection(host, timeout=TIMEOUT)
        self._last = time.monotonic()
        self.found: dict[str, Any] = {"requests": 0, "failed": [], "outage": 0.0}

    def run(self) -> None:
        while not self._stop.exists():
            self.found["requests"] += 1
            try:
                self._send()
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                self._record(repr(error))
            time.sleep(PAUSE)
        self._record("")

    def _send(self) -> None:
        try:
            answer = self._answer()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            answer = self._answer()
        body = answer.read()
        failed = answer.status >= 400
        self._record(f"{answer.status} {body[:80]!r}" if failed else "")

    def _answer(self) -> http.client.HTTPResponse:
        self._connection.request(*self._request)
        return self._connection.getresponse()

    def _record(self, failure: str) -> None:
        now = time.monotonic()
        if failure:
            self.found["failed"].append(failure)
            return
        self.found["outage"] = round(max(self.found["outage"], now - self._last), 1)
        self._last = now


def main(stop: Path, targets: list[str]) -> None:
    """Run a client for each target, and print what they found."""
    clients = {target: Client(stop, *target.split(" ")) for target in targets}
    for client in clients.values():
        client.start()
    for client in clients.values():
        client.join()
    sys.stdout.write(json.dumps({target: client.found for target, client in clients.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
