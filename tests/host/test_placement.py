import pytest

from host.fks_deploy.placement import Placement

SINGLE = Placement(
    ("auth", "api", "web"),
    {"auth": ["auth-server"], "api": ["api", "api-beat"], "web": []},
    {"auth": "auth.example.org", "api": "api.example.org", "web": "example.org"},
)
API = Placement(("api",), {"api": ["api"]}, {"api": "api.example.org", "auth": "auth.example.org"})


@pytest.mark.parametrize(
    ("placement", "stopped", "services"),
    [
        (SINGLE, set(), []),
        (SINGLE, {"api"}, ["api", "api-beat"]),
        (SINGLE, {"api", "auth"}, ["auth-server", "api", "api-beat"]),
        (SINGLE, {"api", "auth", "web"}, ["auth-server", "api", "api-beat", "edge"]),
        (API, {"api"}, ["auth-server", "api", "api-beat", "edge"]),
    ],
)
def test_the_edge_stops_with_the_last_stack(
    placement: Placement, stopped: set[str], services: list[str]
) -> None:
    names = ("auth-server", "api", "api-beat", "edge")
    assert [name for name in names if placement.is_stopped(name, stopped)] == services


def test_nothing_answers_at_the_name_of_a_stopped_stack() -> None:
    assert SINGLE.is_silent("api.example.org", {"api"})
    assert not SINGLE.is_silent("example.org", {"api"})
    assert API.is_silent("api.example.org", {"api"})


def test_a_release_of_an_older_version_has_no_services() -> None:
    found = Placement.parse({"roles": ["api"], "domains": {}})
    assert found.is_stopped("api", {"api"})
    assert not Placement.parse({}).all_stopped(set())
