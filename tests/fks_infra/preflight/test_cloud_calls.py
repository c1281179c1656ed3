"""Cloud calls during a run of pulumi: retried, and errors for the operator."""

import pytest

from fks_infra.clouds.http import CloudError, RejectedError, UnavailableError
from fks_infra.clouds.retry import RetryPolicy
from fks_infra.errors import OperatorError
from fks_infra.preflight.cloud_calls import cloud_call, cloud_call_async
from tests.fks_infra.conftest import run_async

ONCE = RetryPolicy(seconds=0.0, pause=0.0)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RejectedError("rejected", "Make a new token", 401), "rejected. Make a new token"),
        (RejectedError("odd", status=418), "odd. Try again in a while."),
        (UnavailableError("busy"), "busy, for 0 s. Try again in a while."),
    ],
)
def test_every_cloud_error_becomes_an_operator_error(error: CloudError, text: str) -> None:
    def call() -> None:
        raise error

    with pytest.raises(OperatorError) as raised:
        cloud_call(call, ONCE)
    assert str(raised.value) == text
    with pytest.raises(OperatorError) as raised:
        run_async(cloud_call_async(call, ONCE))
    assert str(raised.value) == text


def test_a_busy_cloud_is_called_again() -> None:
    attempts: list[int] = []

    def call() -> int:
        attempts.append(1)
        if len(attempts) < 3:
            raise UnavailableError("busy")
        return len(attempts)

    assert cloud_call(call, RetryPolicy(seconds=30.0, pause=0.0)) == 3
