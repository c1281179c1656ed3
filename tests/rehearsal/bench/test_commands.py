"""The times of `fks status`, rollbacks and deploys, with a scenario that answers at once."""

from __future__ import annotations

import json
from typing import Any, cast

from rehearsal.bench.commands import measure_commands

# Seconds on the server of each command that deploys
SECONDS = {"up": 4.0, "rollback": 2.0}


class FakeScenario:
    """Its journal has a first deploy of 20 seconds, and each command's."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.seconds = [20.0]
        self.operator = self

    def output(self, command: list[str]) -> str:
        self.commands.append(command)
        if command[1] in SECONDS:
            self.seconds.append(SECONDS[command[1]])
        return ""

    def deploy_journal(self, server: str) -> list[str]:
        assert server == "api"
        return [json.dumps({"seconds": seconds}) for seconds in self.seconds]


def test_rollbacks_are_compared_with_the_first_deploy_and_with_the_one_before() -> None:
    fake = FakeScenario()
    status, first, last = measure_commands(cast(Any, fake), 2)
    assert (len(status.values), status.goal) == (2, "<= 3")
    assert first.values == (0.1, 0.1)
    assert last.values == (0.5, 0.5)
    words = [command[1] for command in fake.commands if command[0] == "fks"]
    assert words == ["status"] * 3 + ["up", "rollback", "rollback"] * 2
