"""`up` killed after every event in single mode, and after every fifth in multi."""

from __future__ import annotations

import pytest

from rehearsal.world.story import Story
from tests.world.convergence import assert_converges, count_events
from tests.world.events import MULTI, SINGLE

pytestmark = [
    pytest.mark.world,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(900),
]


def test_the_number_of_events_in_single_mode_is_known(single: Story) -> None:
    single.set("fks:protect", "false")
    assert count_events(single) == SINGLE


@pytest.mark.parametrize("events", range(1, SINGLE))
def test_single_converges_after_a_kill_at(single: Story, events: int) -> None:
    single.set("fks:protect", "false")
    assert_converges(single, 1, events)


@pytest.mark.parametrize("delay", [0.2, 0.5, 1.0, 2.0])
def test_single_converges_after_a_kill_while_the_instance_is_made(
    single: Story, delay: float
) -> None:
    single.set("fks:protect", "false")
    assert_converges(single, 1, SINGLE // 2, delay)


def test_the_number_of_events_in_multi_mode_is_known(multi: Story) -> None:
    multi.set("fks:protect", "false")
    assert count_events(multi) == MULTI


@pytest.mark.parametrize("events", range(1, MULTI, 5))
def test_multi_converges_after_a_kill_at(multi: Story, events: int) -> None:
    multi.set("fks:protect", "false")
    assert_converges(multi, 3, events)
