"""Reads Authentik blueprints: the tags that our files use, with a real server's errors.

Tags: https://docs.goauthentik.io/customize/blueprints/v1/tags
"""

import os
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .fields import check

# Objects that a real server has by default; !Find fails for others, as on a real server.
BUILT_IN = {
    "authentik_flows.flow": {
        "default-provider-authorization-implicit-consent",
        "default-provider-authorization-explicit-consent",
        "default-provider-invalidation-flow",
    },
    "authentik_crypto.certificatekeypair": {"authentik Self-signed Certificate"},
    "authentik_providers_oauth2.scopemapping": {
        f"goauthentik.io/providers/oauth2/scope-{name}"
        for name in ("openid", "email", "profile", "offline_access", "entitlements")
    },
}


class BlueprintError(ValueError):
    """A blueprint that a real server rejects, or with which logins fail."""


class Entry(NamedTuple):
    """An object of a blueprint. `conditions` and attributes can have {"find": model, field: value},
    which is looked up when the entry is applied."""

    model: str
    identity: dict[str, Any]
    attrs: dict[str, Any]
    conditions: list[Any]


class Loader(yaml.SafeLoader):
    """A safe YAML loader with Authentik's tags."""


def find(loader: Loader, node: yaml.SequenceNode) -> dict[str, str]:
    """!Find [model, [field, value]...]"""
    model, *pairs = loader.construct_sequence(node, deep=True)
    field, value = pairs[0]
    if model in BUILT_IN and value not in BUILT_IN[model]:
        raise BlueprintError(f"!Find: there is no {model} with {field} = {value!r}")
    if model not in BUILT_IN and model != "authentik_core.user":
        raise BlueprintError(f"!Find: the stand-in has no {model}")
    return {"find": model, **dict(pairs)}


def environment(loader: Loader, node: yaml.ScalarNode) -> str:
    """!Env NAME"""
    name = str(loader.construct_scalar(node))
    if name not in os.environ:
        raise BlueprintError(f"!Env: {name} is not set in the worker's environment")
    return os.environ[name]


def file_content(loader: Loader, node: yaml.ScalarNode) -> str:
    """!File PATH"""
    path = str(loader.construct_scalar(node))
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise BlueprintError(f"!File: {path} is not readable in the worker: {error}") from error


def formatted(loader: Loader, node: yaml.SequenceNode) -> str:
    """!Format [pattern, value...]"""
    pattern, *values = loader.construct_sequence(node, deep=True)
    return str(pattern % tuple(values))


def key_of(loader: Loader, node: yaml.ScalarNode) -> dict[str, str]:
    """!KeyOf id; resolved once all entries are read."""
    return {"key_of": str(loader.construct_scalar(node))}


Loader.add_constructor("!Find", find)
Loader.add_constructor("!Env", environment)
Loader.add_constructor("!File", file_content)
Loader.add_constructor("!Format", formatted)
Loader.add_constructor("!KeyOf", key_of)


def read(path: Path) -> list[Entry]:
    """Return a blueprint's entries, references to other entries resolved. Raises BlueprintError."""
    document = yaml.load(path.read_text(), Loader)
    if document.get("version") != 1:
        raise BlueprintError(f"{path}: version must be 1")
    ids: dict[str, dict[str, Any]] = {}
    entries: list[Entry] = []
    for entry in document["entries"]:
        identity = {k: linked(v, ids) for k, v in entry.get("identifiers", {}).items()}
        attrs = {k: linked(v, ids) for k, v in entry.get("attrs", {}).items()}
        if "id" in entry:
            ids[entry["id"]] = identity
        for problem in check(entry["model"], identity | attrs):
            raise BlueprintError(problem)
        entries.append(Entry(entry["model"], identity, attrs, entry.get("conditions", [])))
    return entries


def linked(value: Any, ids: dict[str, dict[str, Any]]) -> Any:
    """Replace a !KeyOf by the identifiers of its entry, which must come before."""
    if isinstance(value, dict) and "key_of" in value:
        if value["key_of"] not in ids:
            raise BlueprintError(f"!KeyOf: no entry with id {value['key_of']!r} comes before")
        return ids[value["key_of"]]
    return value
