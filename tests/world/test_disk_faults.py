"""A file system of a server at 95 %: it is reported, no deploy starts, and the site serves."""

from __future__ import annotations

import re

import pytest

from rehearsal.world.scenario import Scenario
from tests.world import containers
from tests.world.faults import script, small

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

# A small file system stands for the disk of the server, which is that of the machine.
DIRECTORY = "/var/log"
FULL = f"{DIRECTORY}/fks: No space left on device, 0 MiB free, 8 MiB needed: delete files"
REMEDY = r"or choose a larger plan \(fks:plan\), then deploy again"


def test_a_disk_at_95_percent_is_reported_and_stops_a_deploy_first(servers: Scenario) -> None:
    identifiers = "docker ps --quiet --no-trunc | sort"
    before = script(servers, identifiers, "api")
    servers.set("fks:services.api-cache.memory", "150")
    with small(servers, DIRECTORY, server="api"):
        script(servers, f"head -c 15900000 /dev/zero >{DIRECTORY}/fill", "api")
        found = containers.problems(servers, "api")
        assert found[f"disk {DIRECTORY} 90"]["text"] == f"disk {DIRECTORY} is at 95 %, limit 90 %"
        outcome = servers.up()
        assert servers.unhealthy() is None
    assert outcome.code != 0
    assert re.search(f"{FULL}, {REMEDY}", outcome.display), outcome.display
    assert script(servers, identifiers, "api") == before
    outcome = servers.up()
    assert outcome.code == 0, outcome.display
