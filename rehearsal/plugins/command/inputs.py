"""Checks inputs against the schema, fills in the connection's defaults, marks what is secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.base import CheckError
from rehearsal.plugins.values import Archive, Asset, Secret, Unknown, Values, secret

LOGGING = ("stdout", "stderr", "stdoutAndStderr", "none")
SHARED_INPUTS: dict[str, type] = {
    "addPreviousOutputInEnv": bool,
    "create": str,
    "delete": str,
    "environment": dict,
    "logging": str,
    "stdin": str,
    "triggers": list,
    "update": str,
}
REMOTE_INPUTS = {**SHARED_INPUTS, "connection": dict}
LOCAL_INPUTS = {
    **SHARED_INPUTS,
    "archivePaths": list,
    "assetPaths": list,
    "dir": str,
    "interpreter": list,
}
COPY_INPUTS: dict[str, type] = {
    "connection": dict,
    "remotePath": str,
    "source": object,
    "triggers": list,
}
CONNECTION: dict[str, type] = {
    "agentSocketPath": str,
    "dialErrorLimit": int,
    "host": str,
    "hostKey": str,
    "password": str,
    "perDialTimeout": int,
    "port": int,
    "privateKey": str,
    "privateKeyPassword": str,
    "proxy": dict,
    "user": str,
}
CONNECTION_DEFAULTS: Values = {
    "dialErrorLimit": 10,
    "perDialTimeout": 15,
    "port": 22,
    "user": "root",
}
CONNECTION_SECRETS = ("password", "privateKey", "privateKeyPassword")
KIND_NAMES = {bool: "boolean", dict: "object", int: "number", list: "array", str: "string"}


def check_types(news: Values, types: Mapping[str, type], required: tuple[str, ...] = ()) -> None:
    """Refuse inputs that the schema does not know, of another type than it says, or missing."""
    failures = [
        (name, f"there is no such input: known are {', '.join(sorted(types))}")
        for name in news.keys() - types.keys()
    ]
    failures += [
        (name, f"must be of type {KIND_NAMES[types[name]]}")
        for name, value in news.items()
        if name in types and not _fits(value, types[name])
    ]
    failures += [
        (name, f"Missing required field '{name}'") for name in required if name not in news
    ]
    logging = news.get("logging")
    if isinstance(logging, str) and logging not in LOGGING:
        failures.append(("logging", f"{logging!r} is none of {', '.join(LOGGING)}"))
    if failures:
        raise CheckError(*failures)


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, Secret):
        return _fits(value.value, kind)
    if isinstance(value, Unknown) or value is None:
        return True
    if isinstance(value, bool):
        return kind in (bool, object)
    return isinstance(value, kind)


def complete_connection(news: Values, owner: str) -> Values:
    """The inputs with a connection that has all defaults and is secret.

    `owner` names the inputs in the message of a missing host, as in `CommandInputs`.
    """
    return {**news, "connection": secret(_complete(news["connection"], owner, "Connection"))}


def _complete(connection: Any, owner: str, kind: str) -> Any:
    if isinstance(connection, Secret):
        return Secret(_complete(connection.value, owner, kind))
    if not isinstance(connection, dict):
        return connection
    if "host" not in connection:
        reason = (
            f"An error occurred decoding '{owner}.connection': 1 failures decoding:\n"
            f"\thost: Missing required field 'host' on 'remote.{kind}'"
        )
        raise CheckError(("connection", reason))
    check_types(connection, CONNECTION)
    full = {**CONNECTION_DEFAULTS, **connection}
    full |= {name: secret(full[name]) for name in CONNECTION_SECRETS if name in full}
    if "proxy" in full:
        full["proxy"] = _complete(full["proxy"], owner, "ProxyConnection")
    return full


def check_source(source: Any) -> None:
    """Refuse a source of CopyToRemote that is neither an asset nor a file or directory."""
    if isinstance(source, Secret):
        check_source(source.value)
    elif isinstance(source, Archive):
        if "path" not in source.fields:
            raise CheckError(("archive", "archive must be a path to a file or directory"))
    elif isinstance(source, Asset):
        if not source.fields.keys() & {"path", "text"}:
            raise CheckError(("asset", "asset must be a path-based file asset"))
    elif not isinstance(source, Unknown):
        raise CheckError(("asset", "either asset or archive must be set"))
