"""Operation counts and server durations, read from the engine's event log."""

import json
from typing import Any

from rehearsal.world.engine_events import operation_counts, parse_events, server_seconds


def event(kind: str, second: int, urn: str) -> dict[str, Any]:
    return {"timestamp": second, kind: {"metadata": {"urn": f"urn:pulumi:prod::fks::{urn}"}}}


SUMMARY = {"timestamp": 200, "summaryEvent": {"resourceChanges": {"same": 3, "create": 1}}}
EVENTS = [
    event("resourcePreEvent", 90, "fks:infra:Secrets::secrets"),
    event("resourcePreEvent", 100, "fks:infra:ApiServer::api"),
    event("resourcePreEvent", 101, "fks:infra:AuthServer::auth"),
    event("resOutputsEvent", 160, "fks:infra:ApiServer$command:remote:Command::api-deploy"),
    event("resOutputsEvent", 190, "fks:infra:AuthServer$command:remote:Command::auth-deploy"),
    SUMMARY,
]


def test_a_servers_duration_is_from_its_first_to_its_last_event() -> None:
    assert server_seconds(EVENTS, "api") == 60.0
    assert server_seconds(EVENTS, "auth") == 89.0
    assert server_seconds(EVENTS, "web") == 0.0


def test_the_counts_are_those_of_the_summary() -> None:
    log = "".join(f"{json.dumps(row)}\n" for row in EVENTS)
    assert operation_counts(parse_events(log)) == {"same": 3, "create": 1}


def test_an_operation_without_a_summary_has_no_counts() -> None:
    assert operation_counts(EVENTS[:-1]) == {}
    assert operation_counts(parse_events("")) == {}
