"""Generated secrets in an exported state; tests/fks_infra/test_engine_recovery.py imports it."""

import json
from importlib.metadata import version
from typing import Any

from fks_infra.recovery import state_secrets

STACK = "urn:pulumi:prod::fks"
COMPONENT = {"urn": f"{STACK}::fks:infra:Secrets::secrets", "type": "fks:infra:Secrets"}
PROVIDER = f"default_{version('pulumi-random').replace('.', '_')}"


def added(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources with two secrets."""
    export = {"version": 3, "deployment": {"manifest": {}, "resources": [COMPONENT, *rows]}}
    found = state_secrets.add(export, {"a": "Canary1", "b": "Canary"})
    assert (found["version"], found["deployment"]["manifest"]) == (3, {})
    return list(found["deployment"]["resources"])


def test_a_secret_is_marked_and_nothing_else_has_its_value() -> None:
    component, provider, first, second = added()
    assert component == COMPONENT
    assert provider["urn"] == f"{STACK}::pulumi:providers:random::{PROVIDER}"
    assert first["provider"] == second["provider"] == f"{provider['urn']}::{provider['id']}"
    kind = "random:index/randomPassword:RandomPassword"
    assert first["urn"] == f"{STACK}::fks:infra:Secrets${kind}::secrets-a"
    assert (first["inputs"]["length"], second["inputs"]["length"]) == (7, 6)
    assert json.loads(first["outputs"].pop("result")["plaintext"]) == "Canary1"
    assert "Canary" not in json.dumps(first)


def test_what_the_state_has_is_kept() -> None:
    provider = {"urn": f"{STACK}::pulumi:providers:random::{PROVIDER}", "type": "p", "id": "7"}
    present = {"urn": f"{STACK}::x::secrets-a", "type": "t"}
    rows = added(provider, present)
    assert rows[:3] == [COMPONENT, provider, present]
    assert [row["urn"].rpartition("::")[2] for row in rows[3:]] == ["secrets-b"]
    assert rows[3]["provider"].endswith("::7")
