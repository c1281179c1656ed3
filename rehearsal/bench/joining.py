"""How long two fresh servers take, from their boot, until they reach each other in the tailnet."""

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
# The server's own clock, which is also Docker's, stamps the answer in the moment it comes.
PING = """
tailscale ping --c=1 --timeout=1s "$1" 2>&1 | while read -r line; do
  echo "$(date +%s.%N) $line"
done
"""
_PONG = re.compile(r"^(\d+\.\d+) pong from .* via (\S+) in ", re.MULTILINE)


@dataclass(frozen=True)
class Pong:
    """An answer to `tailscale ping`: when (seconds since 1970), and through what."""

    at: float
    via: str

    @classmethod
    def parse(cls, said: str) -> Pong | None:
        """Read what PING printed; None without an answer."""
        found = _PONG.search(said)
        return cls(float(found[1]), found[2]) if found else None

    @property
    def kind(self) -> str:
        """Direct, or relayed by another than the two."""
        return "relayed" if self.via.startswith(("DERP(", "peer-relay(")) else "direct"


@dataclass(frozen=True)
class Joining:
    """Seconds from the later boot of the two servers to the first answer, and its path."""

    seconds: float
    kind: str


def started_at(text: str) -> float:
    """Return Docker's time of a start as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def ping(container: Container, address: str) -> Pong | None:
    """Send one disco ping from a server to a tailnet address; None while nothing comes back."""
    return Pong.parse(api.execute(container, ["sh", "-c", PING, "ping", address])[1])


@contextmanager
def watched(scenario: Scenario) -> Iterator[Future[Joining]]:
    """Look from the side how fresh servers join while the block makes them."""
    over = threading.Event()
    with ThreadPoolExecutor(max_workers=1) as aside:
        try:
            yield aside.submit(_watch, scenario, over)
        finally:
            over.set()


def _watch(scenario: Scenario, over: threading.Event) -> Joining:
    web, target = _until(over, lambda: _pair(scenario))
    address = _until(over, lambda: _address(target))
    pong = _until(over, lambda: ping(web, address))
    boots = [started_at(container.attrs["State"]["StartedAt"]) for container in (web, target)]
    return Joining(pong.at - max(boots), pong.kind)


def _until(over: threading.Event, ask: Callable[[], T | None]) -> T:
    while (seen := ask()) is None:
        if over.wait(PAUSE):
            raise RuntimeError("web never reached api in the tailnet while up made them")
    return seen


def _pair(scenario: Scenario) -> tuple[Container, Container] | None:
    found = {
        container.labels["fks.linode.label"]: container
        for container in counters.servers(scenario.world.client)
    }
    web, target = (found.get(f"fks-{scenario.stack}-{name}") for name in ("web", "api"))
    return (web, target) if web and target else None


def _address(container: Container) -> str | None:
    code, output = api.execute(container, ["tailscale", "ip", "-4"])
    return output.strip() if code == 0 else None


def boot_to_ping(joinings: list[Joining]) -> Figure:
    """Return the row of the table; it says how many of the first answers came directly."""
    direct = sum(one.kind == "direct" for one in joinings)
    return Figure(
        f"boot until web pings api (first answer direct: {direct} of {len(joinings)})",
        tuple(one.seconds for one in joinings),
        "s",
    )
