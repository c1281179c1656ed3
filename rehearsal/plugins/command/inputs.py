"""Checks inputs, fills in the connection's defaults and marks its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.base import CheckError, not_modelled, require_modelled
from rehearsal.plugins.values import Asset, Secret, Unknown, Values, secret

LOGGING = ("stdout", "stderr", "stdoutAndStderr", "none")
COMMAND_INPUTS: dict[str, type] = {
    "addPreviousOutputInEnv": bool,
    "create": str,
    "delete": str,
    "environment": dict,
    "logging": str,
    "stdin": str,
    "triggers": list,
}
REMOTE_INPUTS = {**COMMAND_INPUTS, "connection": dict}
COPY_INPUTS: dict[str, type] = {
    "connection": dict,
    "remotePath": str,
    "source": object,
    "triggers": list,
}
CONNECTION: dict[str, type] = {
    "dialErrorLimit": int,
    "host": str,
    "hostKey": str,
    "perDialTimeout": int,
    "port": int,
    "privateKey": str,
    "user": str,
}
CONNECTION_DEFAULTS: Values = {
    "dialErrorLimit": 10,
    "perDialTimeout": 15,
    "port": 22,
    "user": "root",
}
KIND_NAMES = {bool: "boolean", dict: "object", int: "number", list: "array", str: "string"}


def check_types(
    owner: str, news: Values, types: Mapping[str, type], required: tuple[str, ...] = ()
) -> None:
    """Raise `CheckError` for inputs of `owner` that are unknown, missing or of a wrong type."""
    require_modelled(owner, news, types)
    failures = [
        (name, f"must be of type {KIND_NAMES[types[name]]}")
        for name, value in news.items()
        if not _fits(value, types[name])
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

    `owner` names the inputs in the error of a missing host, as in `CommandInputs`.
    """
    return {**news, "connection": secret(_complete(news["connection"], owner))}


def _complete(connection: Any, owner: str) -> Any:
    if isinstance(connection, Secret):
        return Secret(_complete(connection.value, owner))
    if not isinstance(connection, dict):
        return connection
    if "host" not in connection:
        reason = (
            f"An error occurred decoding '{owner}.connection': 1 failures decoding:\n"
            "\thost: Missing required field 'host' on 'remote.Connection'"
        )
        raise CheckError(("connection", reason))
    check_types("command:remote:Connection", connection, CONNECTION)
    full = {**CONNECTION_DEFAULTS, **connection}
    return {**full, **({"privateKey": secret(full["privateKey"])} if "privateKey" in full else {})}


def check_source(source: Any) -> None:
    """Raise `CheckError` for a source of CopyToRemote other than a FileAsset."""
    if isinstance(source, Unknown):
        return
    if not isinstance(source, Asset) or "path" not in source.fields:
        raise CheckError(("source", not_modelled("a source other than a FileAsset")))
