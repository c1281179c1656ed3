"""The stack's configuration as the commands read it, outside a run of the program."""

import json
from typing import Any

from fks_infra.checks import CHECKS
from fks_infra.cli.init import pulumi
from fks_infra.errors import OperatorError
from fks_infra.problems import problem
from fks_infra.schema import NAMESPACE, declared_keys, decode


def read(stack: str, *names: str) -> list[Any]:
    """The checked values of some keys, or their defaults; `stack` is the selected one if empty."""
    found = json.loads(pulumi("config", "--json", *(["--stack", stack] if stack else [])))
    return [_value(found, name) for name in names]


def _value(found: dict[str, Any], name: str) -> Any:
    key, entry = declared_keys()[name], found.get(f"{NAMESPACE}:{name}")
    if entry is None:
        return key.default
    try:
        value = decode(key, entry["value"])
    except ValueError as error:
        raise OperatorError(problem(name, entry["value"], f"{error}.")) from None
    complaint = CHECKS[name](value) if name in CHECKS else None
    if complaint:
        raise OperatorError(problem(name, value, complaint))
    return value
