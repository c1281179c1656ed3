"""`up` of three servers killed after every fifth of its events."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario
from tests.world.convergence import assert_converges, count_events, kill
from tests.world.events import MULTI

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(900),
]


def test_the_number_of_events_in_multi_mode(fresh_multi: Scenario) -> None:
    assert count_events(fresh_multi) == MULTI


@pytest.mark.parametrize("event", range(1, MULTI, 5))
def test_multi_converges_after_a_kill_at(fresh_multi: Scenario, event: int) -> None:
    kill(fresh_multi, event)
    assert_converges(fresh_multi, 3)
