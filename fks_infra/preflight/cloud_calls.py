"""Calls to a cloud during a run of pulumi: retried, and with errors for the operator."""

from collections.abc import Callable
from typing import TypeVar

from fks_infra.clouds.http import CloudError, UnavailableError
from fks_infra.clouds.retry import DEFAULT, RetryPolicy, retry, retry_async
from fks_infra.errors import OperatorError

T = TypeVar("T")


def cloud_call(call: Callable[[], T], policy: RetryPolicy = DEFAULT) -> T:
    """The result; OperatorError where the cloud rejects the call or stays unavailable."""
    try:
        return retry(call, policy)
    except CloudError as error:
        raise operator_error(error, policy) from error


async def cloud_call_async(call: Callable[[], T], policy: RetryPolicy = DEFAULT) -> T:
    """As `cloud_call`, for a resource hook."""
    try:
        return await retry_async(call, policy)
    except CloudError as error:
        raise operator_error(error, policy) from error


def operator_error(error: CloudError, policy: RetryPolicy = DEFAULT) -> OperatorError:
    """The error for the operator, always with a remedy."""
    if isinstance(error, UnavailableError):
        waited = f"{error.detail}, for {policy.seconds:.0f} s"
        return OperatorError(f"{waited}. Try again in a while.")
    return OperatorError(f"{error.detail}. {error.remedy or 'Try again in a while.'}")
