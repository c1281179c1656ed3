"""What a deploy does to containers; the rules are those of host/fks_deploy."""

from collections.abc import Collection
from copy import deepcopy
from typing import Any

import pytest

from fks_infra.impact.definitions import PASSWORD_LABEL, ROLLING_LABEL
from fks_infra.impact.impact import Action
from fks_infra.impact.service_changes import served_effects, service_effects
from host.fks_deploy import compose

SERVICE: dict[str, Any] = {
    "image": "app:1",
    "refresh": None,
    "values": {"mem_limit": "64m"},
    "lists": {"command": "d1"},
    "files": {"start.sh": "d2"},
    "group": "",
    "volumes": ["data"],
    "secrets": ["TOKEN"],
    "peers": ["auth"],
}
REPLICA = {**SERVICE, "group": "app"}


def parts(**services: dict[str, Any]) -> dict[str, Any]:
    """A server with these services."""
    return {
        "services": deepcopy(services),
        "builds": {"web": {"image": "web:1", "root": "/html", "refresh": None}},
        "secrets": {"TOKEN": "d3", "OTHER": "d4"},
        "files": {"nginx": {"nginx/a": "d5"}},
    }


def actions(
    base: dict[str, Any], head: dict[str, Any], new_addresses: Collection[str] = ()
) -> dict[str, Action]:
    return {one.part: one.action for one in service_effects(base, head, new_addresses)}


def test_a_container_of_the_same_definition_stays() -> None:
    assert actions(parts(app=SERVICE), parts(app=SERVICE)) == {}


@pytest.mark.parametrize(
    "change",
    [
        {"image": "app:2"},
        {"refresh": 2},
        {"values": {"mem_limit": "80m"}},
        {"lists": {"command": "d9"}},
        {"lists": {}},
    ],
    ids=str,
)
def test_another_definition_stops_the_old_container_first(change: dict[str, Any]) -> None:
    head = parts(app={**SERVICE, **change})
    assert actions(parts(app=SERVICE), head) == {"app": Action.STOPPED_FIRST}


def test_replicas_are_replaced_in_turn_and_a_single_one_is_not() -> None:
    new = {**REPLICA, "image": "app:2"}
    two = actions(parts(app=REPLICA, app2=REPLICA), parts(app=new, app2=new))
    assert two == {"app": Action.IN_TURN, "app2": Action.IN_TURN}
    assert actions(parts(app=REPLICA), parts(app=new)) == {"app": Action.STOPPED_FIRST}


def test_the_labels_are_those_of_the_host() -> None:
    assert ROLLING_LABEL == compose.ROLLING_LABEL
    assert PASSWORD_LABEL == compose.PASSWORD_LABEL


def test_a_mounted_file_restarts_nothing() -> None:
    head = parts(app={**SERVICE, "files": {"start.sh": "d9"}})
    (effect,) = service_effects(parts(app=SERVICE), head, ())
    assert (effect.action, effect.seconds) == (Action.UPDATED, 0)
    assert effect.detail == ("start.sh: no restart, used from its next start (compose restart app)")


def test_only_the_secrets_that_a_container_has_replace_it() -> None:
    head = parts(app=SERVICE)
    head["secrets"]["OTHER"] = "d9"
    assert actions(parts(app=SERVICE), head) == {}
    head["secrets"]["TOKEN"] = "d9"
    assert actions(parts(app=SERVICE), head) == {"app": Action.STOPPED_FIRST}


def test_a_database_changes_its_password_while_it_runs() -> None:
    database = {**SERVICE, "password": "redis"}
    base, head = parts(app=SERVICE, queue=database), parts(app=SERVICE, queue=database)
    head["secrets"]["TOKEN"] = "d9"
    app, queue = service_effects(base, head, ())
    assert (app.part, app.action) == ("app", Action.STOPPED_FIRST)
    assert (queue.part, queue.action, queue.seconds) == ("queue", Action.UPDATED, 0)
    assert queue.detail == "TOKEN: it changes its password and is not restarted"


def test_the_new_address_of_a_peer_replaces_containers_that_have_it() -> None:
    base = parts(app=SERVICE, other={**SERVICE, "peers": []})
    assert actions(base, base, {"auth"}) == {"app": Action.STOPPED_FIRST}
    assert actions(base, base, {"web"}) == {}


def test_a_removed_container_keeps_its_volumes_and_is_noticed() -> None:
    (effect,) = service_effects(parts(app=SERVICE), parts(), ())
    assert (effect.action, effect.detail) == (Action.REMOVED, "its volumes stay")
    assert (effect.seconds, effect.notices) == (None, "whatever uses app")


def test_a_new_container_takes_nothing_away() -> None:
    (effect,) = service_effects(parts(), parts(app=SERVICE), ())
    assert (effect.action, effect.detail, effect.seconds) == (Action.ADDED, "app:1", 0)


def test_every_deploy_reloads_the_edge() -> None:
    base = parts(edge={**SERVICE, "files": {}})
    (effect,) = service_effects(base, base, ())
    assert (effect.part, effect.action) == ("edge", Action.RELOADED)
    assert effect.detail == "every deploy ends with a reload"
    head = deepcopy(base)
    head["files"]["nginx"]["nginx/a"] = "d9"
    (effect,) = service_effects(base, head, ())
    assert (effect.action, effect.detail) == (Action.RELOADED, "nginx/a")


def test_an_edge_that_is_replaced_is_not_reloaded() -> None:
    base, head = parts(edge=SERVICE), parts(edge={**SERVICE, "image": "nginx:2"})
    assert actions(base, head) == {"edge": Action.STOPPED_FIRST}


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"image": "web:2"}, "image web:1 → web:2"),
        ({"refresh": 2}, "its tag or its directory is resolved again"),
        ({"root": "/srv"}, "its tag or its directory is resolved again"),
    ],
)
def test_a_static_build_is_served_after_a_reload(change: dict[str, Any], detail: str) -> None:
    head = parts()
    head["builds"]["web"] |= change
    (effect,) = served_effects(parts(), head)
    assert (effect.part, effect.action, effect.seconds) == ("web", Action.RELOADED, 0)
    assert effect.detail == detail
