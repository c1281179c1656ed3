"""Converts between property names and the field names of the APIs' documents."""

from __future__ import annotations

import re
from typing import Any


def camel(name: str) -> str:
    """The property name of a field: `vpcNat11` for `vpc_nat_1_1`."""
    return re.sub(r"_([a-zA-Z0-9])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """The field name of a property: `ipv4_only` for `ipv4Only`."""
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
    """The entries without nulls, which framework resources leave out."""
    return {name: value for name, value in values.items() if value is not None}
