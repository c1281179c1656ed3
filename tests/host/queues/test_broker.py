import json

from host.fks_deploy.queues import broker
from host.fks_deploy.queues.broker import Waiting
from tests.host.watch.server import WatchedServer


def test_the_lists_of_a_queue_and_its_priorities_are_one(watched: WatchedServer) -> None:
    answer = {
        "celery": {"length": 2, "newest": "b", "oldest": ["a", "b"]},
        "celery\x06\x163": {"length": 1, "newest": "c", "oldest": ["c"]},
        "trading": {"length": 1, "newest": "d", "oldest": ["d"]},
    }
    watched.answer("docker exec", json.dumps(answer))
    assert broker.waiting(watched.shell, "c0ffee") == {
        "celery": Waiting(3, "b", frozenset("abc")),
        "trading": Waiting(1, "d", frozenset("d")),
    }


def test_no_command_line_has_the_password(watched: WatchedServer) -> None:
    watched.answer("docker exec", "{}")
    broker.waiting(watched.shell, "c0ffee")
    (call,) = watched.shell.calls
    assert call[:5] == ["docker", "exec", "c0ffee", "sh", "-c"]
    assert 'REDISCLI_AUTH=$(cat "$file")' in call[5]


def test_a_purge_deletes_the_lists_of_all_priorities(watched: WatchedServer) -> None:
    watched.answer("docker exec", "7\n")
    assert broker.purge(watched.shell, "c0ffee", "trading") == 7
    (call,) = watched.shell.calls
    assert call[-5:] == ["4", "trading", *(f"trading\x06\x16{number}" for number in (3, 6, 9))]


def test_tasks_that_workers_have_are_counted(watched: WatchedServer) -> None:
    watched.answer("docker exec", "3\n")
    assert broker.delivered(watched.shell, "c0ffee") == 3
    (call,) = watched.shell.calls
    assert call[-2:] == ["HLEN", "unacked"]
