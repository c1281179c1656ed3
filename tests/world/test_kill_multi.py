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

KILLS = [
    (r"resOutputsEvent create .*::auth-join-wait$", 0.0),
    (r"resourcePreEvent create .*::api-bootstrap-run$", 3.0),
    (r"resourcePreEvent create .*::auth-stack-deploy$", 3.0),
    (r"resourcePreEvent create .*::web-stack-release$", 0.0),
    (r"resOutputsEvent create .*::web-stack-deploy$", 0.0),
]


@pytest.mark.parametrize(("event", "delay"), KILLS, ids=lambda value: str(value))
def test_multi_converges_after_a_kill_at(fresh_multi: Scenario, event: str, delay: float) -> None:
    kill(fresh_multi, event, delay)
    assert_converges(fresh_multi, 3)
    assert fresh_multi.unhealthy() is None
    assert_destroys(fresh_multi)
