"""`up` of a single server killed at each command on it.

tests/fks_infra/test_engine_kills.py kills after every event, without servers.
"""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario
from tests.convergence import (
    SINGLE_EVENTS,
    assert_converges,
    assert_destroys,
    count_events,
    kill,
)

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(900),
]

COMMANDS = (
    "single-join-wait",
    "single-join-device",
    "single-bootstrap-scripts",
    "single-bootstrap-run",
    "single-stack-release",
    "single-stack-deploy",
    "verify-step",
)
LONG = ("single-bootstrap-run", "single-stack-deploy")
# (event, command, seconds after the event): at its begin, while it runs, or after its end.
KILLS = [
    *(("resourcePreEvent", name, 0.0) for name in COMMANDS),
    *(("resourcePreEvent", name, delay) for name in LONG for delay in (2.0, 6.0)),
    *(("resOutputsEvent", name, 0.0) for name in COMMANDS),
]


def test_the_events_and_the_commands_of_a_single_server(fresh_single: Scenario) -> None:
    assert count_events(fresh_single) == SINGLE_EVENTS
    commands = [row for row in fresh_single.resources() if row["type"].startswith("command:")]
    assert {row["urn"].split("::")[-1] for row in commands} == set(COMMANDS)
    assert_destroys(fresh_single)


@pytest.mark.parametrize(("event", "command", "delay"), KILLS)
def test_single_converges_after_a_kill_at(
    fresh_single: Scenario, event: str, command: str, delay: float
) -> None:
    kill(fresh_single, f"{event} create .*::{command}$", delay)
    assert_converges(fresh_single, 1)
    assert fresh_single.unhealthy() is None
    assert_destroys(fresh_single)
