"""Formats and ranges of single settings. A validator returns an error text, or None.

Rules across settings are in config_errors.py, those of fks:services in service_validators.py.
"""

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from fks_infra.config.plans import MODES, PLANS, SERVER_NAMES
from fks_infra.config.regions import REGIONS
from fks_infra.config.schema import did_you_mean
from fks_infra.config.service_validators import is_integer, registries, services
from fks_infra.config.ssh_keys import public_key_error
from fks_infra.limits import TAILNET_KEY_SECONDS
from fks_infra.roles import ROLES

ROUTES: tuple[str, ...] = ("tailnet", "public")

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+[a-z]{{2,63}}")
_TAG = re.compile(r"tag:[A-Za-z][A-Za-z0-9-]*")
_SOURCE = re.compile(r"(tag|group|autogroup):[a-z][a-z0-9-]*|[^@:\s]+@[^@:\s]*")
_ZONE_NAME = re.compile(r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}")

Validator = Callable[[Any], str | None]


def one_of(words: tuple[str, ...]) -> Validator:
    """The value is one of `words`."""

    def validate(value: Any) -> str | None:
        return None if value in words else f"it is unknown; {did_you_mean(str(value), list(words))}"

    return validate


def domain(value: Any) -> str | None:
    if _DOMAIN.fullmatch(value):
        return None
    return "it is not a domain name; write it in lower case without scheme or path, as example.org."


def optional_domain(value: Any) -> str | None:
    return domain(value) if value else None


def extra_names(value: Any) -> str | None:
    """Single DNS labels, none of which is a role's."""
    for label in value:
        if not isinstance(label, str) or not re.fullmatch(_LABEL, label):
            return f"{label!r} is not a DNS label; write only the part before the domain, as www."
        if label in (role.label for role in ROLES):
            return f"{label!r} is the name of a server; leave it out."
    return "a label occurs twice; leave one out." if len(set(value)) < len(value) else None


def address_ranges(value: Any) -> str | None:
    """Address ranges with a prefix length and without host bits."""
    for item in value:
        try:
            network = ip_network(item)
        except ValueError as error:
            return f"{item!r} is not an address range ({error}); write it as 198.51.100.7/32."
        if "/" not in item:
            return f"{item!r} has no prefix length; write {network}."
    return None


def plan(value: Any) -> str | None:
    for server, plan_id in value.items():
        if server not in SERVER_NAMES:
            return f"{server!r} is not a server; {did_you_mean(server, list(SERVER_NAMES))}"
        if plan_id not in PLANS:
            return f"{plan_id!r} is not a known plan; {did_you_mean(str(plan_id), PLANS)}"
    return None


def generation(value: Any) -> str | None:
    for server, number in value.items():
        if server not in SERVER_NAMES:
            return f"{server!r} is not a server; {did_you_mean(server, list(SERVER_NAMES))}"
        if not is_integer(number) or number < 0:
            return f"{number!r} is not a generation; write a whole number, as 1."
    return None


def server_url(value: Any) -> str | None:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname and parts.path in ("", "/"):
        return None
    return "it is not a server's address; write it as https://login.example.org."


def acme_directory(value: Any) -> str | None:
    parts = urlsplit(value)
    if parts.scheme == "https" and parts.hostname and not parts.query:
        return None
    return "it is not an ACME directory; write it as https://acme.example.org/directory."


def caa_issuer(value: Any) -> str | None:
    if not value or _DOMAIN.fullmatch(value):
        return None
    return "it is not an authority's name; write it alone and in lower case, as letsencrypt.org."


def fingerprint(value: Any) -> str | None:
    if re.fullmatch(r"[0-9A-F]{40}", value):
        return None
    return "it is not a fingerprint; write the 40 hex digits in upper case, without blanks."


def tailnet_tag(value: Any) -> str | None:
    return None if _TAG.fullmatch(value) else "it is not a tag; write it as tag:fks."


def tailnet_operators(value: Any) -> str | None:
    if not value:
        return "it is empty, so nobody could deploy; write at least [autogroup:admin]."
    bad = next((name for name in value if not _SOURCE.fullmatch(str(name))), None)
    if bad is None:
        return None
    return (
        f"{bad!r} is not a source of a tailnet policy; write a user, group:x, autogroup:admin or "
        f"tag:ci."
    )


def join_timeout(value: Any) -> str | None:
    """At most the life of the key that a new server joins with."""
    if 60 <= value <= TAILNET_KEY_SECONDS:
        return None
    return f"it is out of range; write 60 to {TAILNET_KEY_SECONDS} seconds."


def email(value: Any) -> str | None:
    if not value or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return None
    return "it is not an e-mail address; write it as ops@example.org, or leave it out."


def dns_propagation_seconds(value: Any) -> str | None:
    return None if 0 <= value <= 240 else "it is out of range; write 0 to 240 seconds."


def image(value: Any) -> str | None:
    if re.fullmatch(r"(linode|private)/[A-Za-z0-9._-]+", value):
        return None
    return "it is not an image's id; write it as linode/debian13."


def timezone(value: Any) -> str | None:
    known = available_timezones()
    if _ZONE_NAME.fullmatch(value) and (value in known or not known):
        return None
    return f"it is not a time zone; {did_you_mean(value, sorted(known))[:200]}"


VALIDATORS: dict[str, Validator] = {
    "mode": one_of(MODES),
    "domain": domain,
    "zone": optional_domain,
    "extraNames": extra_names,
    "region": one_of(REGIONS),
    "image": image,
    "plan": plan,
    "generation": generation,
    "sshFrom": address_ranges,
    "deployVia": one_of(ROUTES),
    "deployPublicKey": public_key_error,
    "loginServer": server_url,
    "acmeServer": acme_directory,
    "caaIssuer": caa_issuer,
    "acmeEmail": email,
    "dnsPropagationSeconds": dns_propagation_seconds,
    "tailscaleKeyFingerprint": fingerprint,
    "tailnetTag": tailnet_tag,
    "tailnetOperators": tailnet_operators,
    "joinTimeout": join_timeout,
    "services": services,
    "registries": registries,
    "timezone": timezone,
}
