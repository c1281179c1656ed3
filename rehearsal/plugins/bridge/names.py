"""Converts between property names and the field names of the APIs' documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any


def camel(name: str) -> str:
    """The property name of a field: `vpcNat11` for `vpc_nat_1_1`."""
    return re.sub(r"_([a-zA-Z0-9])", lambda match: match[1].upper(), name)


def snake(name: str) -> str:
    """The field name of a property: `ipv4_only` for `ipv4Only`."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name)


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    match value:
        case dict():
            return {rename(name): _renamed(item, rename) for name, item in value.items()}
        case list():
            return [_renamed(item, rename) for item in value]
    return value


def camels(value: Any) -> Any:
    """A document with all its field names as property names."""
    return _renamed(value, camel)


def snakes(value: Any) -> Any:
    """Properties with all their names as field names."""
    return _renamed(value, snake)


def present(values: dict[str, Any]) -> dict[str, Any]:
    """The entries without nulls, which framework resources leave out."""
    return {name: value for name, value in values.items() if value is not None}
