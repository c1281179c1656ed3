"""Requests from the operator to the names of the stack."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from rehearsal.world.scenario import Scenario


@dataclass(frozen=True)
class Answer:
    """Status 0 means that no answer came within the time limit; `seconds` is how long it took."""

    status: int
    seconds: float
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def request(scenario: Scenario, server: str, path: str, *options: str, limit: float = 20) -> Answer:
    """Send a request with curl's options to the first name of a server."""
    row = next(row for row in scenario.operator.servers() if row["name"] == server)
    write = "\n%{http_code} %{time_total}"
    curl = ("curl", "--silent", "--max-time", str(limit), "--write-out", write, *options)
    body, _, end = scenario.operator.stdout([*curl, row["urls"][0] + path]).rpartition("\n")
    status, seconds = end.split()
    return Answer(int(status), float(seconds), body)
