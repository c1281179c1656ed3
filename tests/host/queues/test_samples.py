"""How long the oldest task of a queue has waited, with one sample a minute."""

import json
from itertools import pairwise

import pytest

from host.fks_deploy.queues import samples
from host.fks_deploy.queues.broker import READ, Waiting
from host.fks_deploy.queues.samples import Samples
from tests.host.watch.server import NOON, WatchedServer, container


def queue(*ids: str) -> Waiting:
    """A queue with these tasks, the oldest first."""
    return Waiting(len(ids), ids[-1], frozenset(ids[:READ]))


def sampled(*minutes: Waiting | None) -> Samples:
    """The samples of one queue, one a minute from noon on; None: it was empty."""
    found = Samples()
    for minute, one in enumerate(minutes):
        found.add({"celery": one} if one else {}, NOON + 60 * minute)
    return found


def test_a_task_that_waits_since_the_first_sample() -> None:
    found = sampled(queue("a"), queue("a", "b"), queue("a", "b", "c"))
    assert found.waited("celery", queue("a", "b", "c"), NOON + 150) == 150


def test_tasks_that_a_worker_took_do_not_count() -> None:
    found = sampled(queue("a", "b"), queue("b", "c"), queue("c", "d"))
    # "c" was the newest at the second sample.
    assert found.waited("celery", queue("c", "d", "e"), NOON + 130) == 70


def test_a_queue_that_moves_has_the_age_of_its_oldest_task() -> None:
    """Its first task is another one each minute, and has waited for three."""
    ids = [str(number) for number in range(100)]
    found = sampled(*(queue(*ids[minute : minute + 4]) for minute in range(50)))
    assert found.waited("celery", queue(*ids[49:53]), NOON + 49 * 60) == 180


def test_a_task_that_is_newer_than_the_last_sample_has_waited_less_than_a_minute() -> None:
    assert sampled(queue("a"), None).waited("celery", queue("b"), NOON + 90) == 0


def test_an_empty_queue_forgets_its_samples() -> None:
    assert sampled(queue("a"), None).queues == {}


def test_it_is_not_known_while_the_watch_does_not_run() -> None:
    assert sampled(queue("a")).waited("celery", queue("a"), NOON + 181) is None


def test_it_is_not_known_if_no_sample_is_among_the_ids_that_were_read() -> None:
    ids = [f"{number}" for number in range(READ + 1)]
    assert sampled(queue("a")).waited("celery", queue(*ids), NOON + 60) is None


def test_a_long_backlog_has_a_limited_number_of_samples() -> None:
    ids = [str(number) for number in range(3000)]
    found = sampled(*(queue(*ids[: minute + 1]) for minute in range(1500)))
    times = [time for time, _ in found.queues["celery"]]
    assert len(times) <= 1440 and times[0] == NOON
    assert max(later - earlier for earlier, later in pairwise(times)) <= 120


@pytest.mark.parametrize("status", ["running", "exited"])
def test_the_watch_adds_a_sample_while_redis_runs(watched: WatchedServer, status: str) -> None:
    watched.containers(container("api-queue", status), container("api"))
    answer = {"celery": {"length": 1, "newest": "a", "oldest": ["a"]}}
    watched.answer("docker exec", json.dumps(answer))
    assert list(samples.record(watched.context())) == []
    found = samples.load(watched.paths.queue_samples)
    assert found.queues == ({"celery": [(NOON, "a")]} if status == "running" else {})
    calls = [call for call in watched.shell.calls if call[:2] == ["docker", "exec"]]
    assert len(calls) == (1 if status == "running" else 0)


def test_a_redis_that_does_not_answer_adds_nothing(watched: WatchedServer) -> None:
    watched.containers(container("api-queue"))
    watched.answer("docker exec", None)
    assert list(samples.record(watched.context())) == []
    assert not watched.paths.queue_samples.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"time": 1}', '{"time": 1, "queues": {"a": 1}}'])
def test_a_damaged_file_has_no_samples_and_is_replaced(watched: WatchedServer, text: str) -> None:
    watched.file("var/lib/fks/queue-samples.json", text)
    assert samples.load(watched.paths.queue_samples) == Samples()
    watched.containers(container("api-queue"))
    watched.answer("docker exec", "{}")
    assert list(samples.record(watched.context())) == []
    assert samples.load(watched.paths.queue_samples).time == NOON
