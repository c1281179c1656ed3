"""Calls in background threads, abandoned when their time limit is over.

The threads are daemons: the interpreter waits for an executor's threads when it exits, and a
resolver that hangs cannot be interrupted.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


def begin(call: Callable[[], T]) -> "Future[T]":
    """Start a call; the future gets its result or its exception."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - the future re-raises it
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, daemon=True).start()
    return future


def together(calls: Mapping[str, Callable[[], T]], seconds: float) -> dict[str, "Future[T]"]:
    """Run all at the same time; a future that is not done afterwards exceeded the time limit."""
    futures = {name: begin(call) for name, call in calls.items()}
    wait(futures.values(), timeout=seconds)
    return futures


class Once(Generic[T]):
    """A call whose result several checks share; it is made when the first one needs it."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._lock = Lock()
        self._future: Future[T] | None = None

    def __call__(self) -> T:
        """The result, or the same exception for every caller."""
        with self._lock:
            if self._future is None:
                self._future = begin(self._call)
        return self._future.result()
