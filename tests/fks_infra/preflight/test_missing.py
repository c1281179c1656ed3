"""Resources that the state has and the account does not."""

from typing import Any

import pulumi
import pytest

from fks_infra.clouds.linode_types import Labelled
from fks_infra.errors import OperatorError
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.missing import (
    interrupted_deletions,
    missing_resources,
    missing_warnings,
    server_not_missing,
)
from fks_infra.preflight.orphans import FIREWALL, INSTANCE
from fks_infra.preflight.state import StateSnapshot
from tests.conftest import Declare
from tests.fks_infra.conftest import run_async

LABEL = "fks-prod-web"
RECORDED = StateSnapshot(ids=frozenset({(INSTANCE, "4000")}), labels={(INSTANCE, LABEL): "4000"})


def test_only_what_the_account_does_not_have_is_missing() -> None:
    found = [Labelled(id="4000", label=LABEL, tags=frozenset())]
    assert missing_resources(INSTANCE, [LABEL, "fks-prod-api"], found, RECORDED) == {}
    assert missing_resources(INSTANCE, [LABEL], [], RECORDED) == {LABEL: "4000"}
    assert missing_resources(FIREWALL, [LABEL], [], RECORDED) == {}


def test_a_missing_resource_is_a_warning_with_the_remedy() -> None:
    (warning,) = missing_warnings(INSTANCE, {LABEL: "4000"})
    assert warning.startswith("Linode 4000 (fks-prod-web) is in the stack's state")
    assert "run pulumi up --refresh" in warning


@pytest.mark.parametrize("server", ["web", "single"])
def test_the_preflight_warns_of_servers_of_both_modes(declare: Declare, server: str) -> None:
    entry: dict[str, Any] = {"urn": "a::b::i", "custom": True, "type": INSTANCE, "id": "4000"}
    state = {"deployment": {"resources": [{**entry, "outputs": {"label": f"fks-prod-{server}"}}]}}
    assert [text for text in declare(state=state).warnings if "Linode 4000" in text]


def test_an_interrupted_deletion_is_a_warning_while_the_state_has_the_resource() -> None:
    state = StateSnapshot(deleting=frozenset({"dns-caa", "gone"}), triggers={"dns-caa": None})
    (warning,) = interrupted_deletions(state)
    assert warning.startswith("An interrupted run was deleting dns-caa. ")
    assert list(interrupted_deletions(StateSnapshot(deleting=frozenset({"gone"})))) == []


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is no preview, and the stack has a name."""
    monkeypatch.setattr(stack_state, "stack_reference", lambda: "organization/fks/prod")
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)


@pytest.mark.usefixtures("now")
def test_a_key_for_a_missing_server_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_state, "read", lambda _: RECORDED)
    with pytest.raises(OperatorError, match="run pulumi up --refresh"):
        run_async(server_not_missing(LABEL, {LABEL: "4000"})())
    run_async(server_not_missing("fks-prod-api", {LABEL: "4000"})())


@pytest.mark.usefixtures("now")
def test_after_a_refresh_the_key_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_state, "read", lambda _: StateSnapshot())
    run_async(server_not_missing(LABEL, {LABEL: "4000"})())
