"""Turns a stack's state into that of a flat program: the same resources, no components."""

from __future__ import annotations

from typing import Any

Resource = dict[str, Any]
ROOT = "pulumi:pulumi:Stack"


def flat_urn(urn: str, stack: str) -> str:
    """Return the URN without parents, in another stack."""
    _, project, kinds, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    kind = kinds.rsplit("$", 1)[-1]
    if kind == ROOT:
        name = f"{project}-{stack}"
    return f"urn:pulumi:{stack}::{project}::{kind}::{name}"


def flatten(deployment: dict[str, Any], stack: str) -> dict[str, Any]:
    """Return the deployment with custom resources only, all of them children of the stack."""
    kept = [row for row in deployment["resources"] if row.get("custom") or _is_root(row)]
    names = {row["urn"]: flat_urn(row["urn"], stack) for row in deployment["resources"]}
    root = next(names[row["urn"]] for row in kept if _is_root(row))
    rows = [_moved(row, names, root) for row in kept]
    return {**deployment, "resources": rows, "pending_operations": []}


def _is_root(row: Resource) -> bool:
    return bool(row["type"] == ROOT)


def _moved(row: Resource, names: dict[str, str], root: str) -> Resource:
    moved = {**row, "urn": names[row["urn"]]}
    for key in ("dependencies", "propertyDependencies", "aliases", "deletedWith", "replaceWith"):
        moved.pop(key, None)
    if _is_root(row):
        moved.pop("outputs", None)
    elif not row["type"].startswith("pulumi:providers:"):
        moved["parent"] = root
    if "provider" in row:
        urn, _, identifier = row["provider"].rpartition("::")
        moved["provider"] = f"{names[urn]}::{identifier}"
    return moved


def declarations(deployment: dict[str, Any], versions: dict[str, str]) -> list[Resource]:
    """Return what the flat program has to declare: type, name, inputs and plugin version."""
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
