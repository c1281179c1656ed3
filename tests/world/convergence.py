"""Kills `up` and asserts that the stack then converges without duplicates."""

from __future__ import annotations

import re

from rehearsal.world.scenario import Scenario

ENDED = re.compile(r"^ended with 0 after (\d+) events")
# More events than any `up` has.
NEVER = 10**6
INSTANCE_BEGUN = "linode:index/instance:Instance::single-machine-instance"


def count_events(scenario: Scenario) -> int:
    """Run `up` of a new stack without a kill; destroy it; return the number of resource events."""
    report = scenario.up_killed_after(NEVER)
    found = ENDED.match(report)
    if not found:
        raise AssertionError(f"up did not succeed: {report}")
    assert scenario.destroy().code == 0
    return int(found.group(1))


def kill(scenario: Scenario, event: int | str, delay: float = 0.0) -> None:
    """Kill the first `up` of a new stack."""
    report = scenario.up_killed_after(event, delay)
    assert report.startswith("killed"), f"up was not killed: {report}"


def assert_converges(scenario: Scenario, servers: int) -> None:
    """Run `up` after a kill, then `up` without changes, then destroy."""
    outcome = scenario.up()
    assert outcome.code == 0, outcome.display
    assert scenario.up().changes == {}
    assert scenario.unhealthy() is None
    counts = scenario.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (servers,) * 3
    assert scenario.destroy().code == 0
    assert scenario.remaining_resources() == []
