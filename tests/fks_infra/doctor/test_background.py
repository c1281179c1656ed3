"""Work that is left alone when its time is over."""

import threading
import time

import pytest

from fks_infra.doctor.background import Once, together


def test_what_hangs_is_not_waited_for() -> None:
    never = threading.Event()
    started = time.monotonic()
    asked = together({"hangs": never.wait, "answers": lambda: True}, 0.2)
    assert time.monotonic() - started < 5
    assert (asked["hangs"].done(), asked["answers"].result()) == (False, True)
    never.set()


def test_a_failure_is_the_futures() -> None:
    asked = together({"fails": lambda: 1 // 0}, 5)
    assert isinstance(asked["fails"].exception(), ZeroDivisionError)


def test_a_shared_question_is_asked_once_also_when_it_fails() -> None:
    calls: list[int] = []

    def ask() -> int:
        calls.append(1)
        raise LookupError("no")

    shared = Once(ask)
    asked = together({"one": shared, "two": shared}, 5)
    assert [type(future.exception()) for future in asked.values()] == [LookupError] * 2
    with pytest.raises(LookupError):
        shared()
    assert calls == [1]
