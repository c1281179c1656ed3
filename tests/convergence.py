"""Kills `up` and asserts that the stack then converges without duplicates."""

from __future__ import annotations

import re
from typing import Protocol

from rehearsal.world.operator import Outcome

ENDED = re.compile(r"^ended with 0 after (\d+) events")
# More events than any `up` has.
NEVER = 10**6
# The number of resource events of a first `up`; the tests of all kills verify it.
SINGLE_EVENTS = 74
MULTI_EVENTS = 134
INSTANCE_BEGUN = "linode:index/instance:Instance::single-machine-instance"


class Stack(Protocol):
    """A stack in the world, or one without servers."""

    def up(self) -> Outcome: ...

    def destroy(self) -> Outcome: ...

    def up_killed_after(self, event: int | str, delay: float = 0.0, /) -> str: ...

    def cloud_counts(self) -> dict[str, int]: ...

    def remaining_resources(self) -> list[str]: ...


def count_events(stack: Stack) -> int:
    """Run `up` of a new stack without a kill; return the number of resource events."""
    report = stack.up_killed_after(NEVER)
    found = ENDED.match(report)
    if not found:
        raise AssertionError(f"up did not succeed: {report}")
    return int(found.group(1))


def kill(stack: Stack, event: int | str, delay: float = 0.0) -> None:
    """Kill the first `up` of a new stack."""
    report = stack.up_killed_after(event, delay)
    assert report.startswith("killed"), f"up was not killed: {report}"


def assert_converges(stack: Stack, servers: int) -> None:
    """Run `up` after a kill, then `up` without changes."""
    outcome = stack.up()
    assert outcome.code == 0, outcome.display
    assert stack.up().changes == {}
    counts = stack.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (servers,) * 3


def assert_destroys(stack: Stack) -> None:
    """Destroy the stack; nothing remains."""
    assert stack.destroy().code == 0
    assert stack.remaining_resources() == []
