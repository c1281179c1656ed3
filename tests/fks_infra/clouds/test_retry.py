"""The retry policy."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from fks_infra.clouds.http import RejectedError, UnavailableError
from fks_infra.clouds.retry import RetryPolicy, is_temporary, retry, retry_async
from tests.fks_infra.conftest import run_async

POLICY = RetryPolicy(seconds=30.0, pause=0.01)
Retry = Callable[..., Any]


def retry_in_a_loop(call: Callable[[], Any], policy: RetryPolicy) -> Any:
    return run_async(retry_async(call, policy))


BOTH = pytest.mark.parametrize("retrying", [retry, retry_in_a_loop])


def failing(times: int, error: Exception) -> tuple[Callable[[], str], list[int]]:
    """A call that fails so often, and the list of its attempts."""
    attempts: list[int] = []

    def call() -> str:
        attempts.append(1)
        if len(attempts) <= times:
            raise error
        return "done"

    return call, attempts


@pytest.mark.parametrize(("status", "temporary"), [(429, True), (500, True), (404, False)])
def test_which_statuses_are_temporary(status: int, temporary: bool) -> None:
    assert is_temporary(status) is temporary


@BOTH
def test_an_unavailable_cloud_is_called_again(retrying: Retry) -> None:
    call, attempts = failing(2, UnavailableError("busy"))
    assert retrying(call, POLICY) == "done"
    assert len(attempts) == 3


@BOTH
def test_a_rejected_call_is_not_repeated(retrying: Retry) -> None:
    call, attempts = failing(1, RejectedError("no"))
    with pytest.raises(RejectedError):
        retrying(call, POLICY)
    assert len(attempts) == 1


@BOTH
def test_after_the_deadline_the_last_error_is_raised(retrying: Retry) -> None:
    call, attempts = failing(1000, UnavailableError("busy"))
    started = time.monotonic()
    with pytest.raises(UnavailableError, match="busy"):
        retrying(call, RetryPolicy(seconds=0.1, pause=0.02))
    assert 2 <= len(attempts) < 20
    assert time.monotonic() - started < 5
