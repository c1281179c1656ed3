"""Records, secrets, settings and images of a stack."""

from typing import Any

import pytest

from fks_infra.impact import stack_changes
from fks_infra.impact.impact import Action, Change, Level

A: dict[str, Any] = {"type": "A", "name": "a.example.org", "zone": "example.org", "server": "api"}
CAA: dict[str, Any] = {
    "type": "CAA",
    "name": "example.org",
    "zone": "example.org",
    "issuer": "letsencrypt.org",
}


def record(
    before: dict[str, Any] | None, after: dict[str, Any] | None, new_servers: list[str]
) -> list[tuple[str, Action, str, Level]]:
    base, head = ({"records": {"dns-x": one} if one else {}} for one in (before, after))
    found = stack_changes.record_effects(base, head, new_servers)
    return [(one.part, one.action, one.detail, one.level) for one in found]


@pytest.mark.parametrize(
    ("before", "after", "action", "detail", "level"),
    [
        (None, A, Action.ADDED, "address of the server api", Level.NO_DOWNTIME),
        (A, None, Action.REMOVED, "does not resolve any more", Level.DOWNTIME),
        (
            A,
            {**A, "name": "b.example.org"},
            Action.REMOVED,
            "becomes b.example.org in the zone example.org",
            Level.DOWNTIME,
        ),
        (
            A,
            {**A, "server": "single"},
            Action.UPDATED,
            "address of the server single",
            Level.NO_DOWNTIME,
        ),
    ],
)
def test_an_address(
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    action: Action,
    detail: str,
    level: Level,
) -> None:
    assert record(before, after, []) == [("A a.example.org", action, detail, level)]


def test_an_address_follows_its_rebuilt_server() -> None:
    assert record(A, A, ["web"]) == []
    ((_, action, detail, _),) = record(A, A, ["api"])
    assert (action, detail) == (Action.UPDATED, "address of the server api")


def test_a_caa_record_is_noticed_by_no_client() -> None:
    title, none = "CAA example.org", Level.NO_DOWNTIME
    new = {**CAA, "issuer": "pki.goog"}
    text = "only pki.goog issues certificates"
    assert record(CAA, new, []) == [(title, Action.UPDATED, text, none)]
    text = "does not resolve any more"
    assert record(CAA, None, []) == [(title, Action.REMOVED, text, none)]


def test_secrets_are_set_changed_or_gone() -> None:
    base = {"secrets": {"deployKey": "d1", "alertWebhook": "d2"}, "servers": {}}
    head = {
        "secrets": {"deployKey": "d9", "registryPassword": "d3"},
        "servers": {"api": {"secrets": {"TOKEN": "d4"}}},
    }
    assert list(stack_changes.secret_changes(base, head)) == [
        Change(name="fks:alertWebhook", before="set", after=None),
        Change(name="fks:deployKey", before="set", after="changed"),
        Change(name="fks:registryPassword", before=None, after="set"),
        Change(name="TOKEN (generated)", before=None, after="set"),
    ]


def test_settings_are_compared_entry_by_entry() -> None:
    base = {"settings": {"mode": "multi", "protect": True, "plan": {"web": "a"}, "names": ["x"]}}
    head = {"settings": {"mode": "multi", "protect": False, "plan": {"api": "b"}, "names": []}}
    assert list(stack_changes.setting_changes(base, head)) == [
        Change(name="fks:names", before='["x"]', after="[]"),
        Change(name="fks:plan.api", before=None, after="b"),
        Change(name="fks:plan.web", before="a", after=None),
        Change(name="fks:protect", before="true", after="false"),
    ]
