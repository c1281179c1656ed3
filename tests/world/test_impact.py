"""What `fks impact` predicts is what a deploy then does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from fks_infra.impact.changes import impact
from fks_infra.impact.impact import Action, Impact, Level
from rehearsal.world.scenario import Scenario
from tests.world.test_replacements import failures, up_under_load

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

PYTHON = "/opt/fks/venv/bin/python"
CONTAINERS = (
    *("docker", "ps", "--filter", "label=com.docker.compose.project=fks", "--format"),
    '{{.Label "com.docker.compose.service"}} {{.ID}}',
)
# The brackets keep grep from finding itself.
WORKERS = "grep -las '[n]ginx: worker' /proc/[0-9]*/cmdline || true"
REPLACED = (Action.IN_TURN, Action.STOPPED_FIRST)
Parts = dict[str, Any]


@dataclass(frozen=True)
class Running:
    """What runs on a server: its instance, its containers by service, nginx's workers."""

    instance: int
    containers: dict[str, str]
    workers: frozenset[str]


@pytest.fixture(scope="module")
def servers(multi: Scenario) -> Scenario:
    """Three servers that serve."""
    outcome = multi.up()
    assert outcome.code == 0, outcome.display
    return multi


def inventory(scenario: Scenario) -> Parts:
    """The inventory of the operator's program and stack file."""
    command = [PYTHON, "-m", "fks_infra.impact.inventory", scenario.stack]
    return dict(json.loads(scenario.operator.output(command)))


def running(scenario: Scenario) -> dict[str, Running]:
    """What runs on each server."""
    found = {}
    for name in scenario.servers_by_role().values():
        rows = scenario.on_server(name, *CONTAINERS).splitlines()
        workers = scenario.on_server(name, "sh", "-c", WORKERS).split()
        containers = dict(row.split() for row in rows)
        found[name] = Running(scenario.instance(name), containers, frozenset(workers))
    return found


def parts(predicted: Impact, server: str, *actions: Action) -> set[str]:
    """The parts of a server to which one of these actions happens."""
    effects = predicted.servers[server].effects
    return {effect.part for effect in effects if effect.action in actions}


def check_server(predicted: Impact, name: str, before: Running, after: Running) -> None:
    """Compare a server's instance, containers and nginx with the prediction."""
    rebuilt = bool(parts(predicted, name, Action.REBUILT))
    assert (before.instance != after.instance) == rebuilt, name
    if rebuilt:
        return
    replaced = {one for one in after.containers if after.containers[one] != before.containers[one]}
    assert replaced == parts(predicted, name, *REPLACED), name
    if "edge" in parts(predicted, name, Action.RELOADED):
        assert not before.workers & after.workers, name


@pytest.mark.parametrize(
    ("setting", "value", "level"),
    [
        ("fks:extraNames[0]", "app", Level.DOWNTIME),
        ("fks:services.web.image", "docker.io/nuniesmith/fks:web-next", Level.NO_DOWNTIME),
        ("fks:services.api.image", "docker.io/nuniesmith/fks:worker-latest", Level.NO_DOWNTIME),
        ("fks:services.api-cache.memory", "150", Level.DOWNTIME),
        ("fks:sshFrom[0]", "198.51.100.7/32", Level.NO_DOWNTIME),
        ("fks:generation.web", "1", Level.LOSS),
    ],
    ids=["a name", "the static build", "the API's image", "the cache", "the firewall", "a rebuild"],
)
def test_it_happens_as_predicted(servers: Scenario, setting: str, value: str, level: Level) -> None:
    base, before = inventory(servers), running(servers)
    servers.set(setting, value)
    predicted = impact(base, inventory(servers))
    assert predicted.level == level
    found, after = up_under_load(servers), running(servers)
    for name in before:
        check_server(predicted, name, before[name], after[name])
    seconds = [effect.seconds for one in predicted.servers.values() for effect in one.effects]
    if seconds and None not in seconds:
        limit = max(filter(None, seconds), default=0)
        assert failures(found) == {} or max(one["outage"] for one in found.values()) <= limit
