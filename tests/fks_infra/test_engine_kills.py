"""`up` is killed after each event, without servers: engine, program and clouds' APIs converge.

tests/world/test_kill_single.py and test_kill_multi.py kill while commands run on servers.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal.local_stack import LocalStack, local_stack
from rehearsal.world.names import NUMBER
from tests.convergence import (
    INSTANCE_BEGUN,
    MULTI_EVENTS,
    SINGLE_EVENTS,
    assert_converges,
    assert_destroys,
    count_events,
    kill,
)

pytestmark = [
    pytest.mark.contract,
    pytest.mark.full,
    pytest.mark.independent,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def single_stack() -> Iterator[LocalStack]:
    """The stack `dev`: one server with all roles."""
    with local_stack(f"kills-single-{NUMBER}", "dev") as stack:
        yield stack


@pytest.fixture(scope="module")
def multi_stack() -> Iterator[LocalStack]:
    """The stack `prod`: three servers."""
    with local_stack(f"kills-multi-{NUMBER}", "prod") as stack:
        yield stack


@pytest.fixture
def single(single_stack: LocalStack) -> LocalStack:
    """The stack `dev`, empty, also after a failed test."""
    single_stack.clear()
    return single_stack


@pytest.fixture
def multi(multi_stack: LocalStack) -> LocalStack:
    """The stack `prod`, empty, also after a failed test."""
    multi_stack.clear()
    return multi_stack


def test_the_number_of_events(single: LocalStack, multi: LocalStack) -> None:
    assert (count_events(single), count_events(multi)) == (SINGLE_EVENTS, MULTI_EVENTS)


@pytest.mark.parametrize("event", range(1, SINGLE_EVENTS))
def test_a_single_server_converges_after_a_kill_at(single: LocalStack, event: int) -> None:
    kill(single, event)
    assert_converges(single, 1)
    assert_destroys(single)


@pytest.mark.parametrize("event", range(1, MULTI_EVENTS, 5))
def test_three_servers_converge_after_a_kill_at(multi: LocalStack, event: int) -> None:
    kill(multi, event)
    assert_converges(multi, 3)
    assert_destroys(multi)


@pytest.mark.parametrize("delay", [0.2, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("after", [False, True], ids=["not-created", "created"])
def test_a_kill_while_the_api_creates_the_instance(
    single: LocalStack, delay: float, after: bool
) -> None:
    slow = {"method": "POST", "path": "linode/instances$", "delay": 3.0, "after": after}
    single.fault("linode", **slow)
    kill(single, INSTANCE_BEGUN, delay)
    assert_converges(single, 1)
    assert_destroys(single)
