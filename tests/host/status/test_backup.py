import json
import os
from dataclasses import replace
from typing import Any

import pytest

from host.fks_deploy.status import backup, parts
from tests.host.watch.server import NOON, SETTINGS, STOPPED, WatchedServer

HOUR = 3600


def dump(watched: WatchedServer, name: str, age: float, verdict: str = "") -> None:
    """A dump, with the result of its restore if there is a verdict."""
    path = f"var/backups/fks/postgres/{name}"
    watched.file(path, "12345")
    os.utime(watched.root / path, (NOON - age, NOON - age))
    if verdict:
        proof = {"verdict": verdict, "text": "pg_restore failed"}
        watched.file(path.replace(".dump", ".proof.json"), json.dumps(proof))


def problems(watched: WatchedServer) -> list[str]:
    return [one.text for one in backup.problems(watched.context())]


def newest(watched: WatchedServer, name: str = "api") -> dict[str, Any]:
    found = backup.newest(watched.paths, NOON)
    assert found is not None
    return dict(found["sets"][name])


@pytest.fixture(autouse=True)
def with_data(watched: WatchedServer) -> None:
    watched.file("etc/fks/role", "SERVER=single\nROLES=auth,api,web\n")


def test_a_server_without_data_has_none(watched: WatchedServer) -> None:
    watched.file("etc/fks/role", "SERVER=web\nROLES=web\n")
    assert backup.newest(watched.paths, NOON) is None
    assert problems(watched) == []


@pytest.mark.parametrize(
    ("repository", "off_server"),
    [("/mnt/a", False), ("sftp:a@b:/c", True), ("s3:https://a/b", True)],
)
def test_only_a_repository_elsewhere_survives_the_disk(
    watched: WatchedServer, repository: str, *, off_server: bool
) -> None:
    settings = {"stack": "dev", "repository": repository}
    watched.file("etc/fks/backup/settings.json", json.dumps(settings))
    found = backup.newest(watched.paths, NOON)
    assert found == {
        "repository": repository,
        "off_server": off_server,
        "sets": {},
        "log": None,
    }


def test_each_data_set_has_dumps_of_its_own(watched: WatchedServer) -> None:
    dump(watched, "authentik-20260101T000000Z.dump", 2 * HOUR, "ok")
    dump(watched, "fks-20260101T000000Z.dump", HOUR, "ok")
    assert newest(watched, "auth")["file"] == "authentik-20260101T000000Z.dump"
    assert newest(watched)["file"] == "fks-20260101T000000Z.dump"


def test_without_a_dump_there_is_none_and_no_problem(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump.partial", 5 * HOUR)
    found = backup.newest(watched.paths, NOON)
    assert found == {"repository": "", "off_server": False, "sets": {}, "log": None}
    assert problems(watched) == []


def test_the_newest_dump_with_its_proof(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", 33 * HOUR, "ok")
    dump(watched, "fks-2.dump", 9 * HOUR, "ok")
    found = newest(watched)
    assert found.pop("proof")["verdict"] == "ok"
    assert found == {"file": "fks-2.dump", "age": 9 * HOUR, "bytes": 5, "proved": 9 * HOUR}


@pytest.mark.parametrize(
    ("hours", "verdict", "texts"),
    [
        (26, "ok", []),
        (27, "ok", ["the newest proved backup of api is 27 h old, limit 26 h"]),
        (4, "", []),
        (5, "", ["no backup of api is proved by a restore"]),
        (1, "bad", ["the backup fks-1.dump is bad: pg_restore failed"]),
    ],
)
def test_a_backup_counts_only_with_a_restore(
    watched: WatchedServer, hours: int, verdict: str, texts: list[str]
) -> None:
    dump(watched, "fks-1.dump", hours * HOUR, verdict)
    assert problems(watched) == texts


def test_newer_dumps_without_a_proof_do_not_count(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", 49 * HOUR, "ok")
    dump(watched, "fks-2.dump", 1 * HOUR, "bad")
    assert problems(watched) == [
        "the backup fks-2.dump is bad: pg_restore failed",
        "the newest proved backup of api is 49 h old, limit 26 h",
    ]


def test_a_result_that_is_half_written_is_none(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", HOUR)
    watched.file("var/backups/fks/postgres/fks-1.proof.json", '{"verdict":')
    assert newest(watched)["proof"] is None


def test_a_stopped_database_has_no_new_dump(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", 99 * HOUR)
    context = watched.context(settings=replace(SETTINGS, stopped=STOPPED))
    found = parts.newest_backup(context)
    assert (found.value["sets"]["api"]["file"], found.problems) == ("fks-1.dump", ())


def test_a_broken_log_is_a_problem_while_its_stack_runs(watched: WatchedServer) -> None:
    watched.file("opt/fks/current/release.env", "COMPOSE_PROFILES=api-wal\n")
    found = backup.newest(watched.paths, NOON)
    text = "the write-ahead log of api has no base backup: no time can be restored"
    assert found is not None and found["log"]["problem"] == text
    assert problems(watched) == [text]
    context = watched.context(settings=replace(SETTINGS, stopped=STOPPED))
    assert list(backup.problems(context)) == []


def test_a_dump_from_the_future_does_not_count(watched: WatchedServer) -> None:
    text = "the backup fks-2.dump is 3.0 h ahead of the clock, which was wrong when it was made, or"
    text += " is now: timedatectl status"
    dump(watched, "fks-2.dump", -3 * HOUR, "ok")
    assert problems(watched) == [text, "no backup of api is proved by a restore"]
    dump(watched, "fks-1.dump", 27 * HOUR, "ok")
    late = "the newest proved backup of api is 27 h old, limit 26 h"
    assert (newest(watched)["proved"], problems(watched)) == (27 * HOUR, [text, late])


def test_a_clock_that_was_set_back_a_little_does_not_matter(watched: WatchedServer) -> None:
    dump(watched, "fks-1.dump", -30, "ok")
    assert problems(watched) == []
