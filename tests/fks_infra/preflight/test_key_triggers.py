"""When a tailnet key is replaced."""

from typing import Any

import pytest

from fks_infra.preflight.key_triggers import key_trigger
from fks_infra.preflight.state import StateSnapshot, snapshot

NAME = "web-machine-tailnet-key"


def state(trigger: Any, *, older: Any = None) -> StateSnapshot:
    urn = f"urn:pulumi:prod::fks::fks:infra:Machine$tailscale:index/tailnetKey:TailnetKey::{NAME}"
    key = {"urn": urn, "custom": True, "type": "tailscale:index/tailnetKey:TailnetKey"}
    rows = [
        key | {"id": "k2", "replacementTrigger": trigger},
        key | {"id": "k1", "replacementTrigger": older, "delete": True},
    ]
    return snapshot({"deployment": {"resources": rows}})


def test_the_first_keys_trigger_is_the_generation() -> None:
    assert key_trigger(NAME, 3, False, StateSnapshot()) == 3


@pytest.mark.parametrize("trigger", [0, "0 at 1700000000"])
def test_a_key_without_a_server_is_replaced(trigger: Any) -> None:
    trigger_now = key_trigger(NAME, 0, False, state(trigger))
    assert isinstance(trigger_now, str)
    assert trigger_now.startswith("0 at ")
    assert trigger_now != trigger


@pytest.mark.parametrize("trigger", [0, "0 at 1700000000"])
def test_the_key_of_a_server_stays(trigger: Any) -> None:
    assert key_trigger(NAME, 0, True, state(trigger)) == trigger


@pytest.mark.parametrize("trigger", [1, "1 at 1700000000", None])
def test_another_generation_replaces_the_key(trigger: Any) -> None:
    assert key_trigger(NAME, 10, True, state(trigger)) == 10


def test_a_key_that_is_still_to_be_deleted_does_not_count() -> None:
    assert key_trigger(NAME, 0, True, state("0 at 1700000000", older=0)) == "0 at 1700000000"
