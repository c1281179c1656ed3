"""The promise that is held after every kill: the stack converges and nothing is there twice."""

from __future__ import annotations

import re

from rehearsal.world.scenario import Story

ENDED = re.compile(r"^ended with 0 after (\d+) events")
NEVER = 10**6
INSTANCE_BEGUN = "linode:index/instance:Instance::single-machine-instance"


def count_events(story: Story) -> int:
    """Run a whole `up` of a new stack and return how many resource events it has; destroy it."""
    said = story.up_killed_after(NEVER)
    found = ENDED.match(said)
    if not found:
        raise AssertionError(f"up did not come to its end: {said}")
    assert story.destroy().code == 0
    return int(found.group(1))


def kill(story: Story, event: int | str, delay: float = 0.0) -> None:
    """Kill a first `up` of the stack."""
    said = story.up_killed_after(event, delay)
    assert said.startswith("killed"), f"nothing was killed: {said}"


def assert_converges(story: Story, servers: int) -> None:
    """Let a stack whose `up` was killed converge, and destroy it."""
    outcome = story.up()
    assert outcome.code == 0, outcome.display
    assert story.up().changes == {}
    assert all('"healthy"' in answer for answer in story.health().values())
    counts = story.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (servers,) * 3
    assert story.destroy().code == 0
    assert story.leftovers() == []
