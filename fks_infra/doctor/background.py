"""Work that is left alone when its time is over.

An executor's threads are waited for when the interpreter ends, and a resolver that hangs cannot be
told to stop; so these are daemons.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T]) -> "Future[T]":
    """Start it now; the future has its result or what it raised."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the future's
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, daemon=True).start()
    return future


def together(works: Mapping[str, Callable[[], T]], seconds: float) -> dict[str, "Future[T]"]:
    """Start all and wait for them; a future that is not done then has run out of time."""
    begun = {name: begin(work) for name, work in works.items()}
    wait(begun.values(), timeout=seconds)
    return begun


class Once(Generic[T]):
    """A question several checks have, asked when the first one needs it."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = Lock()
        self._asked: Future[T] | None = None

    def __call__(self) -> T:
        """The answer, or what asking raised, to each caller alike."""
        with self._lock:
            if self._asked is None:
                self._asked = begin(self._ask)
        return self._asked.result()
