"""`up` is killed: the next one succeeds, the one after changes nothing, nothing is duplicated.

The events are drawn from a random seed, which is in the tests' names: FKS_SEED=N repeats a run.
"""

from __future__ import annotations

import os
import random

import pytest

from rehearsal.world.scenario import Scenario
from tests.convergence import (
    INSTANCE_BEGUN,
    SINGLE_EVENTS,
    assert_converges,
    assert_destroys,
    kill,
)

pytestmark = [pytest.mark.world, pytest.mark.timeout(900)]

SEED = int(os.environ.get("FKS_SEED", random.SystemRandom().randrange(10**6)))
DRAWN = sorted(random.Random(SEED).sample(range(2, SINGLE_EVENTS), 3))


@pytest.mark.parametrize("event", DRAWN, ids=[f"seed{SEED}-event{k}" for k in DRAWN])
def test_a_killed_up_converges(fresh_single: Scenario, event: int) -> None:
    kill(fresh_single, event)
    assert_converges(fresh_single, 1)
    assert fresh_single.unhealthy() is None
    assert_destroys(fresh_single)


def test_a_key_that_expired_before_the_server_exists_is_replaced(
    fresh_single: Scenario,
) -> None:
    fresh_single.control.fault(
        "linode", method="POST", path="linode/instances$", status=500, delay=30
    )
    kill(fresh_single, INSTANCE_BEGUN, 1)
    fresh_single.control.advance(2 * 3600)
    assert_converges(fresh_single, 1)
    assert fresh_single.unhealthy() is None
    assert_destroys(fresh_single)
