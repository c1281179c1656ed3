"""Measures requests per second from web's nginx to the API's, over the tailnet and without it.

Both paths have the same nginx at both ends, TLS and kept connections; only the address in web's
upstream differs. The API's nginx answers itself, so the application is not measured, and web's
rate limit is lifted, so no response is a 429. Client, both nginx and the tailnet's encryption share
this machine's processors, unlike on real servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from fks_infra.limits import EDGE_PORT
from rehearsal.bench import edge
from rehearsal.bench.joining import ping
from rehearsal.bench.load import LoadClient
from rehearsal.bench.timing import Figure, ratios
from rehearsal.world import docker_api as api
from rehearsal.world.checks.closed_ports import firewall_rule
from rehearsal.world.progress import step, wait_until
from rehearsal.world.scenario import Scenario

SECONDS = 4
WARM_UP_SECONDS = 2
COUNTERS = [f"/sys/class/net/tailscale0/statistics/{direction}_bytes" for direction in ("rx", "tx")]
# A request and its response are much longer.
MIN_TAILNET_BYTES = 100.0


@dataclass(frozen=True)
class Throughput:
    """Requests per second on one path, and bytes on web's tailscale0 per request."""

    rate: float
    tailnet_bytes: float


def measure_hop(scenario: Scenario, runs: int) -> list[Figure]:
    """Measure both paths in pairs.

    Raises RuntimeError for a response other than 200, or if the requests took the other path.
    """
    rows = {row["name"]: row for row in scenario.operator.servers()}
    over, without = list[Throughput](), list[Throughput]()
    client, web = scenario.world.client, scenario.server("web")
    with prepared(scenario, rows), LoadClient.started(client, web) as load:
        url = f"{rows['web']['urls'][0]}{edge.PATH}"
        kind = tailnet_path(scenario, rows)
        for number in range(1, runs + 1):
            with step(f"web to api, pair {number} of {runs}") as current:
                over.append(measure(scenario, load, url))
                with without_tailnet(scenario, rows):
                    without.append(measure(scenario, load, url))
                verify(over[-1], without[-1])
                current.detail = summary(over[-1], without[-1])
    return figures(over, without, kind)


def figures(over: list[Throughput], without: list[Throughput], kind: str) -> list[Figure]:
    """Return the ratio and both rates as rows of the table."""
    above, below = [one.rate for one in over], [one.rate for one in without]
    return [
        ratios("web to api over the tailnet / without it", above, below),
        Figure(f"web to api over the tailnet ({kind})", tuple(above), "req/s"),
        Figure("web to api without the tailnet", tuple(below), "req/s"),
    ]


def verify(over: Throughput, without: Throughput) -> None:
    """Raise RuntimeError unless the tailnet carried only the first requests."""
    if over.tailnet_bytes < MIN_TAILNET_BYTES or without.tailnet_bytes > over.tailnet_bytes / 100:
        raise RuntimeError(f"the requests took the wrong path: {summary(over, without)}")


def summary(over: Throughput, without: Throughput) -> str:
    """Return both measurements in one line."""
    return (
        f"over the tailnet {over.rate:.0f} req/s ({over.tailnet_bytes:.1f} bytes each in it), "
        f"without it {without.rate:.0f} req/s ({without.tailnet_bytes:.1f} bytes)"
    )


def measure(scenario: Scenario, load: LoadClient, url: str) -> Throughput:
    """Send requests for ``SECONDS``, after a warm-up in which nginx finishes its reload."""
    load.run(url, WARM_UP_SECONDS)
    before = tailnet_bytes(scenario)
    result = load.run(url, SECONDS)
    result.verify()
    return Throughput(result.rate, (tailnet_bytes(scenario) - before) / result.requests)


def tailnet_bytes(scenario: Scenario) -> int:
    """Return the bytes received and sent on the web server's tailnet interface so far."""
    return sum(int(line) for line in scenario.on_server("web", "cat", *COUNTERS).split())


def tailnet_path(scenario: Scenario, rows: dict[str, Any]) -> str:
    """Return whether the tailnet's path from web to api is "direct" or "relayed"."""
    pong = ping(scenario.server("web"), rows["api"]["tailnet_ip"])
    if pong is None:
        raise RuntimeError("web cannot ping api in the tailnet: run 'tailscale status' on web")
    return pong.kind


@contextmanager
def prepared(scenario: Scenario, rows: dict[str, Any]) -> Iterator[None]:
    """Let the API's nginx also answer at its public address, for the web server only.

    The server's packet filter accepts the requests: outside the tailnet the cloud firewall filters.
    """
    public, source = rows["api"]["public_ip"], f"{rows['web']['public_ip']}/32"
    vhost, limits = f"{edge.NGINX}/vhosts/api.conf", f"{edge.NGINX}/snippets/limits.conf"
    with ExitStack() as stack:
        for server in ("web", "api"):
            stack.enter_context(edge.updates_stopped(scenario, server))
        stack.enter_context(edge.changed(scenario, "web", limits, edge.without_rate_limit))
        stack.enter_context(
            edge.changed(scenario, "api", vhost, lambda text: edge.with_response(text, public))
        )
        stack.enter_context(firewall_rule(scenario, "api", EDGE_PORT, source))
        wait_until("api answers at its public address", lambda: _public_error(scenario, rows), 30)
        yield


@contextmanager
def without_tailnet(scenario: Scenario, rows: dict[str, Any]) -> Iterator[None]:
    """Use the API server's public address in the web server's upstream."""
    name, public = rows["api"]["urls"][0].split("//")[1], rows["api"]["public_ip"]
    vhost = f"{edge.NGINX}/vhosts/web.conf"
    with edge.changed(scenario, "web", vhost, lambda text: edge.with_address(text, name, public)):
        yield


def _public_error(scenario: Scenario, rows: dict[str, Any]) -> str | None:
    url = rows["api"]["urls"][0]
    target = f"{url.split('//')[1]}:{EDGE_PORT}:{rows['api']['public_ip']}"
    fetch = ["curl", "--silent", "--show-error", "--fail", "--max-time", "3", "--resolve", target]
    code, output = api.execute(scenario.server("web"), [*fetch, f"{url}{edge.PATH}"])
    return None if code == 0 else output.strip() or f"exit code {code}"
