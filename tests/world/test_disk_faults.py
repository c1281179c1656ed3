"""A file system of a server at 95 %: it is reported, no deploy starts, and the site serves."""

from __future__ import annotations

import re

import pytest

from rehearsal.game_day.server_causes import LOGS, nearly_full, script
from rehearsal.world.scenario import Scenario
from tests.world import containers

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

FULL = f"{LOGS}/fks: No space left on device, 0 MiB free, 8 MiB needed: delete files"
REMEDY = r"or choose a larger plan \(fks:plan\), then deploy again"


def test_a_disk_at_95_percent_is_reported_and_stops_a_deploy_first(servers: Scenario) -> None:
    identifiers = "docker ps --quiet --no-trunc | sort"
    before = script(servers, identifiers, "api")
    servers.set("fks:services.api-cache.memory", "150")
    with nearly_full(servers, "api"):
        found = containers.problems(servers, "api")
        assert found[f"disk {LOGS} 90"]["text"] == f"disk {LOGS} is at 95 %, limit 90 %"
        outcome = servers.up()
        assert servers.unhealthy() is None
    assert outcome.code != 0
    assert re.search(f"{FULL}, {REMEDY}", outcome.display), outcome.display
    assert script(servers, identifiers, "api") == before
    outcome = servers.up()
    assert outcome.code == 0, outcome.display
