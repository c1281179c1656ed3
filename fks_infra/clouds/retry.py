"""The one retry policy: which statuses are temporary, how long to pause, when to give up."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fks_infra.clouds.http import UnavailableError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RetryPolicy:
    """Seconds until no new attempt is made, and seconds between two attempts, also of the join."""

    seconds: float = 60.0
    pause: float = 2.0


DEFAULT = RetryPolicy()


def is_temporary(status: int) -> bool:
    """Whether a request that got this HTTP status may succeed later."""
    return status == 429 or status >= 500


def retry(call: Callable[[], T], policy: RetryPolicy = DEFAULT) -> T:
    """The result of the first successful call; the last UnavailableError after the deadline."""
    attempts = _Attempts(policy)
    while True:
        try:
            return call()
        except UnavailableError as error:
            time.sleep(attempts.pause_after(error))


async def retry_async(call: Callable[[], T], policy: RetryPolicy = DEFAULT) -> T:
    """As `retry`, with each call in a thread: the event loop goes on."""
    attempts = _Attempts(policy)
    while True:
        try:
            return await asyncio.to_thread(call)
        except UnavailableError as error:
            await asyncio.sleep(attempts.pause_after(error))


class _Attempts:
    def __init__(self, policy: RetryPolicy) -> None:
        self._pause = policy.pause
        self._deadline = time.monotonic() + policy.seconds

    def pause_after(self, error: UnavailableError) -> float:
        """Seconds to pause; raises the error itself after the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise error
        return min(self._pause, left)
