"""Linode's checks of a firewall's rules."""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from rehearsal.clouds.linode.errors import bad, not_modelled

Json = dict[str, Any]
MAX_RULES, MAX_ADDRESSES, MAX_PORTS = 25, 255, 15
VERDICTS = ("ACCEPT", "DROP")
_PORT = re.compile(r"\d+(-\d+)?")
_NETWORKS = {"ipv4": ipaddress.IPv4Network, "ipv6": ipaddress.IPv6Network}


def check(rules: Mapping[str, Any]) -> Json:
    """The rules as they are stored, or Linode's 400."""
    for policy in ("inbound_policy", "outbound_policy"):
        if rules.get(policy) not in VERDICTS:
            raise bad(f"rules.{policy}", "Must be one of ACCEPT, DROP")
    both = {way: rules.get(way) or [] for way in ("inbound", "outbound")}
    if sum(map(len, both.values())) > MAX_RULES:
        raise bad("rules", f"A firewall can have at most {MAX_RULES} rules")
    for way, many in both.items():
        for number, rule in enumerate(many):
            _check_rule(f"rules.{way}[{number}]", rule)
    policies = {key: rules[key] for key in ("inbound_policy", "outbound_policy")}
    return {**policies, **both, "version": 1, "fingerprint": "abcdef12"}


def check_label(label: Any, field: str = "label") -> None:
    """A firewall's or a rule's label."""
    if not isinstance(label, str) or not 3 <= len(label) <= 32:
        raise bad(field, "Length must be 3-32 characters")


def _check_rule(where: str, rule: Mapping[str, Any]) -> None:
    if rule.get("label"):
        check_label(rule["label"], f"{where}.label")
    if rule.get("action") not in VERDICTS:
        raise bad(f"{where}.action", "Must be one of ACCEPT, DROP")
    if rule.get("protocol") in ("ICMP", "IPENCAP"):
        raise not_modelled(f"protocol {rule['protocol']}")
    if rule.get("protocol") not in ("TCP", "UDP"):
        raise bad(f"{where}.protocol", "Must be one of TCP, UDP, ICMP, IPENCAP")
    _check_ports(f"{where}.ports", rule)
    addresses = rule.get("addresses") or {}
    pairs = [(family, text) for family in _NETWORKS for text in addresses.get(family) or []]
    if len(pairs) > MAX_ADDRESSES:
        raise bad(f"{where}.addresses", f"A rule can have at most {MAX_ADDRESSES} addresses")
    for family, text in pairs:
        _check_address(f"{where}.addresses.{family}", family, text)


def _check_ports(where: str, rule: Mapping[str, Any]) -> None:
    ports = [part.strip() for part in (rule.get("ports") or "").split(",") if part.strip()]
    if len(ports) > MAX_PORTS:
        raise bad(where, f"A rule can have at most {MAX_PORTS} ports")
    for port in ports:
        numbers = [int(n) for n in port.split("-")] if _PORT.fullmatch(port) else [0]
        if not all(1 <= n <= 65535 for n in numbers) or numbers != sorted(numbers):
            raise bad(where, f"{port} is not a port or a range of ports")


def _check_address(where: str, family: str, text: str) -> None:
    problem = bad(where, f"{text} is not a valid {family} network in CIDR notation")
    try:
        _NETWORKS[family](text, strict=False)
    except ValueError as error:
        raise problem from error
    if "/" not in text:
        raise problem
