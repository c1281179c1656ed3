"""Times `fks status`, and compares `fks rollback` with the deploy that it undoes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from rehearsal.bench.timing import Figure, ratios
from rehearsal.world.progress import step
from rehearsal.world.scenario import Scenario

SERVER = "api"
VHOST = "nginx/vhosts/api.conf.template"


def measure_commands(scenario: Scenario, runs: int) -> list[Figure]:
    """`fks status` of three servers, and the ratios of rollbacks and deploys of the API."""
    with step("fks status"):
        status = timed(lambda: scenario.operator.output(["fks", "status", "--json"]), runs)
    first = float(json.loads(scenario.deploy_journal(SERVER)[0])["seconds"])
    back, again = list[float](), list[float]()
    for number in range(1, runs + 1):
        with step(f"deploy and rollback of {SERVER}, run {number} of {runs}"):
            change = f"printf '\\n# run {number}\\n' >>{VHOST}"
            scenario.operator.output(["sh", "-c", change])
            again.append(deployed(scenario, ["fks", "up", SERVER, "--yes", "--skip-preview"]))
            back.append(deployed(scenario, ["fks", "rollback", SERVER, "--yes"]))
            deployed(scenario, ["fks", "rollback", SERVER, "--unpin", "--yes"])
    return [
        Figure("fks status, three servers", status, "s", "<= 3"),
        ratios("rollback / first deploy, on the server", back, [first] * runs, "<= 0.3"),
        ratios("rollback / deploy of one changed file", back, again),
    ]


def timed(call: Callable[[], object], runs: int) -> tuple[float, ...]:
    """The seconds of each call; one call before them warms the caches."""
    call()
    values = []
    for _ in range(runs):
        started = time.monotonic()
        call()
        values.append(time.monotonic() - started)
    return tuple(values)


def deployed(scenario: Scenario, command: list[str]) -> float:
    """Run a command that deploys to the server; its seconds there, from the journal."""
    scenario.operator.output(command)
    return float(json.loads(scenario.deploy_journal(SERVER)[-1])["seconds"])
