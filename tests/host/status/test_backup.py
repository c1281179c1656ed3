import os
from dataclasses import replace

import pytest

from host.fks_deploy.status import backup, parts
from tests.host.watch.server import NOON, SETTINGS, WatchedServer

HOUR = 3600


def dump(watched: WatchedServer, name: str, age: float) -> None:
    path = f"var/backups/fks/postgres/{name}"
    watched.file(path, "12345")
    os.utime(watched.root / path, (NOON - age, NOON - age))


def test_without_a_dump_there_is_none_and_no_problem(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump.partial", 5 * HOUR)
    assert backup.newest(watched.root, NOON) is None
    assert list(backup.late(None)) == []


def test_the_newest_dump(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", 33 * HOUR)
    dump(watched, "fks-2.dump", 9 * HOUR)
    found = backup.newest(watched.root, NOON)
    assert found == {"file": "fks-2.dump", "age": 9 * HOUR, "bytes": 5}


@pytest.mark.parametrize(("hours", "late"), [(48, False), (49, True)])
def test_a_missed_night_or_two(watched: WatchedServer, hours: int, late: bool) -> None:
    dump(watched, "fks-1.dump", hours * HOUR)
    texts = [one.text for one in backup.late(backup.newest(watched.root, NOON))]
    assert texts == (["the newest backup is 49 h old, limit 48 h"] if late else [])


def test_a_stopped_database_has_no_new_dump(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", 99 * HOUR)
    context = watched.context(settings=replace(SETTINGS, stopped=frozenset({"api"})))
    found = parts.newest_backup(context)
    assert (found.value["file"], found.problems) == ("fks-1.dump", ())
