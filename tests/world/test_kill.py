"""`up` killed in the midst: the next one succeeds, the one after is quiet, nothing is there twice.

The events to kill at are drawn from a seed, which is printed: FKS_SEED=N repeats a run.
"""

from __future__ import annotations

import os
import random

import pytest

from rehearsal.world.story import Story
from tests.world.convergence import assert_converges
from tests.world.events import SINGLE

pytestmark = [pytest.mark.world, pytest.mark.full, pytest.mark.timeout(900)]

SEED = int(os.environ.get("FKS_SEED", random.SystemRandom().randrange(10**6)))
DRAWN = sorted(random.Random(SEED).sample(range(2, SINGLE), 3))


@pytest.mark.parametrize("events", DRAWN, ids=[f"seed{SEED}-event{k}" for k in DRAWN])
def test_a_killed_up_converges(single: Story, events: int) -> None:
    single.set("fks:protect", "false")
    assert_converges(single, 1, events)
