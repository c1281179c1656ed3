"""The stack's configuration as the commands read it, outside a run of the program."""

import json
from typing import Any

from fks_infra.config.config_errors import config_error
from fks_infra.config.pulumi_cli import SECONDS, pulumi
from fks_infra.config.schema import NAMESPACE, declared_keys, decode
from fks_infra.config.validators import VALIDATORS
from fks_infra.errors import OperatorError, raise_operator_errors


def read(stack: str, *names: str, seconds: float = SECONDS) -> list[Any]:
    """The checked values of some plain keys, or their defaults; OperatorError for a bad one.

    `stack` is the selected one if empty; pulumi is given so many seconds.
    """
    chosen = ["--stack", stack] if stack else []
    found = json.loads(pulumi("config", "--json", *chosen, seconds=seconds))
    raise_operator_errors(
        _encrypted(name, chosen) for name in names if _entry(found, name).get("secret")
    )
    return [_value(found, name) for name in names]


def _entry(found: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(found.get(f"{NAMESPACE}:{name}") or {})


def _encrypted(name: str, chosen: list[str]) -> str:
    command = " ".join(["pulumi config set --plaintext", f"fks:{name}", "VALUE", *chosen])
    return (
        f"fks:{name} is encrypted in the stack's configuration, where fks cannot read it, and it "
        f"is no secret. Store it in clear: {command}"
    )


def _value(found: dict[str, Any], name: str) -> Any:
    key, entry = declared_keys()[name], _entry(found, name)
    if not entry:
        return key.default
    try:
        value = decode(key, entry["value"])
    except ValueError as error:
        raise OperatorError(config_error(name, entry["value"], f"{error}.")) from None
    complaint = VALIDATORS[name](value) if name in VALIDATORS else None
    if complaint:
        raise OperatorError(config_error(name, value, complaint))
    return value
