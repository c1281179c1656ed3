"""Adds generated secrets to an exported state.

`pulumi import` would take a password as the resource's id, and write it unencrypted into the state
while it runs. `pulumi stack import` encrypts what is marked as a secret, and saves once.
"""

import json
import uuid
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

# As components/secrets.py and declare.py name it.
COMPONENT, PARENT = "fks:infra:Secrets", "secrets"
_PASSWORD = "random:index/randomPassword:RandomPassword"
# The engine's mark of a secret in an exported state.
_SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}

Row = dict[str, Any]


def add(export: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """The export with a password for each name that it does not have; the component is in it."""
    deployment = export["deployment"]
    rows: list[Row] = [*deployment["resources"]]
    parent = next(row["urn"] for row in rows if row["type"] == COMPONENT)
    provider = _provider(parent, rows)
    present = {row["urn"].rpartition("::")[2] for row in rows}
    rows += [
        _password(f"{PARENT}-{name}", value, parent, provider)
        for name, value in values.items()
        if f"{PARENT}-{name}" not in present
    ]
    return {**export, "deployment": {**deployment, "resources": rows}}


def _provider(component: str, rows: list[Row]) -> str:
    """The reference of the default provider, which is added if it is missing."""
    number = version("pulumi-random")
    kind, name = "pulumi:providers:random", f"default_{number.replace('.', '_')}"
    urn = f"{component.rpartition(f'::{COMPONENT}')[0]}::{kind}::{name}"
    found = next((row for row in rows if row["urn"] == urn), None)
    if found is None:
        inputs = {"version": number}
        found = {"urn": urn, "custom": True, "id": str(uuid.uuid4()), "type": kind}
        rows.append({**found, "inputs": inputs, "outputs": inputs})
    return f"{urn}::{found['id']}"


def _password(name: str, value: str, parent: str, provider: str) -> Row:
    """As the provider's first schema has it: without the schema's version, of which it makes the
    present one, with the hash of the password."""
    inputs = {"length": len(value), "special": False}
    characters = dict.fromkeys(("lower", "upper", "number"), True)
    least = dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 0)
    stack, _, kind = parent.rpartition("::")[0].rpartition("::")
    return {
        "urn": f"{stack}::{kind}${_PASSWORD}::{name}",
        "custom": True,
        "id": "none",
        "type": _PASSWORD,
        "inputs": inputs,
        "outputs": {
            **inputs,
            **characters,
            **least,
            "id": "none",
            "result": {**_SECRET, "plaintext": json.dumps(value)},
        },
        "parent": parent,
        "provider": provider,
        "additionalSecretOutputs": ["bcryptHash", "result"],
        "protect": True,
    }
