"""One DNS record: how Cloudflare reads a request, and which values it rejects."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.cloudflare import catalog
from rehearsal.clouds.cloudflare.errors import failed, not_modelled

Json = dict[str, Any]
FIELDS = ("name", "type", "content", "data", "ttl", "proxied", "comment", "tags", "settings")
# Cloudflare reaches an origin at a public address only (RFC 1918).
_PRIVATE = [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def read(body: Mapping[str, Any], zone: str) -> Json:
    """The record's fields as Cloudflare stores them, or its 400."""
    kind = body.get("type")
    if kind not in catalog.TYPES:
        raise not_modelled(f"{kind} records")
    for field in sorted(k for k, v in body.items() if v and k not in FIELDS):
        raise not_modelled(field)
    proxied, proxiable = bool(body.get("proxied")), kind in ("A", "AAAA", "CNAME")
    if proxied and not proxiable:
        raise failed(400, 9004, "This record type cannot be proxied.")
    record = {
        "name": _name(str(body.get("name") or ""), zone),
        "type": kind,
        "content": _content(kind, body, proxied=proxied),
        "ttl": 1 if proxied else _ttl(body.get("ttl", 1)),
        "proxied": proxied,
        "comment": body.get("comment") or None,
        "tags": list(body.get("tags") or []),
        "settings": dict(body.get("settings") or {}),
        "proxiable": proxiable,
        "meta": {},
    }
    return {**record, "data": body["data"]} if "data" in body else record


def _name(name: str, zone: str) -> str:
    """The name as it is stored: lower case, complete, without a final dot."""
    short = name.strip().rstrip(".").lower()
    if short in ("@", zone):
        return zone
    full = short if short.endswith("." + zone) else f"{short}.{zone}"
    if len(full) > 253 or not all(_LABEL.fullmatch(part) for part in full.split(".")):
        raise failed(400, 9000, "DNS name is invalid.")
    return full


def _content(kind: str, body: Mapping[str, Any], *, proxied: bool) -> str:
    content = str(body.get("content") or "")
    if kind == "CAA" and body.get("data"):
        data = body["data"]
        if data.get("tag") not in ("issue", "issuewild", "iodef"):
            raise failed(400, 9108, "Tag for CAA record must be issue, issuewild or iodef.")
        computed = f'{int(data.get("flags", 0))} {data["tag"]} "{data["value"]}"'
        # What Cloudflare makes of a contradiction is not known: a program must not depend on it.
        if content not in ("", computed):
            raise failed(400, 9207, f"content {content!r} contradicts data, which is {computed!r}.")
        return computed
    if not content:
        raise failed(400, 9002, f"Content for {kind} record is required.")
    if kind in ("A", "AAAA"):
        return _address(kind, content, proxied=proxied)
    return content.rstrip(".").lower() if kind == "CNAME" else content


def _address(kind: str, content: str, *, proxied: bool) -> str:
    version, code = (4, 9005) if kind == "A" else (6, 9006)
    try:
        address = ipaddress.ip_address(content)
    except ValueError:
        address = None
    if address is None or address.version != version:
        raise failed(400, code, f"Content for {kind} record must be a valid IPv{version} address.")
    if proxied and any(address in network for network in _PRIVATE):
        raise failed(400, 9003, f"Target {address} is not allowed for a proxied record.")
    return str(address)


def _ttl(ttl: Any) -> int:
    if ttl != 1 and not (isinstance(ttl, int | float) and 60 <= ttl <= 86400):
        text = "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic."
        raise failed(400, 9021, text)
    return int(ttl)
