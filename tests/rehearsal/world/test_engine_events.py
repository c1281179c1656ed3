"""A server's own chain, read from the engine's events."""

from typing import Any

from rehearsal.world.engine_events import server_seconds


def event(kind: str, second: int, urn: str) -> dict[str, Any]:
    return {"timestamp": second, kind: {"metadata": {"urn": f"urn:pulumi:prod::fks::{urn}"}}}


def test_a_chain_reaches_from_its_first_to_its_last_event() -> None:
    events = [
        event("resourcePreEvent", 90, "fks:infra:Secrets::secrets"),
        event("resourcePreEvent", 100, "fks:infra:ApiServer::api"),
        event("resourcePreEvent", 101, "fks:infra:AuthServer::auth"),
        event("resOutputsEvent", 160, "fks:infra:ApiServer$command:remote:Command::api-deploy"),
        event("resOutputsEvent", 190, "fks:infra:AuthServer$command:remote:Command::auth-deploy"),
        {"timestamp": 200, "summaryEvent": {}},
    ]
    assert server_seconds(events, "api") == 60.0
    assert server_seconds(events, "auth") == 89.0
    assert server_seconds(events, "web") == 0.0
