"""A Cloud Firewall as nftables rules for the network namespace of the server it protects.

The chains filter where the provider's network would: before address translation, so that ports
published by a nested Docker are filtered too, and only for the public address, so that the tailnet
is not.
"""

from collections.abc import Iterator, Mapping
from typing import Any

TABLE = "table inet cloud_firewall"
CLEAR = f"{TABLE}\ndelete {TABLE}\n"
_VERDICT = {"ACCEPT": "accept", "DROP": "drop"}


def script(address: str, rules: Mapping[str, Any]) -> str:
    """The ruleset for `nft -f`, for a server with this public address."""
    inbound = _chain("inbound", "prerouting priority -150", f"ip daddr {address}", "saddr", rules)
    outbound = _chain("outbound", "postrouting priority 300", f"ip saddr {address}", "daddr", rules)
    return f"{CLEAR}{TABLE} {{\n{inbound}{outbound}}}\n"


def _chain(way: str, hook: str, own: str, peer: str, rules: Mapping[str, Any]) -> str:
    lines = [
        f"type filter hook {hook}; policy accept;",
        own.replace("addr ", "addr != ") + " accept",
        "ct state established,related accept",
        *(line for rule in rules[way] for line in _rule(rule, peer)),
        _VERDICT[rules[f"{way}_policy"]],
    ]
    return "".join([f"  chain {way} {{\n", *(f"    {line}\n" for line in lines), "  }\n"])


def _rule(rule: Mapping[str, Any], peer: str) -> Iterator[str]:
    addresses = rule.get("addresses") or {}
    # A rule with IPv6 addresses only does not apply to IPv4, and the servers have no IPv6.
    if addresses.get("ipv6") and not addresses.get("ipv4"):
        return
    protocol = rule["protocol"].lower()
    ports = ", ".join(part.strip() for part in (rule.get("ports") or "").split(",") if part.strip())
    match = f"{protocol} dport {{ {ports} }}" if ports else f"meta l4proto {protocol}"
    for network in addresses.get("ipv4") or ["0.0.0.0/0"]:
        yield f"{match} ip {peer} {network} {_VERDICT[rule['action']]}"
