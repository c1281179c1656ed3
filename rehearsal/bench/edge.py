"""A server's edge changed for a time: a file of nginx is replaced, and put back at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario

NGINX = "/var/lib/fks/nginx"
PEERS = "/var/lib/fks/peers"
RELOAD = "/usr/local/lib/fks/current/bin/reload-edge"
PATH = "/api/hop"
_ANSWER = f"""    location = {PATH} {{
        default_type application/json;
        return 200 '{{"status":"healthy","role":"api"}}\\n';
    }}
"""
_LISTEN = re.compile(r"^    listen \S+:443 ssl;\n", re.MULTILINE)
_RATE = re.compile(r"\brate=\d+r/s")


def unlimited(text: str) -> str:
    """Return limits.conf with rates that no load here comes to."""
    return _RATE.sub("rate=1000000r/s", text)


def answering(text: str, address: str) -> str:
    """Return the API's server block listening on one more address, and answering PATH by itself."""
    more = f"    listen {address}:443 ssl;\n{_ANSWER}"
    return _LISTEN.sub(lambda found: found[0] + more, text, count=1)


def moved(text: str, before: str, after: str) -> str:
    """Return a peer's upstream at another address."""
    return text.replace(f"server {before}:443;", f"server {after}:443;")


@contextmanager
def changed(
    scenario: Scenario, server: str, path: str, change: Callable[[str], str]
) -> Iterator[None]:
    """Let nginx on a server read a changed file; RuntimeError where nothing is to be changed."""
    before = scenario.on_server(server, "cat", path)
    after = change(before)
    if after == before:
        raise RuntimeError(f"{path} on {server} has nothing that the bench knows to change")
    _write(scenario, server, path, after)
    try:
        scenario.on_server(server, RELOAD)
        yield
    finally:
        _write(scenario, server, path, before)
        scenario.on_server(server, RELOAD)


def _write(scenario: Scenario, server: str, path: str, text: str) -> None:
    file = PurePosixPath(path)
    api.put_files(scenario.server(server), str(file.parent), {file.name: text.encode()})


@contextmanager
def peers_held(scenario: Scenario, server: str) -> Iterator[None]:
    """Keep fks-peers from putting a peer's address right."""
    scenario.on_server(server, "systemctl", "stop", "fks-peers.timer", "fks-peers.service")
    try:
        yield
    finally:
        scenario.on_server(server, "systemctl", "start", "fks-peers.timer")
