"""Formats of the settings that have a name in the DNS."""

import re
from typing import Any

from fks_infra.config.dns_names import ascii_form, is_domain, is_label
from fks_infra.roles import ROLES

MAX_NAMES = 100
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"(?=.{{1,64}}$){_ATOM}(?:\.{_ATOM})*")


def domain(value: Any) -> str | None:
    """A name in the DNS with a top-level domain; an internationalised one in its ASCII form."""
    if is_domain(value):
        return None
    if is_domain(form := ascii_form(value)):
        return f"it has another form in the DNS; write {form}."
    return "it is not a domain name; write it in lower case without scheme or path, as example.org."


def optional_domain(value: Any) -> str | None:
    return domain(value) if value else None


def extra_names(value: Any) -> str | None:
    """Single DNS labels, none of which is a role's.

    With the domain they are the names of one certificate, which has at most 100
    (https://letsencrypt.org/docs/rate-limits/).
    """
    for label in value:
        if error := _label_error(label):
            return error
    if len(value) >= MAX_NAMES:
        return f"they are {len(value)}, and a certificate has {MAX_NAMES} names; leave some out."
    return "a label occurs twice; leave one out." if len(set(value)) < len(value) else None


def caa_issuer(value: Any) -> str | None:
    """An issuer's domain name (RFC 8659, section 4.2), without parameters."""
    if not value or is_domain(value):
        return None
    return "it is not an authority's name; write it alone and in lower case, as letsencrypt.org."


def eab_key_id(value: Any) -> str | None:
    """A text in ASCII (RFC 8555, section 7.3.4), which certbot reads from a configuration file."""
    if re.fullmatch(r"[A-Za-z0-9._~+/=:-]*", value):
        return None
    return "it is not a key id; write it as the authority shows it, without blanks and quotes."


def email(value: Any) -> str | None:
    """One address in ASCII as an ACME contact (RFC 8555, section 7.3).

    Local part: a dot-atom (RFC 5322, section 3.2.3) of at most 64 characters (RFC 5321, section
    4.5.3.1.1).
    """
    local, _, host = value.rpartition("@")
    if not value or (_LOCAL_PART.fullmatch(local) and is_domain(host.lower())):
        return None
    if _LOCAL_PART.fullmatch(local) and is_domain(form := ascii_form(host)):
        return f"its domain has another form in the DNS; write {local}@{form}."
    return "it is not an e-mail address; write it as ops@example.org, or leave it out."


def _label_error(label: Any) -> str | None:
    if label in (role.label for role in ROLES):
        return f"{label!r} is the name of a server; leave it out."
    if isinstance(label, str) and is_label(label):
        return None
    form = ascii_form(str(label))
    if form != str(label) and is_label(form):
        return f"{label!r} has another form in the DNS; write {form}."
    return f"{label!r} is not a DNS label; write only the part before the domain, as www."
