"""What the engine replaces and deletes between two checkouts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fks_infra.impact import git
from fks_infra.preflight.orphans import INSTANCE
from fks_infra.preflight.record_conflicts import RECORD
from rehearsal.engine_impact import engine_operations, operations, stack_document
from rehearsal.world.engine_events import Event
from tests.fks_infra.impact import checkout

MADE: dict[str, Any] = {
    "encryptionsalt": "v1:salt",
    "config": {
        "fks:deployKey": {"secure": "v1:key"},
        "fks:deployPublicKey": "ssh-ed25519 AAAA",
        "fks:acmeDnsToken": {"secure": "v1:token"},
        "fks:mode": "multi",
    },
}


def event(op: str, urn: str, kind: str = INSTANCE) -> Event:
    return {"resourcePreEvent": {"metadata": {"op": op, "urn": f"urn::{urn}", "type": kind}}}


def test_replacements_and_deletions_of_servers_and_records() -> None:
    events: list[Event] = [
        event("same", "kept"),
        event("update", "resized"),
        event("delete-replaced", "rebuilt"),
        event("create-replacement", "rebuilt"),
        event("delete", "gone"),
        event("delete", "dns-x", RECORD),
        event("replace", "key", "tailscale:index/tailnetKey:TailnetKey"),
        {"summaryEvent": {}},
    ]
    assert operations(events) == {"rebuilt": "replace", "gone": "delete", "dns-x": "delete"}


def test_the_base_keeps_its_plain_settings_only() -> None:
    document = {
        "encryptionsalt": "v1:other",
        "secretsprovider": "awskms://x",
        "config": {"fks:mode": "single", "fks:alertWebhook": {"secure": "v1:x"}},
    }
    assert stack_document(document, {}) == {"config": {"fks:mode": "single", "fks:protect": False}}


def test_the_head_gets_the_secrets_of_the_base() -> None:
    found = stack_document({"config": {"fks:mode": "single", "fks:deployPublicKey": "x"}}, MADE)
    assert found["encryptionsalt"] == "v1:salt"
    assert found["config"] == {
        **MADE["config"],
        "fks:mode": "single",
        "fks:protect": False,
        "fks:acceptDataLoss": ["auth", "api", "web", "single"],
    }


@pytest.mark.contract
def test_the_engine_replaces_a_server_and_deletes_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = checkout.copy(tmp_path)
    for line in (
        "fks:generation: {web: 1}",
        "fks:extraNames: [www, app]",
        "fks:alertWebhook: {secure: v1:unreadable}",
    ):
        checkout.stack(base, line)

    @contextmanager
    def tree(*_: object) -> Iterator[Path]:
        yield base

    monkeypatch.setattr(git, "tree", tree)
    assert engine_operations("HEAD", "prod") == {
        "web-machine-instance": "replace",
        "dns-extra-app": "delete",
    }
