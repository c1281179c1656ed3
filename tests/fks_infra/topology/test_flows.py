"""Which role calls which."""

from fks_infra.topology.flows import FLOWS, has_flow


def test_web_calls_api_and_auth_and_api_calls_auth() -> None:
    assert {(flow.source, flow.target) for flow in FLOWS} == {
        ("web", "api"),
        ("web", "auth"),
        ("api", "auth"),
    }


def test_servers_call_each_other_for_any_of_their_roles() -> None:
    assert has_flow(("auth", "web"), ("api",))
    assert not has_flow(("auth",), ("api", "web"))
