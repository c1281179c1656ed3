"""From what the engine prints; test_engine_drift.py runs it."""

import json
from typing import Any

import pytest

from fks_infra.config.pulumi_cli import CommandError
from fks_infra.drift import clouds
from fks_infra.drift.findings import Deviation, Unknown
from tests.fks_infra.drift.findings import URN

FIREWALL = "urn:pulumi:prod::fks::x$linode:index/firewall:Firewall::web-machine-firewall"
INSTANCE = "urn:pulumi:prod::fks::x$linode:index/instance:Instance::web-machine-instance"
DEPLOY = "urn:pulumi:prod::fks::x$command:remote:Command::web-stack-deploy"
RULE = [{"ports": "8080", "protocol": "TCP"}]


def step(operation: str, urn: str, new: Any = None, old: Any = None, **more: Any) -> dict[str, Any]:
    states = {"newState": {"inputs": new}, "oldState": {"inputs": old}}
    return {"op": operation, "urn": urn, **states, **more}


def preview(*steps: dict[str, Any]) -> str:
    return json.dumps({"steps": steps, "changeSummary": {"update": len(steps)}})


def found(*steps: dict[str, Any]) -> list[Deviation | Unknown]:
    return clouds.findings(preview(*steps), "prod")[0]


def test_a_record_that_was_edited_has_both_values() -> None:
    old = {"content": "100.64.9.9", "ttl": 1, "__defaults": []}
    (edited,) = found(step("update", URN, {"content": "100.64.0.3", "ttl": 1}, old))
    assert edited == Deviation(
        place="clouds",
        kind="DnsRecord",
        name="dns-web",
        expected="content 100.64.0.3",
        found="content 100.64.9.9",
        repair=URN,
    )


def test_a_record_that_was_deleted_is_missing() -> None:
    (deleted,) = found(step("create", URN, {"content": "100.64.0.3"}))
    assert isinstance(deleted, Deviation)
    assert (deleted.expected, deleted.found, deleted.repair) == ("present", "missing", URN)


def test_a_rule_that_was_added_to_a_firewall() -> None:
    (added,) = found(step("update", FIREWALL, {"inbounds": []}, {"inbounds": RULE}))
    assert isinstance(added, Deviation)
    assert (added.expected, added.found) == ("inbounds []", f"inbounds {json.dumps(RULE)}")
    assert added.repair == FIREWALL


@pytest.mark.parametrize("operation", ["create", "update", "replace", "delete"])
def test_a_server_is_for_a_person_and_its_values_are_not_shown(operation: str) -> None:
    secret = {"metadatas": "canary"}
    (changed,) = found(step(operation, INSTANCE, secret, {}, diffReasons=["metadatas"]))
    assert isinstance(changed, Deviation)
    assert changed.repair == ""
    assert "canary" not in f"{changed.expected}{changed.found}"


def test_a_checkout_that_is_not_deployed_is_a_note_and_no_drift() -> None:
    result, notes = clouds.findings(preview(step("update", DEPLOY, {}, {})), "prod")
    assert result == []
    assert notes == ["the checkout is not deployed (web-stack-deploy): pulumi up --stack prod"]


@pytest.fixture
def pulumi(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What each command of pulumi prints, or raises."""
    answers: dict[str, Any] = {"stack": '{"deployment": {}}', "preview": preview()}

    def run(command: str, *_: str, **__: Any) -> str:
        if isinstance(answers[command], Exception):
            raise answers[command]
        return str(answers[command])

    monkeypatch.setattr(clouds, "pulumi", run)
    return answers


@pytest.mark.usefixtures("pulumi")
def test_no_difference_is_no_finding() -> None:
    assert clouds.read("prod") == ([], [])


def test_an_update_in_progress_is_unknown(pulumi: dict[str, Any]) -> None:
    pulumi["stack"] = '{"deployment": {"pending_operations": [1]}}'
    (busy,), _ = clouds.read("prod")
    assert isinstance(busy, Unknown)
    assert busy.reason.startswith("an update of the stack is in progress")


def test_a_preview_that_fails_is_unknown_with_its_last_lines(pulumi: dict[str, Any]) -> None:
    pulumi["preview"] = CommandError("pulumi preview ... failed: a\n\n  b\nerror: 401\n", "")
    (failed,), _ = clouds.read("prod")
    assert isinstance(failed, Unknown)
    assert failed.reason == "pulumi preview ... failed: a; b; error: 401"
    pulumi["preview"] = "{}"
    (failed,), _ = clouds.read("prod")
    assert isinstance(failed, Unknown)
    assert failed.reason == "its output is no preview"
