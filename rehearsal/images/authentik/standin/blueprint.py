"""Reads Authentik blueprints: the tags that our files use, with a real server's errors."""

import os
from pathlib import Path
from typing import Any

import yaml

Entry = tuple[str, dict[str, Any], dict[str, Any]]

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
GRANT_TYPES = {"authorization_code", "refresh_token", "client_credentials", "implicit", "hybrid"}


class BlueprintError(ValueError):
    """A blueprint that a real server rejects, or with which logins fail."""


class Loader(yaml.SafeLoader):
    """A safe YAML loader with Authentik's tags."""


def find(loader: Loader, node: yaml.SequenceNode) -> dict[str, str]:
    """!Find [model, [field, value]]"""
    model, (field, value) = loader.construct_sequence(node, deep=True)
    if value not in BUILT_IN.get(model, set()):
        raise BlueprintError(f"!Find: there is no {model} with {field} = {value!r}")
    return {"find": model, field: value}


def environment(loader: Loader, node: yaml.ScalarNode) -> str:
    """!Env NAME"""
    name = str(loader.construct_scalar(node))
    if name not in os.environ:
        raise BlueprintError(f"!Env: {name} is not set in the worker's environment")
    return os.environ[name]


def formatted(loader: Loader, node: yaml.SequenceNode) -> str:
    """!Format [pattern, value...]"""
    pattern, *values = loader.construct_sequence(node, deep=True)
    return str(pattern % tuple(values))


def key_of(loader: Loader, node: yaml.ScalarNode) -> dict[str, str]:
    """!KeyOf id; resolved once all entries are read."""
    return {"key_of": str(loader.construct_scalar(node))}


Loader.add_constructor("!Find", find)
Loader.add_constructor("!Env", environment)
Loader.add_constructor("!Format", formatted)
Loader.add_constructor("!KeyOf", key_of)


def read(path: Path) -> list[Entry]:
    """Return a blueprint's entries (model, identifiers, attributes), references resolved.

    Raises BlueprintError.
    """
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
        if entry["model"].endswith("oauth2provider"):
            check_provider(attrs)
        entries.append((entry["model"], identity, attrs))
    return entries


def linked(value: Any, ids: dict[str, dict[str, Any]]) -> Any:
    """Replace a !KeyOf by the identifiers of its entry, which must come before."""
    if isinstance(value, dict) and "key_of" in value:
        if value["key_of"] not in ids:
            raise BlueprintError(f"!KeyOf: no entry with id {value['key_of']!r} comes before")
        return ids[value["key_of"]]
    return value


def check_provider(attrs: dict[str, Any]) -> None:
    """Raise BlueprintError for settings with which logins at a real provider fail."""
    grants = set(attrs.get("grant_types", []))
    if not grants or grants - GRANT_TYPES:
        raise BlueprintError(f"grant_types {sorted(grants)}: list at least one known grant type")
    if not attrs.get("signing_key"):
        raise BlueprintError(
            "signing_key is not set, so tokens would be signed with the client secret: set it"
        )
    for uri in attrs["redirect_uris"]:
        if set(uri) != {"matching_mode", "url"}:
            raise BlueprintError(f"redirect_uris: {uri} needs exactly matching_mode and url")
