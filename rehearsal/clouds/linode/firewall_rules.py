"""What Linode refuses in a firewall's rules."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode.errors import bad

Json = dict[str, Any]
MAX_RULES, MAX_ADDRESSES, MAX_PORTS = 25, 255, 15
PROTOCOLS = ("TCP", "UDP", "ICMP", "IPENCAP")
_PORT = re.compile(r"\d+(-\d+)?")


def check(rules: Mapping[str, Any]) -> Json:
    """The rules as they will be stored, or Linode's 400."""
    for policy in ("inbound_policy", "outbound_policy"):
        if rules.get(policy) not in ("ACCEPT", "DROP"):
            raise bad(f"rules.{policy}", "Must be one of ACCEPT, DROP")
    inbound, outbound = rules.get("inbound") or [], rules.get("outbound") or []
    if len(inbound) + len(outbound) > MAX_RULES:
        raise bad("rules", f"A firewall can have at most {MAX_RULES} rules")
    for way, many in (("inbound", inbound), ("outbound", outbound)):
        for number, rule in enumerate(many):
            _rule(f"rules.{way}[{number}]", rule)
    return {
        "inbound_policy": rules["inbound_policy"],
        "outbound_policy": rules["outbound_policy"],
        "version": 1,
        "fingerprint": "abcdef12",
        "inbound": inbound,
        "outbound": outbound,
    }


def check_label(label: Any, field: str = "label") -> None:
    """A firewall's or a rule's label."""
    if not isinstance(label, str) or not 3 <= len(label) <= 32:
        raise bad(field, "Length must be 3-32 characters")


def _rule(where: str, rule: Mapping[str, Any]) -> None:
    if rule.get("label"):
        check_label(rule["label"], f"{where}.label")
    if rule.get("action") not in ("ACCEPT", "DROP"):
        raise bad(f"{where}.action", "Must be one of ACCEPT, DROP")
    if rule.get("protocol") not in PROTOCOLS:
        raise bad(f"{where}.protocol", f"Must be one of {', '.join(PROTOCOLS)}")
    _ports(where, rule)
    addresses = rule.get("addresses") or {}
    both = [(family, text) for family in ("ipv4", "ipv6") for text in addresses.get(family) or []]
    if len(both) > MAX_ADDRESSES:
        raise bad(f"{where}.addresses", f"A rule can have at most {MAX_ADDRESSES} addresses")
    for family, text in both:
        _address(f"{where}.addresses.{family}", family, text)


def _ports(where: str, rule: Mapping[str, Any]) -> None:
    ports = [part.strip() for part in (rule.get("ports") or "").split(",") if part.strip()]
    if ports and rule["protocol"] not in ("TCP", "UDP"):
        raise bad(f"{where}.ports", f"Ports are not allowed with {rule['protocol']}")
    if len(ports) > MAX_PORTS:
        raise bad(f"{where}.ports", f"A rule can have at most {MAX_PORTS} ports")
    for port in ports:
        numbers = [int(n) for n in port.split("-")] if _PORT.fullmatch(port) else [0]
        if not all(1 <= n <= 65535 for n in numbers) or numbers != sorted(numbers):
            raise bad(f"{where}.ports", f"{port} is not a port or a range of ports")


def _address(where: str, family: str, text: str) -> None:
    kind = ipaddress.IPv4Network if family == "ipv4" else ipaddress.IPv6Network
    try:
        kind(text, strict=False)
    except ValueError as wrong:
        raise bad(where, f"{text} is not a valid {family} network in CIDR notation") from wrong
    if "/" not in text:
        raise bad(where, f"{text} is not a valid {family} network in CIDR notation")
