"""What Linode sells: plans with their list prices, regions, images."""

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]

_CATALOG: dict[str, list[Row]] = json.loads(
    Path(__file__).with_name("catalog.json").read_text(encoding="utf-8")
)


# Whose token it is; shown to every good one, whatever its scopes.
PROFILE: Row = {
    "username": "rehearsal",
    "email": "rehearsal@example.com",
    "timezone": "UTC",
    "email_notifications": True,
    "ip_whitelist_enabled": False,
    "lish_auth_method": "password_keys",
    "authorized_keys": None,
    "two_factor_auth": True,
    "restricted": False,
    "referrals": {"code": "", "url": "", "total": 0, "completed": 0, "pending": 0, "credit": 0.0},
    "authentication_type": "password",
    "uid": 1,
    "verified_phone_number": None,
}


def rows(kind: str) -> list[Row]:
    """All `types`, `regions` or `images`."""
    return _CATALOG[kind]


def find(kind: str, key: str) -> Row | None:
    """The row of that id, or None."""
    return next((row for row in rows(kind) if row["id"] == key), None)


def availability(region: Row) -> list[Row]:
    """What a region has of the plans that are scarce somewhere; of the others nothing is said."""
    there = "GPU Linodes" in region["capabilities"]
    scarce = [plan["id"] for plan in rows("types") if plan["class"] == "gpu"]
    return [{"region": region["id"], "plan": plan, "available": there} for plan in scarce]
