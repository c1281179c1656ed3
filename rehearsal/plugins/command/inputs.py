"""Checks inputs, fills in the connection's defaults and marks its secrets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rehearsal.plugins.base import CheckError, not_modelled, require_modelled
from rehearsal.plugins.values import Asset, Secret, Unknown, Values, secret

COMMAND_INPUTS = (
    *("addPreviousOutputInEnv", "create", "delete", "environment", "logging", "stdin", "triggers"),
)
REMOTE_INPUTS = (*COMMAND_INPUTS, "connection")
COPY_INPUTS = ("connection", "remotePath", "source", "triggers")
CONNECTION = (
    *("dialErrorLimit", "host", "hostKey", "perDialTimeout", "port", "privateKey", "user"),
)
CONNECTION_DEFAULTS: Values = {
    "dialErrorLimit": 10,
    "perDialTimeout": 15,
    "port": 22,
    "user": "root",
}


def check_inputs(
    owner: str, news: Values, modelled: Collection[str], required: tuple[str, ...] = ()
) -> None:
    """Raise `CheckError` for inputs of `owner` that are not modelled or missing."""
    require_modelled(owner, news, modelled)
    missing = [(name, f"Missing required field '{name}'") for name in required if name not in news]
    if missing:
        raise CheckError(*missing)


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
    require_modelled("command:remote:Connection", connection, CONNECTION)
    full = {**CONNECTION_DEFAULTS, **connection}
    return {**full, **({"privateKey": secret(full["privateKey"])} if "privateKey" in full else {})}


def check_source(source: Any) -> None:
    """Raise `CheckError` for a source of CopyToRemote other than a FileAsset."""
    if isinstance(source, Unknown):
        return
    if not isinstance(source, Asset) or "path" not in source.fields:
        raise CheckError(("source", not_modelled("a source other than a FileAsset")))
