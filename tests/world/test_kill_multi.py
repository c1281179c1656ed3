"""`up` of three servers killed while commands run on one of them.

tests/fks_infra/test_engine_kills.py kills at more events, without servers.
"""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario
from tests.convergence import assert_converges, assert_destroys, kill

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(900),
]

# (event, command, seconds after the event).
KILLS = [
    ("resOutputsEvent", "auth-join-wait", 0.0),
    ("resourcePreEvent", "api-bootstrap-run", 3.0),
    ("resourcePreEvent", "auth-stack-deploy", 3.0),
    ("resourcePreEvent", "web-stack-release", 0.0),
    ("resOutputsEvent", "web-stack-deploy", 0.0),
]


@pytest.mark.parametrize(("event", "command", "delay"), KILLS)
def test_multi_converges_after_a_kill_at(
    fresh_multi: Scenario, event: str, command: str, delay: float
) -> None:
    kill(fresh_multi, f"{event} create .*::{command}$", delay)
    assert_converges(fresh_multi, 3)
    assert fresh_multi.unhealthy() is None
    assert_destroys(fresh_multi)
