"""Formats of the settings of the tailnet.

Rules: https://tailscale.com/docs/reference/syntax/policy-file
"""

import re
from typing import Any

from fks_infra.config.schema import did_you_mean
from fks_infra.limits import TAILNET_KEY_SECONDS

# The autogroups that may be a source of a rule; `members` is the former name of `member`.
_AUTOGROUPS = (
    "admin",
    "member",
    "members",
    "owner",
    "it-admin",
    "network-admin",
    "billing-admin",
    "auditor",
    "shared",
    "tagged",
    "danger-all",
)
_TAG = re.compile(r"tag:[A-Za-z][A-Za-z0-9-]*")
# Name, and for a group synchronised from an identity provider its domain.
_GROUP = re.compile(r"group:[^\s:@]+(?:@[^\s:@]+)?")
# A login name; `user:*@` before a domain for all users of it. headscale has names without a domain.
_USER = re.compile(r"[^\s:@]+@[^\s:@]*|user:\*@[^\s:@]+")


def fingerprint(value: Any) -> str | None:
    """The fingerprint of an OpenPGP key of version 4: 40 hex digits (RFC 4880, section 12.2)."""
    if re.fullmatch(r"[0-9A-F]{40}", value):
        return None
    return "it is not a fingerprint; write the 40 hex digits in upper case, without blanks."


def tailnet_tag(value: Any) -> str | None:
    """`tag:`, a letter, then letters, digits and dashes, as Tailscale's client checks it
    (tailcfg.CheckTag)."""
    return None if _TAG.fullmatch(value) else "it is not a tag; write it as tag:fks."


def tailnet_operators(value: Any) -> str | None:
    """Sources of a tailnet policy: users, groups, autogroups and tags."""
    if not value:
        return "it is empty, so nobody could deploy; write at least [autogroup:admin]."
    return next((error for name in value if (error := _source_error(str(name)))), None)


def join_timeout(value: Any) -> str | None:
    """At most the life of the key that a new server joins with."""
    if 60 <= value <= TAILNET_KEY_SECONDS:
        return None
    return f"it is out of range; write 60 to {TAILNET_KEY_SECONDS} seconds."


def _source_error(name: str) -> str | None:
    kind, _, rest = name.partition(":")
    if kind == "autogroup":
        known = rest in _AUTOGROUPS
        return None if known else f"{name!r} is no source; {did_you_mean(rest, [*_AUTOGROUPS])}"
    if any(pattern.fullmatch(name) for pattern in (_TAG, _GROUP, _USER)):
        return None
    return (
        f"{name!r} is not a source of a tailnet policy; write a user, group:x, autogroup:admin or "
        f"tag:ci."
    )
