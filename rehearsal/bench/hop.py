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
from rehearsal.world.scenario import Story

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


def measure_hop(story: Story, runs: int) -> list[Figure]:
    """Measure both ways in pairs; RuntimeError for an answer that is not 200, or a wrong way."""
    rows = {row["name"]: row for row in story.operator.servers()}
    over, past = list[Way](), list[Way]()
    with prepared(story, rows), Load.beside(story.world.client, story.server("web")) as load:
        url = f"{rows['web']['urls'][0]}{edge.PATH}"
        path = how(story, rows)
        for number in range(1, runs + 1):
            with step(f"web to api, pair {number} of {runs}") as current:
                over.append(measure(story, load, url))
                with past_tailnet(story, rows):
                    past.append(measure(story, load, url))
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


def measure(story: Story, load: Load, url: str) -> Way:
    """Ask for some seconds, after a while that lets nginx end what its reload left."""
    load.ask(url, WARM_UP)
    before = tailnet_bytes(story)
    outcome = load.ask(url, SECONDS)
    outcome.judge()
    return Way(outcome.rate, (tailnet_bytes(story) - before) / outcome.requests)


def tailnet_bytes(story: Story) -> int:
    """Return what went through the web server's tailnet interface so far, both ways."""
    return sum(int(line) for line in story.on_server("web", "cat", *COUNTERS).split())


def how(story: Story, rows: dict[str, Any]) -> str:
    """Return whether the tailnet's own path from web to api is direct or relayed."""
    pong = ping(story.server("web"), rows["api"]["tailnet_ip"])
    if pong is None:
        raise RuntimeError("web does not reach api in the tailnet: see 'tailscale status' on web")
    return pong.kind


@contextmanager
def prepared(story: Story, rows: dict[str, Any]) -> Iterator[None]:
    """Let the API's edge answer at its public address too, to the web server alone.

    The server's own packet filter does not mind: what comes from elsewhere than the tailnet is the
    cloud firewall's business.
    """
    public, source = rows["api"]["public_ip"], f"{rows['web']['public_ip']}/32"
    vhost, limits = f"{edge.NGINX}/vhosts/api.conf", f"{edge.NGINX}/snippets/limits.conf"
    with ExitStack() as stack:
        stack.enter_context(edge.peers_held(story, "web"))
        stack.enter_context(edge.changed(story, "web", limits, edge.unlimited))
        stack.enter_context(
            edge.changed(story, "api", vhost, lambda text: edge.answering(text, public))
        )
        stack.enter_context(let_in(story, "api", 443, source))
        wait_until("api answers at its public address", lambda: _silent(story, rows), 30)
        yield


@contextmanager
def past_tailnet(story: Story, rows: dict[str, Any]) -> Iterator[None]:
    """Point the web server's edge at the API server's public address."""
    row, upstream = rows["api"], f"{edge.PEERS}/api.conf"
    with edge.changed(
        story, "web", upstream, lambda text: edge.moved(text, row["tailnet_ip"], row["public_ip"])
    ):
        yield


def _silent(story: Story, rows: dict[str, Any]) -> str | None:
    url = rows["api"]["urls"][0]
    place = f"{url.split('//')[1]}:443:{rows['api']['public_ip']}"
    look = ["curl", "--silent", "--show-error", "--fail", "--max-time", "3", "--resolve", place]
    code, output = api.execute(story.server("web"), [*look, f"{url}{edge.PATH}"])
    return None if code == 0 else output.strip() or f"exit code {code}"
