"""The state is read with `pulumi stack export`."""

from pathlib import Path

import pytest

from fks_infra.errors import OperatorError
from fks_infra.preflight import state as stack_state
from fks_infra.preflight.state import StateSnapshot, read, snapshot

STACK = "organization/fks/prod"
STATE = '{"deployment": {"resources": []}}'


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a `pulumi` that comes first in PATH; there are no pauses."""
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(stack_state, "_PAUSES", (0.0, 0.0))
    return tmp_path / "pulumi"


def write(pulumi: Path, *lines: str) -> None:
    pulumi.write_text("\n".join(("#!/bin/sh", *lines, "")))
    pulumi.chmod(0o755)


def test_a_half_written_state_is_read_again(pulumi: Path) -> None:
    tried = pulumi.with_name("tried")
    write(
        pulumi,
        f"[ -e {tried} ] && echo '{STATE}' && exit 0",
        f"touch {tried}; echo 'error: failed to load checkpoint: EOF' >&2; exit 255",
    )
    assert read(STACK) == StateSnapshot()


@pytest.mark.parametrize(
    "text", ["failed to load checkpoint: EOF", "error: no such stack", "passphrase must be set"]
)
def test_the_error_for_an_unreadable_state_has_the_command(pulumi: Path, text: str) -> None:
    write(pulumi, f"echo '{text}' >&2; exit 255")
    with pytest.raises(OperatorError, match=text) as caught:
        read(STACK)
    assert f"`pulumi stack export --stack {STACK}` works here" in str(caught.value)


def test_a_snapshot_has_ids_records_labels_and_triggers() -> None:
    record = {
        "urn": "urn:pulumi:prod::fks::cloudflare::dns-api",
        "type": "cloudflare:record",
        "custom": True,
        "id": "r1",
        "outputs": {"name": "api.shop.example", "type": "A", "label": "x"},
        "replacementTrigger": 2,
    }
    component = {"urn": "urn:pulumi:prod::fks::fks::api", "type": "fks:api", "id": "c"}
    found = snapshot({"deployment": {"resources": [record, component]}})
    assert found.ids == {("cloudflare:record", "r1")}
    assert found.has_record("cloudflare:record", "api.shop.example", "A")
    assert found.labels == {("cloudflare:record", "x"): "r1"}
    assert found.triggers == {"dns-api": 2}


def test_a_resource_that_waits_for_its_replacement_is_only_unreplaced() -> None:
    entry = {"urn": "a::b::web-instance", "type": "t", "custom": True, "id": "1"}
    found = snapshot({"deployment": {"resources": [{**entry, "pendingReplacement": True}]}})
    assert found.unreplaced == {"web-instance"}
    assert not found.has("t", "1")
    assert not found.has_resource("web-instance")


def test_an_instances_plan_and_region() -> None:
    entry = {"urn": "a::b::api-machine-instance", "type": "t", "custom": True, "id": "1"}
    there = {**entry, "outputs": {"type": "g6-standard-2", "region": "ca-central"}}
    found = snapshot({"deployment": {"resources": [there]}})
    assert found.machines == {"api-machine-instance": ("g6-standard-2", "ca-central")}
    assert snapshot({"deployment": {"resources": [{**there, "delete": True}]}}).machines == {}
