"""What is replaced under a steady load: nothing fails, or for at most ten seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rehearsal.world import docker_api as api
from rehearsal.world.scenario import Scenario

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SCRIPT = Path(__file__).with_name("steady_load.py")
STOP = "/run/fks-stop-load"
ANNOUNCED_SECONDS = 10
Found = dict[str, dict[str, Any]]


@contextmanager
def steady_load(scenario: Scenario, *auth_paths: str) -> Iterator[Found]:
    """Send requests to the front end, to the API, also through the front end, and to these paths of
    Authentik; the result has what they found after the end."""
    rows = {row["name"]: row["urls"][0].split("//")[1] for row in scenario.operator.servers()}
    trades = "/api/v1/trades"
    targets = [
        *(f"GET {rows['auth']} {path}" for path in auth_paths),
        f"GET {rows['web']} /",
        f"GET {rows['web']} {trades}",
        f"GET {rows['api']} {trades}",
        f"POST {rows['api']} {trades}?symbol=ES",
    ]
    operator, found = scenario.operator.container, Found()
    api.put_files(operator, "/tmp", {SCRIPT.name: SCRIPT.read_bytes()})
    api.execute(operator, ["rm", "-f", STOP])
    with ThreadPoolExecutor(max_workers=1) as executor:
        command = ["python3", f"/tmp/{SCRIPT.name}", STOP, *targets]
        load = executor.submit(api.execute, operator, command)
        try:
            yield found
        finally:
            api.execute(operator, ["touch", STOP])
    found.update(json.loads(load.result()[1]))


def up_under_load(scenario: Scenario) -> Found:
    """`up`, which must change something, under load."""
    with steady_load(scenario) as found:
        outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    assert outcome.changes
    assert all(one["requests"] > 20 for one in found.values()), found
    return found


def failures(found: Found) -> dict[str, list[str]]:
    """The requests that failed, by target."""
    return {target: one["failed"][:3] for target, one in found.items() if one["failed"]}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fks:extraNames[0]", "app"),
        ("fks:services.web.image", "docker.io/nuniesmith/fks:web-next"),
        ("fks:services.api.image", "docker.io/nuniesmith/fks:worker-latest"),
    ],
    ids=["nginx's configuration", "the static build", "the API's image"],
)
def test_no_request_fails(servers: Scenario, setting: str, value: str) -> None:
    servers.set(setting, value)
    assert failures(up_under_load(servers)) == {}


@pytest.mark.parametrize("service", ["edge", "api-postgres", "api-queue", "api-cache"])
def test_an_announced_replacement_takes_seconds(servers: Scenario, service: str) -> None:
    """Another memory limit replaces the container, as another image does."""
    servers.set(f"fks:services.{service}.memory", "150")
    outages = {target: one["outage"] for target, one in up_under_load(servers).items()}
    assert max(outages.values()) <= ANNOUNCED_SECONDS, outages
