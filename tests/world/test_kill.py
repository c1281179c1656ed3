"""`up` killed in the midst: the next one succeeds, the one after is quiet, nothing is there twice.

The events to kill at are drawn from a seed, which is printed: FKS_SEED=N repeats a run.
"""

from __future__ import annotations

import os
import random

import pytest

from rehearsal.world.story import Story

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

# A first `up` in single mode has about this many resource events; later ones never come.
EVENTS = 70
SEED = int(os.environ.get("FKS_SEED", random.SystemRandom().randrange(10**6)))
DRAWN = sorted(random.Random(SEED).sample(range(1, EVENTS), 3))


@pytest.mark.parametrize("events", DRAWN, ids=[f"seed{SEED}-event{k}" for k in DRAWN])
def test_a_killed_up_converges(single: Story, events: int) -> None:
    assert_converges(single, events)


def assert_converges(story: Story, events: int) -> None:
    """Kill a first `up` after so many events, let it converge, and destroy the stack."""
    story.set("fks:protect", "false")
    killed = story.up_killed_after(events)
    outcome = story.up()
    assert outcome.code == 0, outcome.display
    assert story.up().changes == {}
    assert all('"healthy"' in answer for answer in story.health().values())
    counts = story.cloud_counts()
    assert (counts["instances"], counts["firewalls"], counts["devices"]) == (1, 1, 1)
    assert story.destroy().code == 0
    assert story.leftovers() == []
    assert killed or events > 30, "the operation ended before so few events: nothing was killed"
