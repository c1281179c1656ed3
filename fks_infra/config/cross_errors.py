"""Rules across settings."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fks_infra.config.acme import LETS_ENCRYPT, is_lets_encrypt, needs_external_account
from fks_infra.config.authentik_errors import authentik_errors
from fks_infra.config.backup_errors import backup_errors
from fks_infra.config.config_errors import config_error
from fks_infra.config.dns_names import MAX_NAME
from fks_infra.config.keep_errors import keep_errors
from fks_infra.config.plans import SINGLE
from fks_infra.roles import ROLES

Values = Mapping[str, Any]

# The label of the TXT record of an ACME challenge (RFC 8555, section 8.4).
CHALLENGE = "_acme-challenge"
_STACK = re.compile(r"(?=.{1,20}$)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def cross_errors(stack: str, values: Values) -> Iterator[str]:
    """The errors of every rule."""
    yield from _stack_name(stack)
    for rule in _RULES:
        yield from rule(values)


def _stack_name(stack: str) -> Iterator[str]:
    """Servers and firewalls are named fks-<stack>-<server>. A firewall's label has at most 32
    characters, and no two dashes in a row
    (https://techdocs.akamai.com/linode-api/reference/post-firewalls)."""
    if not _STACK.fullmatch(stack):
        yield (
            f"The stack is called {stack!r}, and servers and firewalls are named after it: use at "
            f"most 20 letters and digits, with single dashes between them (pulumi stack rename "
            f"NAME)."
        )


def _zone(values: Values) -> Iterator[str]:
    domain, zone = values["domain"], values["zone"] or values["domain"]
    if domain != zone and not domain.endswith(f".{zone}"):
        yield config_error(
            "zone", zone, f"fks:domain {domain} is not in it; write the zone that holds it."
        )


def _name_lengths(values: Values) -> Iterator[str]:
    """Each name and that of its challenge are names in the DNS (RFC 1035, section 2.3.4)."""
    domain, labels = values["domain"], [role.label for role in ROLES] + values["extraNames"]
    longest = f"{CHALLENGE}.{max(labels, key=len)}.{domain}"
    if len(longest) > MAX_NAME:
        yield config_error(
            "domain",
            domain,
            f"the name {longest} has {len(longest)} characters; write a domain that has "
            f"{len(longest) - MAX_NAME} less, or shorter labels into fks:extraNames.",
        )


def _deploy_route(values: Values) -> Iterator[str]:
    if values["deployVia"] == "public" and not values["sshFrom"]:
        yield config_error(
            "deployVia",
            "public",
            "nobody reaches SSH, fks:sshFrom is empty; write your address, as 198.51.100.7/32.",
        )


def _caa_issuer(values: Values) -> Iterator[str]:
    issuer = values["caaIssuer"]
    if issuer not in ("", LETS_ENCRYPT) and is_lets_encrypt(values["acmeServer"]):
        yield config_error(
            "caaIssuer",
            issuer,
            f"fks:acmeServer is {values['acmeServer']!r}, and Let's Encrypt would not issue; write "
            f"{LETS_ENCRYPT}, or into fks:acmeServer the address of {issuer}.",
        )


def _external_account(values: Values) -> Iterator[str]:
    key_id, server = values["acmeEabKeyId"], values["acmeServer"]
    if bool(key_id) != bool(values["acmeEabHmacKey"]):
        yield config_error(
            "acmeEabKeyId",
            key_id,
            "it and fks:acmeEabHmacKey belong together; set both (pulumi config set --secret "
            "fks:acmeEabHmacKey), or none.",
        )
    elif not key_id and needs_external_account(server):
        yield config_error(
            "acmeServer",
            server,
            "this authority issues to its customers only; write the key id and the HMAC key that "
            "it gives you into fks:acmeEabKeyId and (with --secret) fks:acmeEabHmacKey.",
        )


def _registry_password(values: Values) -> Iterator[str]:
    if values["registries"] and not values["registryPassword"]:
        yield config_error(
            "registries",
            values["registries"],
            "the password is missing; type it into pulumi config set --secret fks:registryPassword",
        )


def _ports(values: Values) -> Iterator[str]:
    """The services of one server publish on different ports of 127.0.0.1."""
    roles = [(role.name, role.services) for role in ROLES]
    if SINGLE in (values["mode"], *values["keep"]):
        roles = [(SINGLE, tuple(service for role in ROLES for service in role.services))]
    for server, services in roles:
        first: dict[int, str] = {}
        for service in (service for service in services if service.port):
            port = values["services"].get(service.name, {}).get("port", service.port)
            other = first.setdefault(port, service.name)
            if other != service.name:
                yield (
                    f"fks:services.{other}.port and fks:services.{service.name}.port are both "
                    f"{port}, on the server {server}; write another port into one of them."
                )


_RULES: tuple[Callable[[Values], Iterator[str]], ...] = (
    _zone,
    _name_lengths,
    _deploy_route,
    _caa_issuer,
    _external_account,
    _registry_password,
    _ports,
    authentik_errors,
    backup_errors,
    keep_errors,
)
