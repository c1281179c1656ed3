"""Calls that are abandoned after their time limit."""

import threading
import time

import pytest

from fks_infra.doctor.background import Once, together


def test_a_call_that_hangs_is_abandoned() -> None:
    never = threading.Event()
    started = time.monotonic()
    futures = together({"hangs": never.wait, "answers": lambda: True}, 0.2)
    assert time.monotonic() - started < 5
    assert (futures["hangs"].done(), futures["answers"].result()) == (False, True)
    never.set()


def test_an_exception_is_in_the_future() -> None:
    futures = together({"fails": lambda: 1 // 0}, 5)
    assert isinstance(futures["fails"].exception(), ZeroDivisionError)


def test_a_shared_call_is_made_once_even_if_it_fails() -> None:
    calls: list[int] = []

    def call() -> int:
        calls.append(1)
        raise LookupError("no")

    shared = Once(call)
    futures = together({"one": shared, "two": shared}, 5)
    assert [type(future.exception()) for future in futures.values()] == [LookupError] * 2
    with pytest.raises(LookupError):
        shared()
    assert calls == [1]
