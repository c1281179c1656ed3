"""What the tailnet costs: requests per second from web's edge to the API's, over it and past it.

Both ways are the same nginx on both ends with the same TLS and kept connections; only the address
in web's upstream differs. The API's edge answers by itself, so that the hop is measured and not the
application, and web's limit of requests per client is lifted, so that no answer is a 429. Client,
both edges and the tailnet's encryption share this machine's processors; real servers do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from rehearsal.bench import edge
from rehearsal.bench.joining import ping
from rehearsal.bench.load import Load
from rehearsal.bench.timing import Figure, ratios
from rehearsal.world import docker_api as api
from rehearsal.world.checks.closed_ports import let_in
from rehearsal.world.progress import step, wait_until
from rehearsal.world.scenario import Scenario

SECONDS = 4
WARM_UP = 2
COUNTERS = [f"/sys/class/net/tailscale0/statistics/{way}_bytes" for way in ("rx", "tx")]
# A request and its answer are many times as long.
LEAST = 100.0


@dataclass(frozen=True)
class Way:
    """One measured way: requests per second, and bytes on web's tailscale0 per request."""

    rate: float
    tailnet_bytes: float


def measure_hop(scenario: Scenario, runs: int) -> list[Figure]:
    """Measure both ways in pairs; RuntimeError for an answer that is not 200, or a wrong way."""
    rows = {row["name"]: row for row in scenario.operator.servers()}
    over, past = list[Way](), list[Way]()
    with (
        prepared(scenario, rows),
        Load.beside(scenario.world.client, scenario.server("web")) as load,
    ):
        url = f"{rows['web']['urls'][0]}{edge.PATH}"
        path = how(scenario, rows)
        for number in range(1, runs + 1):
            with step(f"web to api, pair {number} of {runs}") as current:
                over.append(measure(scenario, load, url))
                with past_tailnet(scenario, rows):
                    past.append(measure(scenario, load, url))
                judge(over[-1], past[-1])
                current.detail = told(over[-1], past[-1])
    return figures(over, past, path)


def figures(over: list[Way], past: list[Way], path: str) -> list[Figure]:
    """Return the ratio and both rates as rows of the table."""
    above, below = [way.rate for way in over], [way.rate for way in past]
    return [
        ratios("web to api over the tailnet / the same past it", above, below),
        Figure(f"web to api over the tailnet ({path})", tuple(above), "req/s"),
        Figure("web to api past the tailnet", tuple(below), "req/s"),
    ]


def judge(over: Way, past: Way) -> None:
    """Raise RuntimeError unless the tailnet carried the first way and not the second."""
    if over.tailnet_bytes < LEAST or past.tailnet_bytes > over.tailnet_bytes / 100:
        raise RuntimeError(f"one of the two ways is not what it should be: {told(over, past)}")


def told(over: Way, past: Way) -> str:
    """Return both ways in a line."""
    return (
        f"over the tailnet {over.rate:.0f} req/s ({over.tailnet_bytes:.1f} bytes of it each), "
        f"past it {past.rate:.0f} req/s ({past.tailnet_bytes:.1f} bytes)"
    )


def measure(scenario: Scenario, load: Load, url: str) -> Way:
    """Ask for some seconds, after a while that lets nginx end what its reload left."""
    load.ask(url, WARM_UP)
    before = tailnet_bytes(scenario)
    outcome = load.ask(url, SECONDS)
    outcome.judge()
    return Way(outcome.rate, (tailnet_bytes(scenario) - before) / outcome.requests)


def tailnet_bytes(scenario: Scenario) -> int:
    """Return what went through the web server's tailnet interface so far, both ways."""
    return sum(int(line) for line in scenario.on_server("web", "cat", *COUNTERS).split())


def how(scenario: Scenario, rows: dict[str, Any]) -> str:
    """Return whether the tailnet's own path from web to api is direct or relayed."""
    pong = ping(scenario.server("web"), rows["api"]["tailnet_ip"])
    if pong is None:
        raise RuntimeError("web does not reach api in the tailnet: see 'tailscale status' on web")
    return pong.kind


@contextmanager
def prepared(scenario: Scenario, rows: dict[str, Any]) -> Iterator[None]:
    """Let the API's edge answer at its public address too, to the web server alone.

    The server's own packet filter does not mind: what comes from elsewhere than the tailnet is the
    cloud firewall's business.
    """
    public, source = rows["api"]["public_ip"], f"{rows['web']['public_ip']}/32"
    vhost, limits = f"{edge.NGINX}/vhosts/api.conf", f"{edge.NGINX}/snippets/limits.conf"
    with ExitStack() as stack:
        stack.enter_context(edge.peers_held(scenario, "web"))
        stack.enter_context(edge.changed(scenario, "web", limits, edge.unlimited))
        stack.enter_context(
            edge.changed(scenario, "api", vhost, lambda text: edge.answering(text, public))
        )
        stack.enter_context(let_in(scenario, "api", 443, source))
        wait_until("api answers at its public address", lambda: _silent(scenario, rows), 30)
        yield


@contextmanager
def past_tailnet(scenario: Scenario, rows: dict[str, Any]) -> Iterator[None]:
    """Point the web server's edge at the API server's public address."""
    row, upstream = rows["api"], f"{edge.PEERS}/api.conf"
    with edge.changed(
        scenario,
        "web",
        upstream,
        lambda text: edge.moved(text, row["tailnet_ip"], row["public_ip"]),
    ):
        yield


def _silent(scenario: Scenario, rows: dict[str, Any]) -> str | None:
    url = rows["api"]["urls"][0]
    place = f"{url.split('//')[1]}:443:{rows['api']['public_ip']}"
    look = ["curl", "--silent", "--show-error", "--fail", "--max-time", "3", "--resolve", place]
    code, output = api.execute(scenario.server("web"), [*look, f"{url}{edge.PATH}"])
    return None if code == 0 else output.strip() or f"exit code {code}"
