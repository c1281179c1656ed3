from typing import Any

import pytest

from fks_infra.operate.reports import Reports
from fks_infra.operate.timeline import damage, timeline
from tests.fks_infra.operate.reports import GONE

DEPLOY = {
    "time": "2026-11-27T10:00:00Z",
    "kind": "deploy",
    "who": "deploy",
    "digest": "3f2a91c0d4e5" + "0" * 52,
    "result": "ok",
    "seconds": 35.1,
}
FAILED = {
    **DEPLOY,
    "result": "failed",
    "error": "api: no answer",
    "rollback": {"message": "rollback: release 111111111111 is in service"},
}


def document(*entries: dict[str, Any], damaged: list[int] | None = None) -> dict[str, Any]:
    return {
        "server": "api",
        "time": "2026-11-27T12:00:00Z",
        "entries": list(entries),
        "damaged": damaged or [],
    }


def test_the_events_of_all_servers_by_time_and_not_those_of_a_server_that_is_gone() -> None:
    later = {**DEPLOY, "time": "2026-11-27T12:30:00+02:00"}
    found: Reports = {"auth": GONE, "web": document(later), "api": document(DEPLOY)}
    events = timeline(found)
    assert [(one.server, f"{one.time:%H:%M}") for one in events] == [
        ("api", "10:00"),
        ("web", "10:30"),
    ]
    assert events[0].entry == DEPLOY


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (DEPLOY, "release 3f2a91c0d4e5 ok in 35.1 s, by deploy"),
        (
            FAILED,
            "release 3f2a91c0d4e5 failed in 35.1 s, by deploy: api: no answer: rollback: release "
            "111111111111 is in service",
        ),
        ({"kind": "backup", "file": "a.dump", "bytes": 20480}, "a.dump, 20 KiB"),
        (
            {"kind": "backup", "who": "ann", "set": "api", "result": "ok", "text": "snapshot 1a"},
            "api: snapshot 1a, by ann",
        ),
        ({"kind": "restart", "who": "fks-watch", "text": "api hung"}, "api hung, by fks-watch"),
        ({"kind": "start", "role": "web", "why": "test"}, "role web, why test"),
    ],
)
def test_the_text_of_each_kind(entry: dict[str, Any], text: str) -> None:
    (event,) = timeline({"api": document({"time": DEPLOY["time"], **entry})})
    assert (event.text, event.failed) == (text, entry is FAILED)


def test_damaged_lines_are_one_warning_for_each_server() -> None:
    found: Reports = {"auth": GONE, "api": document(damaged=[3, 7]), "web": document()}
    assert damage(found) == [
        "api: line 3, 7 of /var/lib/fks/journal.jsonl cannot be read and is not shown"
    ]
