"""What the commands of `fks` say, as one list of remarks."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from rehearsal.game_day.diagnosis import Diagnosis, Remark
from rehearsal.world.operator import Operator

DOCUMENTS: dict[str, dict[str, Any]] = {
    "status": {
        "problems": [{"server": "api", "text": "container api is exited", "command": "fks logs"}],
        "warnings": [{"server": "web", "text": "maintenance is on", "command": "fks maintenance"}],
    },
    "doctor": {
        "findings": [
            {"check": "zone", "verdict": "ok", "detail": "api is a name", "remedy": ""},
            {"check": "names", "verdict": "problem", "detail": "api is wrong", "remedy": "fix it"},
        ]
    },
    "history": {
        "events": [{"server": "stack"}, {"server": "api", "text": "container api was restarted"}]
    },
}


@dataclass
class FakeOperator:
    """Prints the documents, or nothing."""

    documents: dict[str, dict[str, Any]] = field(default_factory=lambda: DOCUMENTS)
    commands: list[list[str]] = field(default_factory=list)

    def stdout(self, command: list[str]) -> str:
        self.commands.append(command)
        return json.dumps(self.documents[command[1]]) if command[1] in self.documents else ""


def read(fake: FakeOperator, command: str, pattern: str) -> Remark | None:
    diagnosis = Diagnosis(command=command, pattern=pattern)
    return diagnosis.read(cast(Operator, fake), "api", "2026-11-27T10:00:00")


@pytest.mark.parametrize(
    ("command", "pattern", "expected"),
    [
        ("status", "^{server}: container", Remark("api: container api is exited", "fks logs")),
        ("status", "maintenance is on", Remark("web: maintenance is on", "fks maintenance")),
        ("doctor", "{server} is", Remark("names: api is wrong", "fix it")),
        ("history", "was restarted", Remark("api: container api was restarted", "")),
        ("status", "disk", None),
    ],
)
def test_the_first_remark_that_matches(command: str, pattern: str, expected: Remark | None) -> None:
    assert read(FakeOperator(), command, pattern) == expected


def test_a_history_begins_at_the_cause() -> None:
    fake = FakeOperator()
    read(fake, "history", "x")
    read(fake, "status", "x")
    since = ["--since", "2026-11-27T10:00:00"]
    assert fake.commands == [["fks", "history", *since, "--json"], ["fks", "status", "--json"]]


def test_a_command_that_fails_says_nothing_of_the_fault() -> None:
    assert read(FakeOperator({}), "status", ".") is None
