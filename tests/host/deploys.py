"""Helpers for tests that run bin/deploy."""

import json
import subprocess
import time
from collections.abc import Callable

from tests.host.server import Server


def current(server: Server) -> str:
    return server.paths.current.resolve().name


def everything_written(server: Server, done: subprocess.CompletedProcess[str]) -> str:
    log = server.paths.log.read_text() + server.paths.journal.read_text()
    return done.stdout + done.stderr + log + (server.bin / "calls.jsonl").read_text()


def with_domain(server: Server, name: str) -> dict[str, str]:
    """A release.json with a certificate for another name."""
    document = json.loads(server.release({})["release.json"])
    document["certificates"][0]["domains"] = [name]
    return {"release.json": json.dumps(document)}


def wait_until(server: Server, reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline, f"not reached after 30 s; state: {server.state}"
        time.sleep(0.05)
