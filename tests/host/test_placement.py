import pytest

from host.fks_deploy.placement import Placement
from host.fks_deploy.stops import Stop

SINGLE = Placement(
    ("auth", "api", "web"),
    {"auth": ["auth-server"], "api": ["api", "api-beat"], "web": []},
    {"auth": "auth.example.org", "api": "api.example.org", "web": "example.org"},
)
API = Placement(("api",), {"api": ["api"]}, {"api": "api.example.org", "auth": "auth.example.org"})


def by_role(*roles: str) -> dict[str, Stop]:
    return {role: Stop("2026-11-27T10:00:00Z", "ann") for role in roles}


def stopped_of(placement: Placement, stopped: dict[str, Stop]) -> list[str]:
    names = ("auth-server", "api", "api-beat", "edge")
    return [name for name in names if placement.is_stopped(name, stopped)]


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
    assert stopped_of(placement, by_role(*stopped)) == services


def test_what_a_stop_keeps_runs_and_so_does_the_edge() -> None:
    paused = Stop("2026-11-27T10:00:00Z", "ann", keeps=("api-beat",))
    assert stopped_of(API, {"api": paused}) == ["api"]
    assert not API.all_stopped({"api": paused})
    assert API.is_silent("api.example.org", {"api": paused})


def test_nothing_answers_at_the_name_of_a_stopped_stack() -> None:
    assert SINGLE.is_silent("api.example.org", by_role("api"))
    assert not SINGLE.is_silent("example.org", by_role("api"))
    assert API.is_silent("api.example.org", by_role("api"))


def test_a_release_of_an_older_version_has_no_services() -> None:
    found = Placement.parse({"roles": ["api"], "domains": {}})
    assert found.is_stopped("api", by_role("api"))
    assert not Placement.parse({}).all_stopped({})
