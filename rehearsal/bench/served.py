"""Measures how much throughput the edges leave: of bare nginx for files, of the API for its calls.

Both paths of a pair use TLS and kept connections from the same client on the web server, and return
the same payload. The rate limits are lifted. Clients and servers share this machine's processors.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from rehearsal.bench import bare_nginx, edge
from rehearsal.bench.container_memory import Peaks, sample
from rehearsal.bench.hop import SECONDS, WARM_UP_SECONDS
from rehearsal.bench.load import LoadClient, LoadResult
from rehearsal.bench.timing import Figure, ratios
from rehearsal.world.progress import step
from rehearsal.world.scenario import Scenario

CALL = "/api/v1/trades"


def measure_served(scenario: Scenario, runs: int) -> tuple[list[Figure], Peaks]:
    """Measure files and API calls; RuntimeError for a response other than 200.

    Returns the rows of the table, and the memory of every container under this load.
    """
    origin = {row["name"]: row["urls"][0] for row in scenario.operator.servers()}
    file, peaks = bare_nginx.script_path(scenario), Peaks()
    with (
        _prepared(scenario),
        LoadClient.started(scenario.world.client, scenario.server("web")) as load,
    ):
        pairs = {
            "static file, edge / bare nginx": (
                f"{origin['web']}{file}",
                f"{bare_nginx.ORIGIN}{file}",
                ">= 0.9",
            ),
            "API call, through web / directly": (
                f"{origin['web']}{CALL}",
                f"{origin['api']}{CALL}",
                ">= 0.85",
            ),
        }
        figures = []
        for name, (ours, other, goal) in pairs.items():
            results = [
                _pair(scenario, load, f"{name}, pair {number} of {runs}", (ours, other), peaks)
                for number in range(1, runs + 1)
            ]
            figures += _figures(name, results, goal)
    return figures, peaks


@contextmanager
def _prepared(scenario: Scenario) -> Iterator[None]:
    """Lift the rate limits, and start the bare nginx."""
    limits = f"{edge.NGINX}/snippets/limits.conf"
    with ExitStack() as stack:
        for server in ("web", "api"):
            stack.enter_context(edge.updates_stopped(scenario, server))
            stack.enter_context(edge.changed(scenario, server, limits, edge.without_rate_limit))
        stack.enter_context(bare_nginx.started(scenario))
        yield


def _pair(
    scenario: Scenario, load: LoadClient, title: str, urls: tuple[str, str], peaks: Peaks
) -> list[LoadResult]:
    with step(title) as current:
        results = [_measure(scenario, load, url, peaks) for url in urls]
        current.detail = ", ".join(f"{one.rate:.0f} req/s, p99 {one.p99:.1f} ms" for one in results)
    return results


def _measure(scenario: Scenario, load: LoadClient, url: str, peaks: Peaks) -> LoadResult:
    load.run(url, WARM_UP_SECONDS)
    with ThreadPoolExecutor(max_workers=1) as executor:
        sampled = executor.submit(sample, scenario, ("web", "api"))
        result = load.run(url, SECONDS)
        peaks.add(sampled.result())
    result.verify()
    return result


def _figures(name: str, results: list[list[LoadResult]], goal: str) -> list[Figure]:
    ours, others = zip(*results, strict=True)
    return [
        ratios(name, [one.rate for one in ours], [one.rate for one in others], goal),
        Figure(f"{name.split(',')[0]}: p99", tuple(one.p99 for one in ours), "ms"),
        Figure(f"{name.split(',')[0]}: p99 of the other", tuple(one.p99 for one in others), "ms"),
    ]
