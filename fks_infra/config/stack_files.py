"""The stack's configuration as `fks` reads it, outside a run of the program."""

import json
from typing import Any

from fks_infra.config.config_errors import config_error
from fks_infra.config.pulumi_cli import SECONDS, pulumi
from fks_infra.config.schema import NAMESPACE, declared_keys, decode
from fks_infra.config.validators import VALIDATORS
from fks_infra.errors import OperatorError, raise_operator_errors


def read(stack: str, *names: str, seconds: float = SECONDS) -> list[Any]:
    """The validated values of some plain keys, or their defaults; OperatorError for an invalid one.

    The selected stack if `stack` is empty; `seconds` limits pulumi.
    """
    selection = ["--stack", stack] if stack else []
    found = json.loads(pulumi("config", "--json", *selection, seconds=seconds))
    raise_operator_errors(
        _encrypted(name, selection) for name in names if _entry(found, name).get("secret")
    )
    return [_value(found, name) for name in names]


def file_name(stack: str) -> str:
    """The file of a stack, whose name may have organization and project."""
    return f"Pulumi.{stack.rpartition('/')[2]}.yaml"


def _entry(found: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(found.get(f"{NAMESPACE}:{name}") or {})


def _encrypted(name: str, selection: list[str]) -> str:
    command = " ".join(["pulumi config set --plaintext", f"fks:{name}", "VALUE", *selection])
    return (
        f"fks:{name} is encrypted in the stack's configuration, where fks cannot read it, and it "
        f"is no secret. Store it unencrypted: {command}"
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
