"""What a zone starts with, and which records there are."""

from hashlib import sha256
from typing import Any

NAME_SERVERS = ["alice.ns.cloudflare.com", "bob.ns.cloudflare.com"]
PROXIABLE = frozenset({"A", "AAAA", "CNAME"})
WITH_DATA = frozenset({"CAA"})
TYPES = frozenset({"A", "AAAA", "CNAME", "TXT", "MX", "NS", "CAA"})


def zone(name: str, moment: str) -> dict[str, Any]:
    """A zone on the free plan; its id comes from its name, so that it is always the same."""
    return {
        "id": sha256(f"zone {name}".encode()).hexdigest()[:32],
        "name": name,
        "status": "active",
        "paused": False,
        "type": "full",
        "development_mode": 0,
        "name_servers": NAME_SERVERS,
        "original_name_servers": None,
        "original_registrar": None,
        "original_dnshost": None,
        "created_on": moment,
        "modified_on": moment,
        "activated_on": moment,
        "cname_suffix": None,
        "vanity_name_servers": [],
        "vanity_name_servers_ips": None,
        "verification_key": None,
        "meta": {
            "step": 2,
            "custom_certificate_quota": 0,
            "page_rule_quota": 3,
            "phishing_detected": False,
            "cdn_only": False,
            "dns_only": False,
            "foundation_dns": False,
        },
        "owner": {"id": None, "type": "user", "email": None, "name": None},
        "account": {"id": sha256(b"account").hexdigest()[:32], "name": "Rehearsal"},
        "tenant": {"id": None, "name": None},
        "tenant_unit": {"id": None},
        "permissions": ["#zone:read", "#dns_records:read", "#dns_records:edit"],
        "plan": {
            "id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
            "name": "Free Website",
            "price": 0,
            "currency": "USD",
            "frequency": "",
            "is_subscribed": False,
            "can_subscribe": False,
            "legacy_id": "free",
            "legacy_discount": False,
            "externally_managed": False,
        },
    }
