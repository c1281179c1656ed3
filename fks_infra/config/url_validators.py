"""Formats of addresses of servers."""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from fks_infra.config.dns_names import ascii_form, is_domain

# What a URL may consist of beside letters and digits (RFC 3986), without quotes and brackets: the
# text stands in scripts of the first boot.
_URL = re.compile(r"[A-Za-z0-9:/._~%+=,@!*-]+")
# RFC 3986, section 3.4
_QUERY = re.compile(r"[A-Za-z0-9:/?._~%!$&'()*+,;=@-]+")


def server_url(value: Any) -> str | None:
    """The control server of `tailscale up --login-server`: https, a host, perhaps a port."""
    parts = _https(value)
    if parts and parts.path in ("", "/"):
        return None
    return _error(value, "it is not a server's address; write it as https://login.example.org.")


def acme_directory(value: Any) -> str | None:
    """The https URL of an ACME directory (RFC 8555, sections 6.1 and 7.1.1)."""
    if _https(value):
        return None
    return _error(
        value, "it is not an ACME directory; write it as https://acme.example.org/directory."
    )


def is_webhook(value: str) -> bool:
    """Whether it is an https URL, which may have a query; empty for none."""
    url, _, query = value.partition("?")
    return not value or bool(_https(url) and (not query or _QUERY.fullmatch(query)))


def _https(value: str) -> SplitResult | None:
    """The parts of an https URL without user, query and fragment; None for any other text."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    plain = _URL.fullmatch(value) and parts.scheme == "https" and "@" not in parts.netloc
    return parts if plain and port != 0 and _is_host(parts.hostname or "") else None


def _is_host(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return is_domain(text)


def _error(value: str, otherwise: str) -> str:
    """The error, which offers the ASCII form of the host if only that is missing."""
    scheme, separator, rest = value.partition("://")
    host = re.split("[:/]", rest, maxsplit=1)[0]
    form = f"{scheme}{separator}{ascii_form(host)}{rest[len(host) :]}"
    if form != value and _https(form):
        return f"its host has another form in the DNS; write {form}."
    return otherwise
