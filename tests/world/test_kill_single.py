"""`up` of a single server killed after each of its events."""

from __future__ import annotations

import pytest

from rehearsal.world.scenario import Scenario
from tests.world.convergence import INSTANCE_BEGUN, assert_converges, count_events, kill
from tests.world.events import SINGLE

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(900),
]


def test_the_number_of_events_in_single_mode(fresh_single: Scenario) -> None:
    assert count_events(fresh_single) == SINGLE


@pytest.mark.parametrize("event", range(1, SINGLE))
def test_single_converges_after_a_kill_at(fresh_single: Scenario, event: int) -> None:
    kill(fresh_single, event)
    assert_converges(fresh_single, 1)


@pytest.mark.parametrize("delay", [0.2, 0.5, 1.0, 2.0])
def test_single_converges_after_a_kill_while_the_instance_is_created(
    fresh_single: Scenario, delay: float
) -> None:
    kill(fresh_single, INSTANCE_BEGUN, delay)
    assert_converges(fresh_single, 1)
