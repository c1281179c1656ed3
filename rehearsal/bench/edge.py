"""Changes nginx on a server for the benchmark, and restores it at the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from fks_infra.limits import EDGE_PORT
from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario

NGINX = "/var/lib/fks/nginx"
RELOAD = "/usr/local/lib/fks/current/bin/reload-edge"
PATH = "/api/hop"
_RESPONSE = f"""    location = {PATH} {{
        default_type application/json;
        return 200 '{{"status":"healthy","role":"api"}}\\n';
    }}
"""
_LISTEN = re.compile(rf"^    listen \S+:{EDGE_PORT} ssl;\n", re.MULTILINE)
_RATE = re.compile(r"\brate=\d+r/s")


def without_rate_limit(text: str) -> str:
    """Return limits.conf with rates above that of any load client."""
    return _RATE.sub("rate=1000000r/s", text)


def with_response(text: str, address: str) -> str:
    """Return a server block that also listens on ``address`` and answers ``PATH`` itself."""
    more = f"    listen {address}:{EDGE_PORT} ssl;\n{_RESPONSE}"
    return _LISTEN.sub(lambda found: found[0] + more, text, count=1)


def with_address(text: str, name: str, address: str) -> str:
    """Return a virtual host whose upstream has an address instead of a name."""
    return text.replace(f"server {name}:{EDGE_PORT} resolve;", f"server {address}:{EDGE_PORT};")


@contextmanager
def changed(
    scenario: Scenario, server: str, path: str, change: Callable[[str], str]
) -> Iterator[None]:
    """Change a file and reload nginx; RuntimeError if ``change`` changes nothing."""
    before = scenario.on_server(server, "cat", path)
    after = change(before)
    if after == before:
        raise RuntimeError(f"{path} on {server} lacks the lines that the benchmark changes")
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
def updates_stopped(scenario: Scenario, server: str) -> Iterator[None]:
    """Stop fks-edge, which would restore the files."""
    scenario.on_server(server, "systemctl", "stop", "fks-edge.timer", "fks-edge.service")
    try:
        yield
    finally:
        scenario.on_server(server, "systemctl", "start", "fks-edge.timer")
