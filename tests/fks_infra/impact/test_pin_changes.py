"""What a comparison says of servers whose release is pinned."""

from copy import deepcopy
from typing import Any

import pytest

from fks_infra.impact.changes import impact
from fks_infra.impact.impact import Action, Level
from fks_infra.impact.inventory import inventory

PIN = {"digest": "3f2a91c0d4e5" + "0" * 52, "since": "2026-11-27T10:00:00Z"}


@pytest.fixture(scope="module")
def base() -> dict[str, Any]:
    return inventory("prod")


@pytest.fixture
def head(base: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(base)


def details(base: dict[str, Any], head: dict[str, Any]) -> list[str]:
    effects = impact(base, head).servers["web"].effects
    assert all(one.action is Action.DEPLOYED for one in effects)
    return [one.detail for one in effects]


def test_changed_files_are_not_deployed_to_a_pinned_server(
    base: dict[str, Any], head: dict[str, Any]
) -> None:
    before = deepcopy(base)
    before["servers"]["web"]["pin"] = head["servers"]["web"]["pin"] = PIN
    head["servers"]["web"]["files"]["nginx"]["nginx/nginx.conf.template"] = "other"
    assert details(before, head) == []
    head["request"] = "other"
    assert details(before, head) == [
        "secrets or registries of the deploy request: fks releases shows what differs"
    ]
    notes = [one for one in impact(before, head).notes if "pinned" in one]
    assert len(notes) == 1
    assert notes[0].startswith("web is pinned to release 3f2a91c0d4e5 since 2026-11-27T10:00:00Z")


def test_a_pin_and_its_end_deploy_a_release_that_is_not_compared(
    base: dict[str, Any], head: dict[str, Any]
) -> None:
    head["servers"]["web"]["pin"] = PIN
    text = "the pin to 3f2a91c0d4e5: fks releases shows what differs"
    assert details(base, head) == [text]
    assert impact(base, head).level is Level.DOWNTIME
    assert details(head, base) == [f"the end of {text}"]


def test_the_inventory_of_an_older_program_has_no_pins(
    base: dict[str, Any], head: dict[str, Any]
) -> None:
    for parts in base["servers"].values():
        parts.pop("pin", None)
    assert impact(base, head).level is Level.NOTHING
