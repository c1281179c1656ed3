"""The deploy request: one JSON document on stdin, the only input with secrets."""

import ipaddress
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .acme import ExternalAccount
from .errors import InputError

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_BACKUP_SECRETS = ("password", "ssh_key", "s3_key")
_ROLE = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True)
class Registry:
    """A login to an image registry."""

    server: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class DeployRequest:
    """`address` is the IPv4 address nginx listens on, `secrets` maps role -> NAME -> value,
    `acme_dns_token` is the Cloudflare token for the ACME challenges, `acme_account` the external
    account at the ACME server, `alert_webhook` the URL for alerts or "", `registries` are
    logins, `backup` is the repository for backups (`backup/settings.py`), empty for none."""

    address: str
    secrets: Mapping[str, Mapping[str, str]] = field(repr=False)
    acme_dns_token: str = field(repr=False)
    acme_account: ExternalAccount | None
    alert_webhook: str = field(repr=False)
    registries: tuple[Registry, ...]
    backup: Mapping[str, str] = field(default_factory=dict, repr=False)

    def secret_values(self) -> Iterator[str]:
        """Every value that must not be shown or logged."""
        for values in self.secrets.values():
            yield from values.values()
        yield self.acme_dns_token
        if self.acme_account:
            yield self.acme_account.hmac_key
        if self.alert_webhook:
            yield self.alert_webhook
        yield from (self.backup[name] for name in _BACKUP_SECRETS if name in self.backup)
        for registry in self.registries:
            yield registry.password
            yield f"{registry.username}:{registry.password}"


def parse(text: str) -> DeployRequest:
    """Error: InputError, which names the key but never repeats the document."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InputError("stdin is not JSON: the deploy request is missing or truncated") from error
    if not isinstance(document, dict):
        raise InputError(
            "stdin is not a JSON object with address, secrets, acme_dns_token and registries"
        )
    return DeployRequest(
        address=_address(document.get("address")),
        secrets=_secrets(document.get("secrets", {})),
        acme_dns_token=_acme_dns_token(document.get("acme_dns_token")),
        acme_account=_acme_account(document.get("acme_account")),
        alert_webhook=_alert_webhook(document.get("alert_webhook", "")),
        registries=tuple(_registry(entry) for entry in document.get("registries", [])),
        backup=_backup(document.get("backup", {})),
    )


def _address(value: object) -> str:
    try:
        return str(ipaddress.IPv4Address(value if isinstance(value, str) else ""))
    except ValueError as error:
        raise InputError(f"address is {value!r}: set the server's IPv4 address") from error


def _acme_dns_token(value: object) -> str:
    if not _is_one_line(value):
        raise InputError("acme_dns_token is missing, empty or not a string of one line")
    return str(value)


def _acme_account(value: Any) -> ExternalAccount | None:
    if value is None:
        return None
    keys = ("key_id", "hmac_key")
    if not isinstance(value, dict) or not all(_is_one_line(value.get(key)) for key in keys):
        raise InputError("acme_account needs key_id and hmac_key, each a string of one line")
    return ExternalAccount(*(value[key] for key in keys))


def _alert_webhook(value: object) -> str:
    if value != "" and not _is_one_line(value):
        raise InputError("alert_webhook is not a string of one line")
    return str(value)


def _is_one_line(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value


def _secrets(value: Any) -> dict[str, dict[str, str]]:
    if not isinstance(value, dict):
        raise InputError('secrets is not an object: write {"<role>": {"<NAME>": "<value>"}}')
    return {_checked(_ROLE, role): _named(role, names) for role, names in value.items()}


def _named(role: str, names: Any) -> dict[str, str]:
    if not isinstance(names, dict):
        raise InputError(f"secrets.{role} is not an object of names and values")
    for name, secret in names.items():
        if not isinstance(secret, str) or not secret:
            raise InputError(f"secrets.{role}.{name} is empty or not a string")
    return {_checked(_NAME, name): secret for name, secret in names.items()}


def _checked(pattern: re.Pattern[str], name: str) -> str:
    """Names become file names; the pattern excludes every path separator."""
    if not pattern.fullmatch(name):
        raise InputError(f"secret name {name!r} must match {pattern.pattern}")
    return name


def _registry(entry: Any) -> Registry:
    keys = ("server", "username", "password")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in keys):
        raise InputError(f"each entry of registries needs the strings {', '.join(keys)}")
    return Registry(*(entry[key] for key in keys))


def _backup(value: Any) -> dict[str, str]:
    """The values' own formats were checked by the program that sent them."""
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise InputError("backup is not an object of texts")
    if value and not (value.get("stack") and value.get("password")):
        raise InputError("backup needs stack and password")
    return value
