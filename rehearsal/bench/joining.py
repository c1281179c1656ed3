"""Measures the time from the boot of two new servers until they reach each other in the tailnet."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from docker.models.containers import Container

from rehearsal.bench.timing import Figure
from rehearsal.world import counters
from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario

T = TypeVar("T")
PAUSE = 0.5
# Prints the arrival time of each line, by the clock that Docker's start times use too.
PING = """
tailscale ping --c=1 --timeout=1s "$1" 2>&1 | while read -r line; do
  echo "$(date +%s.%N) $line"
done
"""
_PONG = re.compile(r"^(\d+\.\d+) pong from .* via (\S+) in ", re.MULTILINE)


@dataclass(frozen=True)
class Pong:
    """A reply to `tailscale ping`: its time (seconds since 1970) and the address or relay."""

    at: float
    via: str

    @classmethod
    def parse(cls, output: str) -> Pong | None:
        """Parse the output of ``PING``; None if it has no reply."""
        found = _PONG.search(output)
        return cls(float(found[1]), found[2]) if found else None

    @property
    def kind(self) -> str:
        """Return "relayed" for a DERP or peer relay, else "direct"."""
        return "relayed" if self.via.startswith(("DERP(", "peer-relay(")) else "direct"


@dataclass(frozen=True)
class Joining:
    """Seconds from the later boot of two servers to the first reply, and that reply's kind."""

    seconds: float
    kind: str


def started_at(text: str) -> float:
    """Return Docker's start time (RFC 3339) as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def ping(container: Container, address: str) -> Pong | None:
    """Send one ping from a server to a tailnet address; None without a reply."""
    return Pong.parse(api.execute(container, ["sh", "-c", PING, "ping", address])[1])


@contextmanager
def measured(scenario: Scenario) -> Iterator[Future[Joining]]:
    """Measure in the background how web and api join while the block creates them."""
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as executor:
        try:
            yield executor.submit(_measure, scenario, stop)
        finally:
            stop.set()


def _measure(scenario: Scenario, stop: threading.Event) -> Joining:
    web, target = _poll(stop, lambda: _web_and_api(scenario))
    address = _poll(stop, lambda: _address(target))
    pong = _poll(stop, lambda: ping(web, address))
    boots = [started_at(container.attrs["State"]["StartedAt"]) for container in (web, target)]
    return Joining(pong.at - max(boots), pong.kind)


def _poll(stop: threading.Event, probe: Callable[[], T | None]) -> T:
    while (result := probe()) is None:
        if stop.wait(PAUSE):
            raise RuntimeError("web did not reach api in the tailnet before up ended")
    return result


def _web_and_api(scenario: Scenario) -> tuple[Container, Container] | None:
    running = counters.servers(scenario.world.client)
    servers = {row.labels["fks.linode.label"]: row for row in running}
    web, target = (servers.get(scenario.label(name)) for name in ("web", "api"))
    return (web, target) if web and target else None


def _address(container: Container) -> str | None:
    code, output = api.execute(container, ["tailscale", "ip", "-4"])
    return output.strip() if code == 0 else None


def boot_to_ping(joinings: list[Joining]) -> Figure:
    """Return the row of the table, with the number of direct first replies in its name."""
    direct = sum(one.kind == "direct" for one in joinings)
    return Figure(
        f"boot until web pings api (first reply direct: {direct} of {len(joinings)})",
        tuple(one.seconds for one in joinings),
        "s",
    )
