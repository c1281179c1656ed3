"""Converts a stack's state to that of a flat program: the same resources, no components."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
ROOT = "pulumi:pulumi:Stack"


def flat_urn(urn: str, stack: str) -> str:
    """Return the URN without parent types, in another stack."""
    _, project, kinds, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    kind = kinds.rsplit("$", 1)[-1]
    if kind == ROOT:
        name = f"{project}-{stack}"
    return f"urn:pulumi:{stack}::{project}::{kind}::{name}"


def flatten(deployment: dict[str, Any], stack: str) -> dict[str, Any]:
    """Return the deployment with custom resources only, all direct children of the stack."""
    kept = [row for row in deployment["resources"] if row.get("custom") or _is_root(row)]
    names = {row["urn"]: flat_urn(row["urn"], stack) for row in deployment["resources"]}
    root = next(names[row["urn"]] for row in kept if _is_root(row))
    rows = [_flat_resource(row, names, root) for row in kept]
    return {**deployment, "resources": rows, "pending_operations": []}


def _is_root(row: Resource) -> bool:
    return bool(row["type"] == ROOT)


def _flat_resource(row: Resource, names: dict[str, str], root: str) -> Resource:
    flat = {**row, "urn": names[row["urn"]]}
    for key in ("dependencies", "propertyDependencies", "aliases", "deletedWith", "replaceWith"):
        flat.pop(key, None)
    if _is_root(row):
        flat.pop("outputs", None)
    elif not row["type"].startswith("pulumi:providers:"):
        flat["parent"] = root
    if "provider" in row:
        urn, _, identifier = row["provider"].rpartition("::")
        flat["provider"] = f"{names[urn]}::{identifier}"
    return flat


def declarations(deployment: dict[str, Any], versions: dict[str, str]) -> list[Resource]:
    """Return the flat program's resources: type, name, inputs and plugin version."""
    return [
        {
            "type": row["type"],
            "name": row["urn"].rsplit("::", 1)[1],
            "inputs": {k: v for k, v in row["inputs"].items() if not k.startswith("__")},
            "version": versions[row["type"].split(":")[0]],
        }
        for row in deployment["resources"]
        if row.get("custom") and not row["type"].startswith("pulumi:")
    ]
