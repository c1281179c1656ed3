"""The order: the one JSON document on stdin, and the only place secrets come from."""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import InputError

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_ROLE = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Registry:
    """A login to an image registry."""

    server: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Order:
    """Where to listen, secrets by role and name, the DNS zone's token, registries to log in to."""

    address: str
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)
    dns_token: str = field(repr=False)
    registries: tuple[Registry, ...]

    def secret_values(self) -> Iterator[str]:
        """Every value that must never be shown."""
        for values in self.secrets.values():
            yield from values.values()
        yield self.dns_token
        for registry in self.registries:
            yield registry.password
            yield f"{registry.username}:{registry.password}"


def parse(text: str) -> Order:
    """Read an order. Error: InputError, which names the key but never repeats the document."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InputError("stdin is not JSON: the deploy order is missing or cut off") from error
    if not isinstance(document, dict):
        raise InputError("stdin is no JSON object with address, secrets, dns_token and registries")
    return Order(
        address=_address(document.get("address")),
        secrets=_secrets(document.get("secrets", {})),
        dns_token=_dns_token(document.get("dns_token")),
        registries=tuple(_registry(entry) for entry in document.get("registries", [])),
    )


def _address(value: object) -> str:
    try:
        return str(ipaddress.IPv4Address(value if isinstance(value, str) else ""))
    except ValueError as error:
        raise InputError(f"address is {value!r}: the server's IPv4 address is needed") from error


def _dns_token(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise InputError("dns_token is missing, empty or no text of one line")
    return value


def _secrets(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        raise InputError('secrets is no object: write {"<role>": {"<NAME>": "<value>"}}')
    return {_checked(_ROLE, role): _named(role, names) for role, names in value.items()}


def _named(role: str, names: Any) -> dict[str, str]:
    if not isinstance(names, dict):
        raise InputError(f"secrets.{role} is no object of names and values")
    for name, secret in names.items():
        if not isinstance(secret, str) or not secret:
            raise InputError(f"secrets.{role}.{name} is empty or no text")
    return {_checked(_NAME, name): secret for name, secret in names.items()}


def _checked(pattern: re.Pattern[str], name: str) -> str:
    """Names become file names, so nothing but the expected form passes."""
    if not pattern.fullmatch(name):
        raise InputError(f"secret name {name!r} must match {pattern.pattern}")
    return name


def _registry(entry: Any) -> Registry:
    keys = ("server", "username", "password")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in keys):
        raise InputError(f"each of registries needs the texts {', '.join(keys)}")
    return Registry(*(entry[key] for key in keys))
