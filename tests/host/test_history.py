import json
import os
from pathlib import Path
from typing import Any

import pytest

from host.fks_deploy.history import document
from host.fks_deploy.paths import Paths

DEPLOY = {"time": "2026-11-27T10:00:00Z", "who": "deploy", "digest": "a" * 64, "result": "ok"}
STOP = {"time": "2026-11-27T11:00:00+00:00", "kind": "stop", "why": "holidays"}
BACKUP = {"time": "2026-11-27T11:55:00Z", "kind": "backup", "file": "fks.dump", "bytes": 4}
ALERT = {"time": "2026-11-27T12:00:00Z", "kind": "alert", "who": "fks-watch", "text": "1 event"}
# BACKUP's time
SECONDS = 1795780500


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = Paths(tmp_path)
    for directory in (found.role.parent, found.journal.parent):
        directory.mkdir(parents=True)
    found.role.write_text("SERVER=api\nROLES=api\n")
    return found


def write(paths: Paths, *lines: str) -> None:
    paths.journal.write_text("".join(f"{line}\n" for line in lines))


def kinds(found: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in found["entries"]]


def test_before_the_first_deploy(paths: Paths) -> None:
    found = document(paths, "")
    assert (found["server"], found["entries"], found["damaged"]) == ("api", [], [])


def test_all_kinds_by_time_and_a_deploy_without_its_steps(paths: Paths) -> None:
    write(paths, *(json.dumps(one) for one in ({**DEPLOY, "steps": [1]}, ALERT, STOP)))
    dump = paths.root / "var/backups/fks/postgres/fks.dump"
    dump.parent.mkdir(parents=True)
    dump.write_text("data")
    os.utime(dump, (SECONDS, SECONDS))
    found = document(paths, "")["entries"]
    assert found == [{"kind": "deploy", **DEPLOY}, STOP, BACKUP, ALERT]


def test_since_leaves_out_what_is_older(paths: Paths) -> None:
    write(paths, *(json.dumps(one) for one in (DEPLOY, STOP, ALERT)))
    assert kinds(document(paths, "2026-11-27T11:00:00Z")) == ["stop", "alert"]


def test_damaged_lines_are_numbered_and_the_others_shown(paths: Paths) -> None:
    without_time, no_zone = '{"who": "x"}', '{"time": "2026-11-27T10:00:00"}'
    write(paths, '{"time": "20', json.dumps(DEPLOY), "[1]", "5", without_time, no_zone)
    found = document(paths, "")
    assert (kinds(found), found["damaged"]) == (["deploy"], [1, 3, 4, 5, 6])
