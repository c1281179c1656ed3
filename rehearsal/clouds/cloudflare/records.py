"""One DNS record: how Cloudflare reads what is sent, and what it refuses."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.cloudflare import catalog
from rehearsal.clouds.cloudflare.errors import failed

Json = dict[str, Any]
FIELDS = ("name", "type", "content", "data", "ttl", "proxied", "priority", "comment", "tags")
PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
)
_LABEL = re.compile(r"(\*|[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)")


def full_name(name: str, zone: str) -> str:
    """A name as Cloudflare keeps it: lower case, complete, without a last dot."""
    short = name.strip().rstrip(".").lower()
    if short in ("", "@", zone):
        return zone
    return short if short.endswith("." + zone) else f"{short}.{zone}"


def read(wanted: Mapping[str, Any], zone: str) -> Json:
    """The record's fields, normalised, or Cloudflare's 400."""
    kind = wanted.get("type")
    if kind not in catalog.TYPES:
        raise failed(400, 9000, f"Invalid DNS record type {kind!r}.")
    record = {key: wanted[key] for key in FIELDS if key in wanted}
    record["name"] = _name(wanted, zone)
    record["content"] = _content(kind, wanted)
    record["ttl"] = _ttl(wanted.get("ttl", 1))
    record["proxied"] = _proxied(kind, wanted)
    if record["proxied"]:
        record["ttl"] = 1
    record["comment"] = wanted.get("comment") or None
    record["tags"] = list(wanted.get("tags") or [])
    record["settings"] = dict(wanted.get("settings") or {})
    record["proxiable"] = kind in catalog.PROXIABLE
    record["meta"] = {}
    return record


def _name(wanted: Mapping[str, Any], zone: str) -> str:
    if not wanted.get("name"):
        raise failed(400, 9000, "DNS name is invalid.")
    name = full_name(str(wanted["name"]), zone)
    if len(name) > 253 or not all(_LABEL.fullmatch(part) for part in name.split(".")):
        raise failed(400, 9000, "DNS name is invalid.")
    return name


def _content(kind: str, wanted: Mapping[str, Any]) -> str:
    if kind in catalog.WITH_DATA and wanted.get("data"):
        data = wanted["data"]
        if data.get("tag") not in ("issue", "issuewild", "iodef"):
            raise failed(400, 9108, "Tag for CAA record must be issue, issuewild or iodef.")
        return f'{int(data.get("flags", 0))} {data["tag"]} "{data["value"]}"'
    content = str(wanted.get("content") or "")
    if not content:
        raise failed(400, 9002, f"Content for {kind} record is required.")
    if kind in ("A", "AAAA"):
        return _address(kind, content)
    return content.rstrip(".").lower() if kind in ("CNAME", "MX", "NS") else content


def _address(kind: str, content: str) -> str:
    version = 4 if kind == "A" else 6
    try:
        address = ipaddress.ip_address(content)
    except ValueError:
        address = None
    if address is None or address.version != version:
        code = 9005 if version == 4 else 9006
        raise failed(400, code, f"Content for {kind} record must be a valid IPv{version} address.")
    return str(address)


def _ttl(ttl: Any) -> int:
    if ttl != 1 and not (isinstance(ttl, int | float) and 60 <= ttl <= 86400):
        raise failed(
            400, 9020, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic."
        )
    return int(ttl)


def _proxied(kind: str, wanted: Mapping[str, Any]) -> bool:
    proxied = bool(wanted.get("proxied"))
    if proxied and kind not in catalog.PROXIABLE:
        raise failed(400, 9004, "This record type cannot be proxied.")
    if proxied and kind == "A" and _is_private(str(wanted.get("content"))):
        raise failed(400, 9003, f"Target {wanted['content']} is not allowed for a proxied record.")
    return proxied


def _is_private(content: str) -> bool:
    return any(ipaddress.ip_address(content) in network for network in PRIVATE)
