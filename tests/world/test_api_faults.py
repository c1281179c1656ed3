"""PostgreSQL of the API is down for half a minute: errors have a body, and nobody has to help."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from rehearsal.game_day.server_causes import stopped
from rehearsal.world.progress import wait_until
from rehearsal.world.scenario import Scenario
from tests.world import containers
from tests.world.http_requests import Answer, request

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

POSTGRES = "fks-api-postgres-1"
DOWN_SECONDS = 30
# The host writes the answers of /health/deep every 15 s.
DEEP_SECONDS = 25


def test_without_postgresql_the_api_answers_503_with_a_body_and_recovers(servers: Scenario) -> None:
    applications = ("fks-api-1", "fks-api-2-1", "fks-api-worker-1", "fks-api-beat-1")
    before = [started(servers, name) for name in applications]
    with stopped(servers, "api", POSTGRES):
        since = time.monotonic()
        for server in ("api", "web"):
            answer = request(servers, server, "/api/health")
            assert (answer.status, answer.json["status"]) == (503, "unhealthy"), answer
        wait_until("deep health is red", lambda: unless_red(servers), DEEP_SECONDS)
        assert '"healthy"' in request(servers, "web", "/health/deep").body
        time.sleep(max(0.0, DOWN_SECONDS - (time.monotonic() - since)))

    wait_until("all services answer", servers.unhealthy, 60)
    assert request(servers, "web", "/api/v1/trades").status == 200
    assert [started(servers, name) for name in applications] == before


def unless_red(scenario: Scenario) -> str | None:
    """None when the API's deep health is 503 and names the database as the only part that fails."""
    answer: Answer = request(scenario, "api", "/health/deep")
    parts: dict[str, dict[str, Any]] = answer.json["parts"]
    failed = [name for name, part in parts.items() if part["status"] != "healthy"]
    return None if (answer.status, failed) == (503, ["database"]) else json.dumps(answer.json)


def started(scenario: Scenario, name: str) -> str:
    """When the container started."""
    return str(containers.inspect(scenario, "api", name)["State"]["StartedAt"])
