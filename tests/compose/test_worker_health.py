"""How often a Celery worker is asked by its health check."""

import importlib.util
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.compose.stacks import LIB, part

FILE = LIB / "celery/worker-health.py"


@pytest.fixture
def health(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program, without Celery, which only its container has."""
    for name in ("celery", "celery.exceptions"):
        stand_in: Any = ModuleType(name)
        stand_in.Celery, stand_in.TimeoutError = object, TimeoutError
        monkeypatch.setitem(sys.modules, name, stand_in)
    spec = importlib.util.spec_from_file_location("worker_health", FILE)
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def application(answers: list[dict[str, Any] | None], asked: list[float]) -> Any:
    """One whose worker gives these answers, one to each question."""

    def inspect(_: list[str], timeout: float) -> Any:
        asked.append(timeout)
        return SimpleNamespace(active_queues=lambda: answers.pop(0))

    return SimpleNamespace(control=SimpleNamespace(inspect=inspect))


def test_a_worker_that_is_starting_is_asked_again(health: ModuleType) -> None:
    asked: list[float] = []
    starting = application([None, {}, {"w": ["celery"]}], asked)
    found = health.answer(starting, "w", "active_queues", health.FIRST_TIMEOUTS)
    assert (found, asked) == (["celery"], [1, 1, 1])


def test_one_that_does_not_answer_is_an_error_within_the_time_of_the_check(
    health: ModuleType,
) -> None:
    asked: list[float] = []
    silent = application([None] * 4, asked)
    with pytest.raises(SystemExit, match="w did not answer within 8 s"):
        health.answer(silent, "w", "active_queues", health.FIRST_TIMEOUTS)
    assert asked == [1, 1, 1, health.ANSWER_TIMEOUT]
    longest = sum(asked) + health.RESULT_TIMEOUT
    timeout = part("api")["services"]["api-worker"]["healthcheck"]["timeout"]
    assert longest < health.TOTAL_TIMEOUT < int(timeout.removesuffix("s"))
