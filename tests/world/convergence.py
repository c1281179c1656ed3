"""The promise that is held after every kill: the stack converges and nothing is there twice."""

from __future__ import annotations

import re

from rehearsal.world.scenario import Scenario

ENDED = re.compile(r"^ended with 0 after (\d+) events")
NEVER = 10**6
INSTANCE_BEGUN = "linode:index/instance:Instance::single-machine-instance"


def count_events(scenario: Scenario) -> int:
    """Run a whole `up` of a new stack and return how many resource events it has; destroy it."""
    said = scenario.up_killed_after(NEVER)
    found = ENDED.match(said)
    if not found:
        raise AssertionError(f"up did not come to its end: {said}")
    assert scenario.destroy().code == 0
    return int(found.group(1))


def kill(scenario: Scenario, event: int | str, delay: float = 0.0) -> None:
    """Kill a first `up` of the stack."""
    said = scenario.up_killed_after(event, delay)
    assert said.startswith("killed"), f"nothing was killed: {said}"


def assert_converges(scenario: Scenario, servers: int) -> None:
    """Let a stack whose `up` was killed converge, and destroy it."""
    outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    assert scenario.up().changes == {}
    assert all('"healthy"' in answer for answer in scenario.health().values())
    counts = scenario.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (servers,) * 3
    assert scenario.destroy().code == 0
    assert scenario.remaining_resources() == []
