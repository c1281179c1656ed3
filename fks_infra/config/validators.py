"""Formats and ranges of single settings. A validator returns an error text, or None.

Names in the DNS: name_validators.py, URLs: url_validators.py, the tailnet: tailnet_validators.py,
`fks:services`: service_validators.py, `fks:pin`: pin_validators.py, `fks:rotation`:
rotation_validators.py, rules across settings: cross_errors.py.
"""

import re
from collections.abc import Callable
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Any

from fks_infra.config.backup_errors import backup
from fks_infra.config.name_validators import (
    caa_issuer,
    domain,
    eab_key_id,
    email,
    extra_names,
    optional_domain,
)
from fks_infra.config.pin_validators import pin
from fks_infra.config.plans import MODES, SERVER_NAMES
from fks_infra.config.regions import REGIONS
from fks_infra.config.rotation_validators import rotation
from fks_infra.config.schema import did_you_mean
from fks_infra.config.service_validators import is_integer, registries, services
from fks_infra.config.ssh_keys import public_key_error
from fks_infra.config.tailnet_validators import (
    fingerprint,
    join_timeout,
    tailnet_operators,
    tailnet_tag,
)
from fks_infra.config.time_zones import time_zones
from fks_infra.config.url_validators import acme_directory, server_url

ROUTES: tuple[str, ...] = ("tailnet", "public")

MAX_RANGES = 255
PLAN_ID = r"[a-z0-9]+(?:-[a-z0-9]+)+"

Validator = Callable[[Any], str | None]


def one_of(known: tuple[str, ...]) -> Validator:
    """The value is one of `known`."""

    def validate(value: Any) -> str | None:
        return None if value in known else f"it is unknown; {did_you_mean(str(value), list(known))}"

    return validate


def address_ranges(value: Any) -> str | None:
    """Address ranges with a prefix length and without host bits.

    A rule of Linode's firewall has at most 255
    (https://techdocs.akamai.com/cloud-computing/docs/limits-on-cloud-firewalls).
    """
    for item in value:
        try:
            network = ip_network(item)
        except ValueError as error:
            return f"{item!r} is not an address range ({error}); write it as 198.51.100.7/32."
        if "/" not in str(item):
            return f"{item!r} has no prefix length; write {network}."
    if len(value) > MAX_RANGES:
        return f"they are {len(value)}, and a firewall rule has {MAX_RANGES}; join some of them."
    return None


def unknown_server(name: Any) -> str | None:
    """An error text for what is not the name of a server."""
    if name in SERVER_NAMES:
        return None
    return f"{name!r} is not a server; {did_you_mean(str(name), list(SERVER_NAMES))}"


def optional_mode(value: Any) -> str | None:
    return None if value == "" else one_of(MODES)(value)


def keep(value: Any) -> str | None:
    """Servers, each once; that they are of the other mode: keep_errors.py."""
    for server in value:
        if error := unknown_server(server):
            return error
        if value.count(server) > 1:
            return f"{server!r} occurs twice; leave one out."
    return None


def plan(value: Any) -> str | None:
    """Servers and the form of plan ids; whether Linode sells them: preflight/plan_list.py."""
    for server, plan_id in value.items():
        if error := unknown_server(server):
            return error
        if not re.fullmatch(PLAN_ID, str(plan_id)):
            return f"{plan_id!r} is not a plan's id; write it as g6-standard-2."
    return None


def generation(value: Any) -> str | None:
    for server, number in value.items():
        if error := unknown_server(server):
            return error
        if not is_integer(number) or number < 0:
            return f"{number!r} is not a generation; write a whole number, as 1."
    return None


def accept_data_loss(value: Any) -> str | None:
    return next(filter(None, map(unknown_server, value)), None)


def dns_propagation_seconds(value: Any) -> str | None:
    return None if 0 <= value <= 240 else "it is out of range; write 0 to 240 seconds."


def image(value: Any) -> str | None:
    if re.fullmatch(r"(linode|private)/[A-Za-z0-9._-]+", value):
        return None
    return "it is not an image's id; write it as linode/debian13."


def timezone(value: Any) -> str | None:
    if value in time_zones():
        return None
    near = get_close_matches(value, sorted(time_zones()), n=1)
    return f"it is not UTC or a current area and city; write it as {(*near, 'America/Toronto')[0]}."


VALIDATORS: dict[str, Validator] = {
    "mode": one_of(MODES),
    "keep": keep,
    "serve": optional_mode,
    "domain": domain,
    "zone": optional_domain,
    "extraNames": extra_names,
    "region": one_of(REGIONS),
    "image": image,
    "plan": plan,
    "generation": generation,
    "pin": pin,
    "rotation": rotation,
    "acceptDataLoss": accept_data_loss,
    "sshFrom": address_ranges,
    "deployVia": one_of(ROUTES),
    "deployPublicKey": public_key_error,
    "loginServer": server_url,
    "acmeServer": acme_directory,
    "acmeEabKeyId": eab_key_id,
    "caaIssuer": caa_issuer,
    "acmeEmail": email,
    "dnsPropagationSeconds": dns_propagation_seconds,
    "tailscaleKeyFingerprint": fingerprint,
    "nvidiaKeyFingerprint": fingerprint,
    "tailnetTag": tailnet_tag,
    "tailnetOperators": tailnet_operators,
    "joinTimeout": join_timeout,
    "services": services,
    "registries": registries,
    "backup": backup,
    "timezone": timezone,
}
