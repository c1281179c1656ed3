import json
from typing import Any

import pytest

from fks_infra.operate.updates import updates

UPDATE: dict[str, Any] = {
    "kind": "update",
    "startTime": "2026-11-26T20:31:22.000Z",
    "message": "Raise the API's memory\n\nbody",
    "environment": {"git.author": "Ann", "git.head": "ab" * 20},
    "result": "succeeded",
}


def test_who_ran_what_from_which_commit() -> None:
    (event,) = updates(json.dumps([UPDATE]), "")
    assert (event.server, event.kind, event.failed) == ("stack", "pulumi update", False)
    assert event.text == "succeeded, by Ann, commit abababababab: Raise the API's memory"
    assert event.entry == {
        "time": "2026-11-26T20:31:22.000Z",
        "kind": "pulumi update",
        "who": "Ann",
        "result": "succeeded",
        "message": "Raise the API's memory",
        "commit": "ab" * 20,
    }


def test_an_update_without_git() -> None:
    bare = {"kind": "refresh", "startTime": UPDATE["startTime"], "result": "failed"}
    (event,) = updates(json.dumps([bare]), "")
    assert (event.kind, event.text, event.failed) == ("pulumi refresh", "failed", True)


@pytest.mark.parametrize(
    ("since", "count"), [("2026-11-26T20:31:22+00:00", 1), ("2026-11-27T00:00:00+00:00", 0)]
)
def test_since(since: str, count: int) -> None:
    assert len(list(updates(json.dumps([UPDATE]), since))) == count


@pytest.mark.parametrize("history", ["", "[]"])
def test_no_update_yet(history: str) -> None:
    assert list(updates(history, "")) == []
