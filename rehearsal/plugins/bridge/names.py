"""Property names here, field names in the APIs' documents."""

from __future__ import annotations

import re
from typing import Any


def camel(name: str) -> str:
    """`vpc_nat_1_1` as the bridge spells it: `vpcNat11`."""
    return re.sub(r"_([a-zA-Z0-9])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """`ipv4Only` as the APIs spell it: `ipv4_only`."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name)


def camels(value: Any) -> Any:
    """A document with all its field names as property names."""
    match value:
        case dict():
            return {camel(name): camels(item) for name, item in value.items()}
        case list():
            return [camels(item) for item in value]
    return value


def snakes(value: Any) -> Any:
    """Properties with all their names as field names."""
    match value:
        case dict():
            return {snake(name): snakes(item) for name, item in value.items()}
        case list():
            return [snakes(item) for item in value]
    return value


def present(values: dict[str, Any]) -> dict[str, Any]:
    """The entries that say something: framework resources leave out what is null."""
    return {name: value for name, value in values.items() if value is not None}
